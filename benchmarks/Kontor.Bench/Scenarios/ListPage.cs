using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>A page of twenty products, somewhere in the list.</summary>
sealed class ListPage : IScenario
{
    const int Connections = 16;
    const int Pages = 50;
    const string First = "/api/v1/products?limit=20";

    public string Name => "listing";

    public string About => "a page of 20 products, against the same bytes";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var (shop, bare, shape) = (await bench.Shop(), await bench.Bare(), bench.Of(Connections));
        var requests = await Requests(shop, stop);
        var figures = await Visits.Run(
            shop.Url,
            shape,
            shop.Clocks,
            random => requests[random.Next(requests.Count)],
            stop
        );
        await bare.Keep(Name, await shop.Answer(First, stop), stop);
        return
        [
            new(Name, $"page of 20, {Connections} connections", figures)
            {
                Limits = [new("the same bytes, ready", await bare.Bytes(Name, shape, stop))],
            },
        ];
    }

    /// <summary>The first pages, found by walking from each to the next.</summary>
    static async Task<IReadOnlyList<byte[]>> Requests(Shop shop, CancellationToken stop)
    {
        var requests = new List<byte[]>();
        for (var path = First; requests.Count < Pages; )
        {
            requests.Add(Ask.Get(path));
            using var page = System.Text.Json.JsonDocument.Parse(await shop.Answer(path, stop));
            var next = page.RootElement.GetProperty("meta").GetProperty("next").GetString()!;
            path = $"{First}&after={Uri.EscapeDataString(next)}";
        }
        return requests;
    }
}
