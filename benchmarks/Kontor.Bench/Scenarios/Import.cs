using System.Diagnostics;
using Kontor.Bench.Limits;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Npgsql;

namespace Kontor.Bench.Scenarios;

/// <summary>A feed through <c>kontor import</c>: every row new, then every row as it stands.</summary>
sealed class Import : IScenario
{
    const int Rows = 20_000;

    public string Name => "import";

    public string About => "rows/s of kontor import, against COPY and merge of the same rows";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_import", stop);
        await cluster.Execute(database, CopyAndMerge.Tables, stop);
        await using var plain = NpgsqlDataSource.Create(cluster.Owner(database));
        var (feed, map) = await Goods.Write(bench.Scratch, 0, Rows, stop);
        var settings = cluster.Settings(database);
        var created = await Measure(bench, settings, feed, map, "created", stop);
        var unchanged = await Measure(bench, settings, feed, map, "unchanged", stop);
        return
        [
            new(Name, "all rows new, start of the program included", created)
            {
                Limits = [new("COPY and merge, all new", await CopyAndMerge.Run(plain, Rows, stop))],
            },
            new(Name, "no row changed, start of the program included", unchanged)
            {
                Limits = [new("COPY and merge, none changed", await CopyAndMerge.Run(plain, Rows, stop))],
            },
        ];
    }

    static async Task<Figures> Measure(
        Workbench bench,
        IReadOnlyDictionary<string, string> settings,
        string feed,
        string map,
        string expected,
        CancellationToken stop
    )
    {
        var begun = Stopwatch.GetTimestamp();
        var report = await RunningProgram.Finish(
            Workbench.Kontor,
            ["import", feed, "--map", map, "--yes", "--data", bench.Scratch, "--json"],
            settings,
            stop
        );
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        using var said = System.Text.Json.JsonDocument.Parse(report);
        var counted = said.RootElement.GetProperty("counts").GetProperty("loaded").GetProperty(expected).GetInt32();
        return counted == Rows
            ? new(Rows / took, "rows/s", Count: Rows)
            : throw new InvalidOperationException($"{counted} rows were {expected}, not {Rows}: {report}");
    }
}
