using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Kontor.Kernel;
using Kontor.Platform;

namespace Kontor.Host.Serving;

/// <summary>Makes faults happen at named points, for rehearsals and tests: <c>Faults:Points</c>, nothing unless set.</summary>
/// <remarks>
/// <c>point=fault[@n]</c>, separated by commas; <c>@n</c> is the n-th pass (the first unless said). Faults: <c>kill</c>
/// ends the process as the power going would; <c>fail</c> throws; <c>pause:ms</c> stands still. <c>Faults:Seen</c> names
/// a file that gets the name of every point at its first pass.
/// </remarks>
sealed partial class ArmedFaults
{
    readonly ConcurrentDictionary<string, int> passes = new(StringComparer.Ordinal);
    readonly Dictionary<string, Fault> faults = new(StringComparer.Ordinal);
    readonly Lock writing = new();
    readonly string? seen;

    ArmedFaults(string points, string? seen)
    {
        this.seen = seen;
        foreach (
            var written in points.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
        {
            var (point, fault) = Read(written);
            faults[point] = fault;
        }
    }

    /// <summary>Arms what is configured; says so in the log, for nobody should run a shop so unknowingly.</summary>
    /// <exception cref="MisconfiguredException">The list cannot be read.</exception>
    public static void Arm(IConfiguration configuration, ILogger log)
    {
        var (points, seen) = (configuration["Faults:Points"], configuration["Faults:Seen"]);
        if (points is null && seen is null)
            return;
        FaultPoint.Arm(new ArmedFaults(points ?? "", seen).Pass);
        LogArmed(log, points);
    }

    void Pass(string point)
    {
        var pass = passes.AddOrUpdate(point, 1, (_, before) => before + 1);
        if (pass == 1 && seen is not null)
            lock (writing)
                File.AppendAllText(seen, point + "\n");
        if (faults.TryGetValue(point, out var fault) && fault.Pass == pass)
            Happen(point, fault);
    }

    static void Happen(string point, Fault fault)
    {
        switch (fault.Kind)
        {
            case "kill":
                using (var self = Process.GetCurrentProcess())
                    self.Kill();
                Stand(Timeout.Infinite); // The signal is on its way; nothing after this point may happen.
                break;
            case "fail":
                throw new IOException($"A fault was made to happen at {point}.");
            default:
                Stand(fault.Milliseconds);
                break;
        }
    }

    static void Stand(int milliseconds)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(milliseconds);
    }

    static (string Point, Fault Fault) Read(string written)
    {
        var (point, rest) = Halves(written, '=');
        var (kind, pass) = Halves(rest, '@');
        var (name, milliseconds) = Halves(kind, ':');
        var isRead =
            int.TryParse(pass ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            & int.TryParse(milliseconds ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var ms);
        return isRead && name is "kill" or "fail" or "pause"
            ? (point!, new(name, ms, n))
            : throw new MisconfiguredException(
                $"Faults:Points has '{written}'; it must be point=kill, point=fail or point=pause:ms, each with @n or without."
            );
    }

    static (string? Left, string? Right) Halves(string? text, char at) =>
        text?.Split(at, 2) switch
        {
            [var left, var right] => (left, right),
            [var whole] => (whole, null),
            _ => (null, null),
        };

    [LoggerMessage(3001, LogLevel.Warning, "Faults are armed: {Points}")]
    static partial void LogArmed(ILogger log, string? points);

    sealed record Fault(string Kind, int Milliseconds, int Pass);
}
