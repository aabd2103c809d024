using System.Diagnostics;

namespace Kontor.Bench.Load;

/// <summary>Every single duration, so that percentiles are exact.</summary>
/// <remarks>Not safe for concurrent use: each worker keeps its own, and they are joined at the end.</remarks>
sealed class Latencies
{
    readonly List<long> ticks = new(16 * 1024);
    bool isSorted;

    public int Count => ticks.Count;

    /// <summary>In ms.</summary>
    public double Mean => ticks.Average() * 1000.0 / Stopwatch.Frequency;

    public void Add(long duration)
    {
        ticks.Add(duration);
        isSorted = false;
    }

    public static Latencies Join(IEnumerable<Latencies> parts)
    {
        var all = new Latencies();
        foreach (var part in parts)
            all.ticks.AddRange(part.ticks);
        return all;
    }

    /// <summary>The smallest duration that this share of all does not exceed, in ms; null where there is none.</summary>
    public double? Ms(double share)
    {
        if (ticks.Count == 0)
            return null;
        if (!isSorted)
            ticks.Sort();
        isSorted = true;
        var place = (int)Math.Ceiling(share * ticks.Count) - 1;
        return ticks[Math.Clamp(place, 0, ticks.Count - 1)] * 1000.0 / Stopwatch.Frequency;
    }
}
