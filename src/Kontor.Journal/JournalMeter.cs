using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;

namespace Kontor.Journal;

/// <summary>What one journal shows of itself to telemetry, under the meter <c>Kontor.Journal</c>.</summary>
sealed class JournalMeter(string topic)
{
    public const string Name = "Kontor.Journal";

    static readonly Meter Meter = new(Name);
    static readonly ConcurrentDictionary<string, JournalMeter> Journals = new(StringComparer.Ordinal);
    static readonly ConcurrentDictionary<(string Topic, string Subscription), long> Parked = new();
    static readonly Counter<long> NumberedTotal = Meter.CreateCounter<long>(
        "kontor.journal.numbered",
        "{event}",
        "Events given a sequence by this process."
    );

    static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);
    long sampled;
    long head;
    double lagSeconds;
    volatile bool leads;

    static JournalMeter()
    {
        Meter.CreateObservableGauge(
            "kontor.journal.head",
            () => Journals.Values.Select(j => new Measurement<long>(Volatile.Read(ref j.head), j.Tag)),
            "{event}",
            "The last sequence given."
        );
        Meter.CreateObservableGauge(
            "kontor.journal.unnumbered.age",
            () => Journals.Values.Select(j => new Measurement<double>(Volatile.Read(ref j.lagSeconds), j.Tag)),
            "s",
            "Age of the oldest committed event that has no sequence yet; 0 while there is none."
        );
        Meter.CreateObservableGauge(
            "kontor.journal.leader",
            () => Journals.Values.Select(j => new Measurement<int>(j.leads ? 1 : 0, j.Tag)),
            description: "1 in the process whose sequencer leads."
        );
        Meter.CreateObservableGauge(
            "kontor.journal.parked",
            () =>
                Parked.Select(p => new Measurement<long>(
                    p.Value,
                    new("service", p.Key.Topic),
                    new("subscription", p.Key.Subscription)
                )),
            "{event}",
            "Events parked by the subscriptions that run in this process."
        );
    }

    KeyValuePair<string, object?> Tag => new("service", topic);

    public bool Leads
    {
        set => leads = value;
    }

    public static JournalMeter Of(string topic) => Journals.GetOrAdd(topic, static t => new(t));

    public static void SetParked(string topic, string subscription, long count) =>
        Parked[(topic, subscription)] = count;

    /// <summary>After each pass of the leader. What it found it has numbered, so an age is that at the find.</summary>
    public void Passed(Numbering numbering, int numbered, DateTime? oldest)
    {
        Volatile.Write(ref head, numbering.Head);
        var age = oldest is { } time ? TimeProvider.System.GetUtcNow().UtcDateTime - time : TimeSpan.Zero;
        Volatile.Write(ref lagSeconds, Math.Max(0, age.TotalSeconds));
        if (numbered > 0)
            NumberedTotal.Add(numbered, Tag);
    }

    /// <summary>Where another process leads, or none: read from the tables, so that a journal without a leader shows.</summary>
    public async Task Sample(NpgsqlConnection connection, CancellationToken stop)
    {
        if (sampled != 0 && TimeProvider.System.GetElapsedTime(sampled) < SampleEvery)
            return;
        sampled = TimeProvider.System.GetTimestamp();
        await using var sample = new NpgsqlCommand(
            """
            select h.head, coalesce(extract(epoch from clock_timestamp() - (
                select time from journal where id > h.mark and sequence is null order by id limit 1)), 0)::float8
            from head h
            """,
            connection
        );
        await using var reader = await sample.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return;
        Volatile.Write(ref head, reader.GetInt64(0));
        Volatile.Write(ref lagSeconds, Math.Max(0, reader.GetDouble(1)));
    }
}
