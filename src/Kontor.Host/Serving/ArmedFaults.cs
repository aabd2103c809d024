using System.Diagnostics;
using System.Globalization;
using Kontor.Kernel;
using Kontor.Platform;

namespace Kontor.Host.Serving;

/// <summary>Makes faults happen at named points, for rehearsals and tests: <c>Faults:Points</c>, nothing unless set.</summary>
/// <remarks>
/// <c>point=fault[@n]</c>, separated by commas; <c>@n</c> is the n-th pass (the first unless said). Faults: <c>kill</c>
/// ends the process as the power going would; <c>fail</c> throws; <c>pause:ms</c> stands still. <c>Faults:File</c> names a
/// file with such a list, which is looked at at every pass: whoever writes another list there arms a process that runs,
/// and the passes are counted anew. <c>Faults:Seen</c> names a file that gets the name of every point at every pass.
/// </remarks>
sealed partial class ArmedFaults
{
    readonly Dictionary<string, int> passes = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    readonly string? file;
    readonly string? seen;
    string list;
    Dictionary<string, Fault> faults;

    ArmedFaults(string points, string? file, string? seen)
    {
        (list, this.file, this.seen) = (points, file, seen);
        faults = ReadAll(points);
    }

    /// <summary>Arms what is configured; says so in the log, for nobody should run a shop so unknowingly.</summary>
    /// <exception cref="MisconfiguredException">The list cannot be read.</exception>
    public static void Arm(IConfiguration configuration, ILogger log)
    {
        var section = configuration.GetSection("Faults");
        var (points, file, seen) = (section["Points"], section["File"], section["Seen"]);
        if (points is null && file is null && seen is null)
            return;
        FaultPoint.Arm(new ArmedFaults(points ?? "", file, seen).Pass);
        LogArmed(log, points ?? file);
    }

    void Pass(string point)
    {
        Fault? fault;
        lock (gate)
        {
            LookAtFile();
            var pass = passes[point] = passes.GetValueOrDefault(point) + 1;
            if (seen is not null)
                File.AppendAllText(seen, point + "\n");
            fault = faults.TryGetValue(point, out var armed) && armed.Pass == pass ? armed : null;
        }
        if (fault is not null)
            Happen(point, fault);
    }

    /// <summary>No file is no fault, as an empty one.</summary>
    void LookAtFile()
    {
        if (file is null)
            return;
        var now = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        if (now == list)
            return;
        (list, faults) = (now, ReadAll(now));
        passes.Clear();
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

    static Dictionary<string, Fault> ReadAll(string points) =>
        points
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Read)
            .ToDictionary(armed => armed.Point, armed => armed.Fault, StringComparer.Ordinal);

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
