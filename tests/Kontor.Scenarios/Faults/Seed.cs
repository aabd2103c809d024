using System.Globalization;

namespace Kontor.Scenarios.Faults;

/// <summary>What draws the schedules: the same seed draws the same points, passes and cards.</summary>
/// <remarks>What the system does between two points, it does in its own time; that no seed repeats.</remarks>
static class Seed
{
    const string Variable = "KONTOR_FAULT_SEED";

    /// <summary>The seed that is asked for, or the usual one.</summary>
    public static int Or(int usual) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } asked
            ? int.Parse(asked, CultureInfo.InvariantCulture)
            : usual;

    /// <summary>How to have the same schedule again; stands in every failure.</summary>
    public static string Again(int seed) => $"again with {Variable}={seed}";
}
