using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>One product by its slug, drawn by chance: from memory, and past it.</summary>
sealed class ReadProduct : IScenario
{
    const int Connections = 16;

    // Another quantity is another address: nothing of it is kept yet, and the statement is the same.
    const int Quantities = 900_000;

    public string Name => "product";

    public string About => "a product by slug, cached against ready bytes and uncached against one raw query";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var (shop, bare, shape) = (await bench.Shop(), await bench.Bare(), bench.Of(Connections));
        var requests = Enumerable
            .Range(0, Goods.Count)
            .Select(n => Ask.Get($"/api/v1/products/{Goods.Slug(n)}"))
            .ToArray();
        await bare.Keep(Name, await shop.Answer($"/api/v1/products/{Goods.Slug(0)}", stop), stop);
        await Warm(shop.Url, requests, stop);
        var cached = await Visits.Run(
            shop.Url,
            shape,
            shop.Clocks,
            random => requests[random.Next(requests.Length)],
            stop
        );
        var bytes = await bare.Bytes(Name, shape, stop);
        var uncached = await Visits.Run(
            shop.Url,
            shape,
            shop.Clocks,
            random =>
                Ask.Get(
                    $"/api/v1/products/{Goods.Slug(random.Next(Goods.Count))}?quantity={2 + random.Next(Quantities)}"
                ),
            stop
        );
        var query = await bare.Query(shape, stop);
        return
        [
            new(Name, $"by slug, cached, {Connections} connections", cached)
            {
                Limits = [new("the same bytes, ready", bytes)],
                Goals =
                [
                    Goal.AtLeast("of the same bytes, ready", cached.Value / bytes.Value, 0.55),
                    .. Computing(cached, bytes),
                ],
            },
            new(Name, $"by slug, uncached, {Connections} connections", uncached)
            {
                Limits = [new("the same bytes, ready", bytes), new("one raw query", query)],
                Goals = [Goal.AtLeast("of one raw query", uncached.Value / query.Value, 0.6)],
            },
        ];
    }

    static IEnumerable<Goal> Computing(Figures cached, Figures bytes) =>
        (cached.ServerCpuUs, bytes.ServerCpuUs) is ({ } ours, { } bare)
            ? [Goal.AtMost("times the computing time of the bare endpoint", ours / bare, 2, "")]
            : [];

    /// <summary>Every address once, so that all are kept.</summary>
    static async Task Warm(Uri server, byte[][] requests, CancellationToken stop)
    {
        using var connection = await HttpConnection.Open(server, stop);
        foreach (var request in requests)
            (await connection.Send(request, stop)).Expect(200);
    }
}
