using System.Diagnostics.Metrics;

namespace Kontor.Platform.Stream;

/// <summary>What the stream shows of itself to telemetry, under the meter <c>Kontor.Stream</c>.</summary>
static class StreamMeter
{
    public const string Name = "Kontor.Stream";

    static readonly Meter Meter = new(Name);

    static readonly UpDownCounter<int> Clients = Meter.CreateUpDownCounter<int>(
        "kontor.stream.clients",
        "{client}",
        "Clients connected, by transport."
    );
    static readonly UpDownCounter<int> LaggingNow = Meter.CreateUpDownCounter<int>(
        "kontor.stream.clients.lagging",
        "{client}",
        "Clients that were too slow and read a topic from the journal."
    );
    static readonly Counter<long> Deliveries = Meter.CreateCounter<long>(
        "kontor.stream.deliveries",
        "{event}",
        "Events written, to all clients together."
    );
    static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "kontor.stream.lag",
        "s",
        "From an event's append to its place in the live feed."
    );

    public static void Came(string transport) =>
        Clients.Add(1, new KeyValuePair<string, object?>("transport", transport));

    public static void Left(string transport) =>
        Clients.Add(-1, new KeyValuePair<string, object?>("transport", transport));

    public static void Lagging(string topic, int change) => LaggingNow.Add(change, Tag(topic));

    public static void Delivered(string topic, int count) => Deliveries.Add(count, Tag(topic));

    public static void Published(string topic, DateTimeOffset oldest) =>
        Lag.Record(Math.Max(0, (TimeProvider.System.GetUtcNow() - oldest).TotalSeconds), Tag(topic));

    static KeyValuePair<string, object?> Tag(string topic) => new("service", topic);
}
