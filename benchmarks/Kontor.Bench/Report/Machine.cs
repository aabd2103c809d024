using System.Globalization;
using System.Runtime.InteropServices;
using Kontor.Bench.Rig;
using Kontor.Platform.Postgres;

namespace Kontor.Bench.Report;

/// <summary>What the figures were measured on.</summary>
/// <param name="LoadAverage">Of the minute before the run: what neighbours took; null where the system does not say.</param>
sealed record Machine(int Cores, string Cpu, string Os, string Runtime, string Postgres, double? LoadAverage)
{
    public static async Task<Machine> Look(CancellationToken stop) =>
        new(
            Environment.ProcessorCount,
            CpuName(),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            await PostgresVersion(stop),
            LoadNow()
        );

    /// <summary>What git says of the checkout, with "+" where files were changed since.</summary>
    public static async Task<string> Commit(CancellationToken stop)
    {
        var (code, commit) = await ChildProcess.Try("git", ["-C", Workbench.Root, "rev-parse", "HEAD"], null, stop);
        if (code != 0)
            return "unknown";
        var (_, changed) = await ChildProcess.Try("git", ["-C", Workbench.Root, "status", "--porcelain"], null, stop);
        return changed.Length == 0 ? commit : $"{commit}+";
    }

    static async Task<string> PostgresVersion(CancellationToken stop) =>
        await PostgresBinaries.Find(null, null, stop) is { } found
            ? (await ChildProcess.Try(found.PathOf("postgres"), ["--version"], null, stop)).Output
            : "none";

    static string CpuName() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    static double? LoadNow() =>
        File.Exists("/proc/loadavg")
            ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
            : null;
}

/// <summary>A whole run.</summary>
/// <param name="Seconds">Length of one measurement.</param>
sealed record Results(
    DateTimeOffset Date,
    string Commit,
    Machine Machine,
    double Seconds,
    IReadOnlyList<Reading> Readings
)
{
    /// <summary>What could not be measured on this machine, and why.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>What failed while it was measured. A missed goal is no failure.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];
}
