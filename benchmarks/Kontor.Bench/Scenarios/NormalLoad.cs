using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>The shop on an ordinary day: 50 requests a second, 85 % catalogue, 10 % cart, 5 % checkout.</summary>
sealed class NormalLoad : IScenario
{
    const double PerSecond = 50;
    const int Connections = 32;
    const int OpenCarts = 50;
    const int Cycle = 20;
    static readonly TimeSpan Least = TimeSpan.FromSeconds(4);

    public string Name => "normal";

    public string About => "50 requests/s by the clock (85 % catalogue, 10 % cart, 5 % checkout), against ready bytes";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var (shop, bare) = (await bench.Shop(), await bench.Bare());
        var length = bench.Length > Least ? bench.Length * 4 : Least;
        using var kontor = await ConnectionPool.Open(shop.Url, Connections, stop);
        var plan = await Plan(shop, kontor, (int)(PerSecond * length.TotalSeconds), stop);
        var kinds = await OpenLoop.Run(
            PerSecond,
            length,
            (n, asked) =>
                kontor.Use(
                    async connection =>
                    {
                        var answer = await connection.Send(plan[n].Request, asked);
                        answer.Expect(plan[n].Kind == "checkout" ? 201 : 200);
                        return plan[n].Kind;
                    },
                    asked
                ),
            stop
        );
        var limit = new Limit("ready bytes, the same rate", await Bare(bare, length, stop));
        return
        [
            .. kinds
                .OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => new Reading(Name, kind.Key, Figures.Rate(kind.Value, length.TotalSeconds))
                {
                    Limits = [limit],
                    HasRatio = false, // Of a rate that is given.
                    Goals = [Goal.AtMost("p95", kind.Value.Ms(0.95)!.Value, 200, " ms")],
                }),
        ];
    }

    static async Task<Figures> Bare(Limits.BareProcess bare, TimeSpan length, CancellationToken stop)
    {
        await bare.Keep("normal", new byte[1024], stop);
        using var pool = await ConnectionPool.Open(bare.Url, Connections, stop);
        var request = Ask.Get("/bytes/normal");
        var kinds = await OpenLoop.Run(
            PerSecond,
            length,
            (_, asked) =>
                pool.Use(
                    async connection =>
                    {
                        (await connection.Send(request, asked)).Expect(200);
                        return "bytes";
                    },
                    asked
                ),
            stop
        );
        return Figures.Rate(kinds["bytes"], length.TotalSeconds);
    }

    /// <summary>Every request of the run, made before it: of twenty, seventeen look, two fill a cart, one pays.</summary>
    static async Task<IReadOnlyList<(string Kind, byte[] Request)>> Plan(
        Shop shop,
        ConnectionPool pool,
        int count,
        CancellationToken stop
    )
    {
        var random = new Random(1);
        var paid = await Shoppers.Fill(shop.Url, count / Cycle + 1, n => [n, n + 1], stop);
        var open = new List<(string Id, string Token)>();
        for (var n = 0; n < OpenCarts; n++)
            open.Add(await pool.Use(connection => Shoppers.Enter(connection, stop), stop));
        return [.. Enumerable.Range(0, count).Select(One)];

        (string, byte[]) One(int n) =>
            (n % Cycle) switch
            {
                0 when paid.TryDequeue(out var cart) => ("checkout", cart.Checkout()),
                5 or 15 => ("cart", AddTo(open[random.Next(open.Count)])),
                2 or 12 => ("catalogue", Ask.Get("/api/v1/products?limit=20")),
                7 or 10 or 17 => ("catalogue", Ask.Get(SearchGoods.Path(random))),
                _ => ("catalogue", Ask.Get($"/api/v1/products/{Goods.Slug(random.Next(Goods.Count))}")),
            };

        byte[] AddTo((string Id, string Token) cart) => Shoppers.AddLine(cart.Id, cart.Token, random.Next(10));
    }
}
