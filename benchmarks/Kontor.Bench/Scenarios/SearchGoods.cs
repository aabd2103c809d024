using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>Words that find some tens or some hundreds of the goods; a page of twenty.</summary>
sealed class SearchGoods : IScenario
{
    const int Connections = 16;
    const int Queries = 200;

    public string Name => "search";

    public string About => "words that match 10 to 700 goods, against the same bytes";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var (shop, bare, shape) = (await bench.Shop(), await bench.Bare(), bench.Of(Connections));
        var words = new Random(1);
        var paths = Enumerable.Range(0, Queries).Select(_ => Path(words)).ToArray();
        var requests = paths.Select(Ask.Get).ToArray();
        var figures = await Visits.Run(
            shop.Url,
            shape,
            shop.Clocks,
            random => requests[random.Next(requests.Length)],
            stop
        );
        await bare.Keep(Name, await shop.Answer(paths[0], stop), stop);
        return
        [
            new(Name, $"page of 20, {Connections} connections", figures)
            {
                Limits = [new("the same bytes, ready", await bare.Bytes(Name, shape, stop))],
            },
        ];
    }

    public static string Path(Random random) => $"/api/v1/search?q={Goods.Query(random)}&limit=20";
}
