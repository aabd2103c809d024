using System.Globalization;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Limits;

/// <summary>What PostgreSQL has to do for one checkout, without Kontor: <c>benchmarks/checkout.sql</c> by pgbench.</summary>
static class CheckoutScript
{
    /// <summary>Every checkout takes goods of its own.</summary>
    public const int Spread = 10_000;

    /// <summary>Every checkout takes the same goods.</summary>
    public const int Hot = 1;

    const int CartsPerSecond = 250;

    /// <param name="variants">How many different goods are bought.</param>
    public static async Task<Figures> Measure(Workbench bench, int clients, int variants)
    {
        var pgbench = await PgBench.Find(bench);
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_checkout", bench.Stop);
        // Of each client, since a cart is paid once and pgbench's clients know nothing of each other.
        var carts = (int)Math.Ceiling(bench.Length.TotalSeconds + 1) * CartsPerSecond;
        var seed = await File.ReadAllTextAsync(Path.Combine(Folder, "checkout-seed.sql"), bench.Stop);
        await cluster.Execute(
            database,
            seed.Replace(":variants", Text(Spread), StringComparison.Ordinal)
                .Replace(":carts", Text(carts * clients), StringComparison.Ordinal),
            bench.Stop
        );
        await cluster.Execute(database, "vacuum analyze", bench.Stop);
        await cluster.Execute(database, "checkpoint", bench.Stop);
        string[] variables = ["-D", $"variants={Text(variants)}", "-D", $"carts={Text(carts)}", "-D", "nth=0"];
        return await pgbench.Measure(
            cluster,
            database,
            clients,
            ["-f", Path.Combine(Folder, "checkout.sql"), .. variables]
        );
    }

    /// <summary>The script's own statements, one each: those that are not pgbench's.</summary>
    public static async Task<IReadOnlyList<string>> Statements(CancellationToken stop) =>
        [
            .. string.Join(
                    '\n',
                    (await File.ReadAllLinesAsync(Path.Combine(Folder, "checkout.sql"), stop)).Where(line =>
                        !line.StartsWith('\\') && !line.StartsWith("--", StringComparison.Ordinal)
                    )
                )
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];

    static string Folder => Path.Combine(Workbench.Root, "benchmarks");

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
