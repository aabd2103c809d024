using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>One product by its slug, drawn by chance.</summary>
sealed class ReadProduct : IScenario
{
    const int Connections = 16;

    public string Name => "product";

    public string About => "a product by slug, against ready bytes and against one raw query";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var (shop, bare, shape) = (await bench.Shop(), await bench.Bare(), bench.Of(Connections));
        var requests = Enumerable
            .Range(0, Goods.Count)
            .Select(n => Ask.Get($"/api/v1/products/{Goods.Slug(n)}"))
            .ToArray();
        var figures = await Visits.Run(
            shop.Url,
            shape,
            shop.Clocks,
            random => requests[random.Next(requests.Length)],
            stop
        );
        await bare.Keep(Name, await shop.Answer($"/api/v1/products/{Goods.Slug(0)}", stop), stop);
        var query = await bare.Query(shape, stop);
        return
        [
            new(Name, $"by slug, {Connections} connections", figures)
            {
                Limits =
                [
                    new("the same bytes, ready", await bare.Bytes(Name, shape, stop)),
                    new("one raw query", query),
                ],
                Goals = [Goal.AtLeast("of one raw query", figures.Value / query.Value, 0.6)],
            },
        ];
    }
}
