using System.Collections.Concurrent;
using System.Globalization;
using Kontor.Bench.Limits;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>The whole checkout of a cart of two goods, paid at once, against its own statements run by pgbench.</summary>
sealed class Checkout : IScenario
{
    const int Connections = 16;

    public string Name => "checkout";

    public string About =>
        "carts of two goods paid with tok_approve, against the same statements and commits by pgbench";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var shop = await bench.Shop();
        var random = new Random(1);
        var carts = await Fill(bench, shop, _ => Two(random), stop);
        var figures = await Pay(shop, carts, bench.Of(Connections), stop);
        var statements = await Statements(shop, stop);
        var limit = await CheckoutScript.Measure(bench, Connections, CheckoutScript.Spread);
        var bareMs = await bench.BareP99(Connections);
        return
        [
            new(Name, $"two goods, {Connections} connections", figures)
            {
                Limits = [new("the same statements and commits by pgbench", limit)],
                Goals =
                [
                    Goal.AtLeast("of pgbench", figures.Value / limit.Value, 0.5),
                    Goal.P99(figures.P99Ms!.Value, 60, bareMs),
                ],
                Notes =
                [
                    string.Create(CultureInfo.InvariantCulture, $"p99 of the bare endpoint: {bareMs:0.0} ms"),
                    $"one checkout now: {Count(statements)}",
                    $"checkout.sql: {Count(await CheckoutScript.Statements(stop))}",
                ],
            },
        ];
    }

    /// <summary>What one checkout asks of PostgreSQL now, kept beside the build for whoever brings checkout.sql up to date.</summary>
    static async Task<IReadOnlyList<string>> Statements(Shop shop, CancellationToken stop)
    {
        using var connection = await HttpConnection.Open(shop.Url, stop);
        var cart = await Shoppers.FillOne(connection, [1, 2], stop);
        var statements = await StatementLog.Record(
            shop,
            async () => (await connection.Send(cart.Checkout(), stop)).Expect(201),
            stop
        );
        await File.WriteAllLinesAsync(
            Path.Combine(Workbench.Root, "artifacts", "checkout-statements.log"),
            statements,
            stop
        );
        return statements;
    }

    static string Count(IReadOnlyList<string> all)
    {
        var resets = all.Count(one => Says(one, StatementLog.Reset));
        var commits = all.Count(one => one.EndsWith("commit", StringComparison.OrdinalIgnoreCase));
        var begins = all.Count(one => Says(one, "begin") && one.Length < LongestBegin);
        var more = resets > 0 ? $", and {resets} resets of pooled connections" : "";
        return $"{all.Count - resets - commits - begins} statements and {commits} explicit commits{more}";
    }

    const int LongestBegin = 100;

    static bool Says(string statement, string words) => statement.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>More than can be paid in one measurement.</summary>
    public static Task<ConcurrentQueue<ReadyCart>> Fill(
        Workbench bench,
        Shop shop,
        Func<int, int[]> pick,
        CancellationToken stop
    )
    {
        const int AtMostPerSecond = 700;
        var count = (int)((bench.WarmUp + bench.Length).TotalSeconds * AtMostPerSecond);
        Workbench.Say($"Filling {count:N0} carts …");
        return Shoppers.Fill(shop.Url, count, pick, stop);
    }

    /// <summary>Pays cart after cart; ends early when none is left.</summary>
    public static Task<Figures> Pay(Shop shop, ConcurrentQueue<ReadyCart> carts, Shape shape, CancellationToken stop) =>
        ClosedLoop.Run(
            shape,
            shop.Clocks,
            async (_, begun) =>
            {
                var connection = await HttpConnection.Open(shop.Url, begun);
                return async asked =>
                {
                    if (!carts.TryDequeue(out var cart))
                    {
                        connection.Dispose();
                        return false;
                    }
                    (await connection.Send(cart.Checkout(), asked)).Expect(201);
                    return true;
                };
            },
            stop
        );

    static int[] Two(Random random)
    {
        lock (random)
        {
            var first = random.Next(Goods.Count);
            return [first, (first + 1 + random.Next(Goods.Count - 1)) % Goods.Count];
        }
    }
}
