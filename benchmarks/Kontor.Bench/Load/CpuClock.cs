using System.Globalization;

namespace Kontor.Bench.Load;

/// <summary>How long processes have computed, from /proc; says nothing where there is none.</summary>
/// <param name="process">The process.</param>
/// <param name="withChildren">Also its children, those that have ended included: a PostgreSQL server is its sessions.</param>
sealed class CpuClock(int process, bool withChildren)
{
    // USER_HZ, which has been 100 on every Linux for decades.
    const double TicksPerSecond = 100;
    const int Parent = 1;
    const int User = 11;
    const int EndedChildren = 13;

    public double? Seconds()
    {
        if (Stat(process) is not { } own)
            return null;
        var ticks = Pair(own, User);
        if (withChildren)
            ticks += Pair(own, EndedChildren) + Children().Sum(child => Pair(child, User));
        return ticks / TicksPerSecond;
    }

    /// <summary>The process that started another, or null where /proc is not there.</summary>
    public static int? ParentOf(int process) =>
        Stat(process) is { } stat ? int.Parse(stat[Parent], CultureInfo.InvariantCulture) : null;

    IEnumerable<string[]> Children() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Stat(id) : null)
            .OfType<string[]>()
            .Where(stat => stat[Parent] == process.ToString(CultureInfo.InvariantCulture));

    static double Pair(string[] stat, int first) =>
        double.Parse(stat[first], CultureInfo.InvariantCulture)
        + double.Parse(stat[first + 1], CultureInfo.InvariantCulture);

    /// <summary>The fields behind the name, which may itself hold blanks and brackets: 0 is the state.</summary>
    static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // It has ended, or this is no Linux.
        }
    }
}
