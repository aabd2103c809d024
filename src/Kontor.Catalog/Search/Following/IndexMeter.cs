using System.Diagnostics.Metrics;
using Kontor.Journal;

namespace Kontor.Catalog.Search.Following;

/// <summary>What the search index shows of itself to telemetry, under the meter <c>Kontor.Search</c>.</summary>
static class IndexMeter
{
    static readonly Meter Meter = new("Kontor.Search");
    static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "kontor.search.lag",
        "s",
        "From an event's commit until it can be found: of each batch the oldest."
    );
    static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "kontor.search.unanswered",
        "{question}",
        "Questions that a search engine beside the process did not answer."
    );
    static long products;
    static long sequence;

    static IndexMeter()
    {
        Meter.CreateObservableGauge(
            "kontor.search.products",
            () => Volatile.Read(ref products),
            "{product}",
            "Products in the search index."
        );
        Meter.CreateObservableGauge(
            "kontor.search.sequence",
            () => Volatile.Read(ref sequence),
            "{event}",
            "The last event of the catalogue that the search index has applied."
        );
    }

    public static void Unanswered() => Failed.Add(1);

    /// <param name="standing">Products in the index; null where it is not known here.</param>
    public static void Applied(IReadOnlyList<RecordedEvent> events, int? standing)
    {
        if (standing is { } known)
            Volatile.Write(ref products, known);
        Volatile.Write(ref sequence, events[^1].Sequence);
        Lag.Record(Math.Max(0, (TimeProvider.System.GetUtcNow() - events[0].Time).TotalSeconds));
    }
}
