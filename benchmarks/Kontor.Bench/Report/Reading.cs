using System.Text.Json.Serialization;
using Kontor.Bench.Load;

namespace Kontor.Bench.Report;

/// <summary>What one measurement said.</summary>
/// <param name="Value">In <paramref name="Unit"/>: mostly operations per second.</param>
/// <param name="ServerCpuUs">Computing time of the server process for one operation.</param>
/// <param name="DatabaseCpuUs">Likewise of its PostgreSQL, all its processes.</param>
/// <param name="Count">Operations that were counted.</param>
sealed record Figures(
    double Value,
    string Unit = "/s",
    double? P50Ms = null,
    double? P95Ms = null,
    double? P99Ms = null,
    double? ServerCpuUs = null,
    double? DatabaseCpuUs = null,
    long? Count = null
)
{
    public static Figures Rate(Latencies durations, double seconds) =>
        new(
            durations.Count / seconds,
            "/s",
            durations.Ms(0.5),
            durations.Ms(0.95),
            durations.Ms(0.99),
            Count: durations.Count
        );
}

/// <summary>What the same machine can do at most at something like it, measured in the same run.</summary>
sealed record Limit(string Name, Figures Figures);

/// <summary>What was promised, and whether it was kept in this run.</summary>
sealed record Goal(string Text, bool Met)
{
    public static Goal AtLeast(string what, double reached, double wanted, string unit = "") =>
        new(string.Create(null, $"{what} ≥ {wanted:0.##}{unit}"), reached >= wanted);

    public static Goal AtMost(string what, double reached, double wanted, string unit) =>
        new(string.Create(null, $"{what} ≤ {wanted:0.##}{unit}"), reached <= wanted);

    /// <summary>A p99 stated anywhere means: at most that, or three times the p99 of the bare endpoint in the same run.</summary>
    public static Goal P99(double reachedMs, double wantedMs, double bareMs) =>
        AtMost("p99", reachedMs, Math.Max(wantedMs, 3 * bareMs), " ms");
}

/// <summary>One line of the report: something measured, beside its limits.</summary>
sealed record Reading(string Scenario, string Name, Figures Figures)
{
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    public IReadOnlyList<Goal> Goals { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>False where the two are of different kinds, and one by the other says nothing.</summary>
    [JsonIgnore]
    public bool HasRatio { get; init; } = true;

    /// <summary>Measured by limit, in the order of the limits.</summary>
    public IReadOnlyList<double?> Ratios =>
        [.. Limits.Select(limit => HasRatio ? Figures.Value / limit.Figures.Value : (double?)null)];
}
