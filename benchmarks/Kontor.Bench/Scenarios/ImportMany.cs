using System.Diagnostics;
using System.Text.Json;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>A million rows through <c>kontor import</c>: what memory it takes, and whether it slows down.</summary>
sealed class ImportMany : IScenario
{
    const int Rows = 1_000_000;
    const double MostMegabytes = 400;

    public string Name => "import-1m";

    public string About => "a million rows through kontor import: resident memory, rows/s";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_import_1m", stop);
        var (feed, map) = await Goods.Write(bench.Scratch, 0, Rows, stop);
        var begun = Stopwatch.GetTimestamp();
        var (report, megabytes) = await RunningProgram.Watch(
            Workbench.Kontor,
            ["import", feed, "--map", map, "--yes", "--data", bench.Scratch, "--json"],
            cluster.Settings(database),
            stop
        );
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        using var said = JsonDocument.Parse(report);
        var created = said.RootElement.GetProperty("counts").GetProperty("loaded").GetProperty("created").GetInt32();
        return created == Rows
            ?
            [
                new(Name, "resident memory at its highest", new(megabytes, "MB", Count: Rows))
                {
                    Goals = [Goal.AtMost("resident", megabytes, MostMegabytes, " MB")],
                },
                new(Name, "all rows new", new(Rows / took, "rows/s", Count: Rows)),
            ]
            : throw new InvalidOperationException($"{created} rows were created, not {Rows}: {report}");
    }
}
