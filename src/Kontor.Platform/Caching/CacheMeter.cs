using System.Diagnostics.Metrics;

namespace Kontor.Platform.Caching;

/// <summary>What caches do, for those who watch: <c>kontor.cache.*</c>.</summary>
static class CacheMeter
{
    static readonly Meter Meter = new("Kontor.Caching");

    static readonly Counter<long> Hits = Meter.CreateCounter<long>(
        "kontor.cache.hits",
        "{body}",
        "Bodies from memory."
    );

    static readonly Counter<long> Misses = Meter.CreateCounter<long>(
        "kontor.cache.misses",
        "{body}",
        "Bodies that memory did not have, or not of the position asked for."
    );

    static readonly Counter<long> SecondHits = Meter.CreateCounter<long>(
        "kontor.cache.second.hits",
        "{body}",
        "Bodies from Redis."
    );

    static readonly Counter<long> SecondFaults = Meter.CreateCounter<long>(
        "kontor.cache.second.faults",
        "{call}",
        "Calls on Redis that failed or took too long."
    );

    static readonly Histogram<double> Loads = Meter.CreateHistogram<double>(
        "kontor.cache.load.duration",
        "s",
        "Loads from the database."
    );

    public static void Hit(int count = 1) => Hits.Add(count);

    public static void Miss(int count) => Misses.Add(count);

    public static void SecondHit(int count) => SecondHits.Add(count);

    public static void SecondFault() => SecondFaults.Add(1);

    public static void Loaded(TimeSpan took) => Loads.Record(took.TotalSeconds);
}
