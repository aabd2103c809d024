using Npgsql;

namespace Kontor.Journal;

/// <summary>The last sequence given, the low-water mark true at it, and the incarnation both belong to.</summary>
/// <param name="Mark">Insertion id at or below which every event is numbered, at or below <paramref name="Sequence"/>, or
/// was rolled back.</param>
public sealed record JournalHead(long Sequence, long Mark, string Incarnation);

/// <summary>Events read in one snapshot, and the incarnation that was current in it.</summary>
public sealed record EventBatch(string Incarnation, IReadOnlyList<RecordedEvent> Events)
{
    /// <summary>The head in the same snapshot, which may lie beyond the last of the events; null where the feed does not
    /// tell it.</summary>
    public JournalHead? Head { get; init; }
}

public sealed partial class EventJournal
{
    public const int MaxRead = 1000;

    /// <summary>Longer than any event-sourced aggregate grows; reading a longer stream whole is a bug.</summary>
    public const int MaxStreamLength = 100_000;

    const string Columns = "j.id, coalesce(j.sequence, 0), j.stream, j.version, j.type, j.time, j.body::text";

    /// <summary>Pins the plan of the read that follows it in the same batch, and nothing after it.</summary>
    const string PinOnce = """
        select set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true)
        """;

    public async Task<JournalHead> Head(CancellationToken stop)
    {
        await using var read = Database.CreateCommand("select head, mark, incarnation from head");
        await using var reader = await read.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            throw new InvalidOperationException($"The journal of {Topic} has no head row.");
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2));
    }

    /// <summary>Numbered events after a sequence, in order, without a hole.</summary>
    /// <param name="limit">At most <see cref="MaxRead"/>.</param>
    public async Task<EventBatch> Read(long after, int limit, CancellationToken stop)
    {
        await using var connection = await Database.OpenConnectionAsync(stop);
        await using var read = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(PinOnce),
                // One statement, so one snapshot: events of a new incarnation never come under the old one's name.
                new(
                    $"""
                    select i.incarnation, h.head, h.mark, {Columns}
                    from (select incarnation from incarnations order by ordinal desc limit 1) i
                    cross join head h
                    left join lateral (
                        select * from journal where sequence > $1 order by sequence limit $2
                    ) j on true
                    order by j.sequence
                    """
                )
                {
                    Parameters =
                    {
                        new() { Value = after },
                        new() { Value = Math.Clamp(limit, 1, MaxRead) },
                    },
                },
            },
        };
        await using var reader = await read.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        JournalHead? head = null;
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync(stop))
        {
            head ??= new(reader.GetInt64(1), reader.GetInt64(2), reader.GetString(0));
            if (!reader.IsDBNull(3))
                events.Add(Row(reader, 3));
        }
        for (var i = 0; i < events.Count; i++)
            if (events[i].Sequence != after + 1 + i)
                throw new JournalGapException(Topic, after + 1 + i, events[i].Sequence);
        return new(head?.Incarnation ?? "", events) { Head = head };
    }

    /// <summary>A stream's events by version, those without a sequence included: what an aggregate is made from.</summary>
    /// <param name="transaction">Null: on a connection of its own.</param>
    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(
        string stream,
        long afterVersion,
        NpgsqlTransaction? transaction,
        CancellationToken stop
    )
    {
        const string Sql = $"""
            select {Columns} from journal j where stream = $1 and version > $2 order by version limit 100001
            """;
        await using var read = transaction is null
            ? Database.CreateCommand(Sql)
            : new NpgsqlCommand(Sql, transaction.Connection, transaction);
        read.Parameters.Add(new() { Value = stream });
        read.Parameters.Add(new() { Value = afterVersion });
        await using var reader = await read.ExecuteReaderAsync(stop);
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync(stop))
            events.Add(Row(reader, 0));
        return events.Count <= MaxStreamLength
            ? events
            : throw new InvalidOperationException($"The stream {stream} is longer than {MaxStreamLength} events.");
    }

    /// <summary>The events of some streams, by stream and version: for those who look at many aggregates at once.</summary>
    public static async Task<ILookup<string, RecordedEvent>> ReadStreams(
        IReadOnlyCollection<string> streams,
        NpgsqlTransaction transaction,
        CancellationToken stop
    )
    {
        await using var read = new NpgsqlCommand(
            $"select {Columns} from journal j where stream = any($1) order by stream, version",
            transaction.Connection,
            transaction
        );
        read.Parameters.Add(new() { Value = streams.ToArray() });
        await using var reader = await read.ExecuteReaderAsync(stop);
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync(stop))
            events.Add(Row(reader, 0));
        return events.ToLookup(happened => happened.Stream, StringComparer.Ordinal);
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(string stream, CancellationToken stop) =>
        ReadStream(stream, 0, null, stop);

    internal static RecordedEvent Row(NpgsqlDataReader reader, int first) =>
        new(
            reader.GetInt64(first),
            reader.GetInt64(first + 1),
            reader.GetString(first + 2),
            reader.GetInt64(first + 3),
            reader.GetString(first + 4),
            reader.GetFieldValue<DateTimeOffset>(first + 5),
            reader.GetString(first + 6)
        );
}

/// <summary>A sequence is missing. It cannot be; reading on would hide a lost event, so nothing reads on.</summary>
public sealed class JournalGapException(string topic, long expected, long found)
    : Exception($"The journal of {topic} has {found} where {expected} must be.");
