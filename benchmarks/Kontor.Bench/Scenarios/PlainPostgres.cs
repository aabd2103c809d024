using Kontor.Bench.Limits;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>What PostgreSQL does here on its own: the measure that other reports of other machines can be held against.</summary>
sealed class PlainPostgres : IScenario
{
    const int Scale = 10;

    public string Name => "pgbench";

    public string About => "PostgreSQL's own benchmark, select-only and tpcb-like: limits, nothing of Kontor";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var pgbench = await PgBench.Find(bench);
        var cluster = await bench.Cluster();
        var database = await cluster.NewEmpty("bench_plain", stop);
        await pgbench.MakeTables(cluster, database, Scale);
        return
        [
            new(Name, "select-only, 8 clients", await pgbench.Measure(cluster, database, 8, "-S")),
            new(Name, "tpcb-like, 8 clients", await pgbench.Measure(cluster, database, 8)),
            new(Name, "tpcb-like, 16 clients", await pgbench.Measure(cluster, database, 16)),
        ];
    }
}
