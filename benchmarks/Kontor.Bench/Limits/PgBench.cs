using System.Globalization;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Platform.Postgres;
using Npgsql;

namespace Kontor.Bench.Limits;

/// <summary>PostgreSQL's own benchmark, which is in its package but not always beside its server programs.</summary>
sealed class PgBench
{
    const int MicrosecondsColumn = 2;

    readonly string program;
    readonly Workbench bench;

    PgBench(string program, Workbench bench) => (this.program, this.bench) = (program, bench);

    /// <exception cref="NotHereException">There is none on this machine.</exception>
    public static async Task<PgBench> Find(Workbench bench)
    {
        var binaries = await PostgresBinaries.Find(null, null, bench.Stop);
        var path = binaries?.PathOf("pgbench");
        return path is not null && File.Exists(path)
            ? new(path, bench)
            : throw new NotHereException($"there is no pgbench in {binaries?.Folder ?? "any folder of PostgreSQL"}");
    }

    /// <summary>Makes its own tables: 100,000 accounts for each of the scale.</summary>
    public async Task MakeTables(Cluster cluster, string database, int scale) =>
        await Run(cluster, database, ["-i", "-q", "-s", Text(scale)]);

    /// <summary>Runs a script for the length of one measurement, each transaction timed.</summary>
    /// <param name="what">What to run: <c>-S</c>, or <c>-f</c> with a file and its variables.</param>
    public async Task<Figures> Measure(Cluster cluster, string database, int clients, params string[] what)
    {
        var prefix = Path.Combine(bench.Scratch, $"pgbench-{database}");
        string[] how = ["-n", "-M", "prepared", "-c", Text(clients), "-j", "2", "-l", $"--log-prefix={prefix}"];
        var before = cluster.Clock.Seconds();
        var said = await Run(cluster, database, [.. how, "-T", Text(Seconds), .. what]);
        var computed = cluster.Clock.Seconds() - before;
        var durations = await Take(prefix);
        if (Failed(said) is { } failed)
            throw new InvalidOperationException($"pgbench {string.Join(' ', what)}: {failed}");
        return Figures.Rate(durations, Seconds) with { DatabaseCpuUs = computed / durations.Count * 1e6 };
    }

    /// <summary>Transactions cut off at the end do not count, but their time does; so it runs a little longer.</summary>
    int Seconds => (int)Math.Ceiling(bench.Length.TotalSeconds);

    async Task<string> Run(Cluster cluster, string database, string[] arguments)
    {
        var where = new NpgsqlConnectionStringBuilder(cluster.Owner(database));
        var (code, said) = await ChildProcess.Try(
            program,
            ["-h", where.Host!, "-U", where.Username!, .. arguments, database],
            null,
            bench.Stop
        );
        return code == 0
            ? said
            : throw new InvalidOperationException($"pgbench {string.Join(' ', arguments)} failed: {said}");
    }

    /// <summary>client, transaction, microseconds, script, second, microsecond.</summary>
    static async Task<Latencies> Take(string prefix)
    {
        var all = new Latencies();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(prefix)!, $"{Path.GetFileName(prefix)}*"))
        {
            await foreach (var line in File.ReadLinesAsync(file))
                if (long.TryParse(line.Split(' ')[MicrosecondsColumn], CultureInfo.InvariantCulture, out var took))
                    all.Add(took * (System.Diagnostics.Stopwatch.Frequency / 1_000_000));
            File.Delete(file);
        }
        return all;
    }

    static string? Failed(string said) =>
        said.Split('\n')
            .FirstOrDefault(line =>
                line.StartsWith("number of failed transactions:", StringComparison.Ordinal)
                && !line.StartsWith("number of failed transactions: 0 ", StringComparison.Ordinal)
            );

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Something that a scenario needs is not on this machine: it is skipped, with the reason.</summary>
sealed class NotHereException(string reason) : Exception(reason);
