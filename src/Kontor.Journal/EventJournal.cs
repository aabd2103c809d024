using Npgsql;

namespace Kontor.Journal;

/// <summary>Another writer moved a stream on between reading and appending; re-read it and decide again.</summary>
public sealed class StreamConflictException(string stream) : Exception($"The stream {stream} has moved on.")
{
    public string Stream => stream;
}

/// <summary>The journal of one service: the only way in which a fact is written down.</summary>
/// <param name="topic">The service's name in positions and on the stream: <c>catalog</c>.</param>
/// <param name="database">Connections whose search path is the service's schema.</param>
public sealed partial class EventJournal(string topic, NpgsqlDataSource database, TimeProvider clock)
{
    public string Topic => topic;

    public NpgsqlDataSource Database => database;

    internal Bells Bells { get; } = new();

    /// <summary>Says that something was committed, so that it is numbered at once. Call it after the commit, never
    /// inside the transaction; forgetting it costs up to a poll (50 ms, 250 ms after a quiet time).</summary>
    public void Signal() => Bells.Committed();

    /// <summary>Appends events in the caller's transaction and returns the position of the last one.</summary>
    /// <remarks>
    /// The append comes last in its transaction, and once. 1. The streams' rows are locked in id order and moved on by
    /// compare-and-set: no deadlock between appends, and a loser's transaction is rolled back and throws
    /// <see cref="StreamConflictException"/>. 2. The
    /// events are inserted. The order matters: the transaction owns an xid before it draws an insertion id, which the
    /// sequencer's low-water mark relies on.
    /// </remarks>
    public async Task<Position> Append(
        NpgsqlTransaction transaction,
        IReadOnlyList<NewEvent> events,
        CancellationToken stop
    )
    {
        if (events.Count == 0)
            throw new ArgumentException("An append has at least one event.", nameof(events));

        var connection = transaction.Connection!;
        await using var append = new NpgsqlBatch(connection, transaction);
        var streams = events.GroupBy(e => e.Stream, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        var moved = new List<string>();
        foreach (var stream in streams)
        {
            moved.Add(stream.Key);
            append.BatchCommands.Add(Move(stream.Key, stream.Count(), stream.First().Expected));
        }
        append.BatchCommands.Add(Insert(events));
        string? lost;
        await using (var reader = await append.ExecuteReaderAsync(stop))
        {
            lost = await Lost(reader, moved, stop);
            if (lost is null && await reader.ReadAsync(stop) && reader.GetInt64(2) == events.Count)
                return new Position(topic, reader.GetString(1), reader.GetInt64(0), IsInsertion: true);
        }
        // Events of the streams that did move are in this transaction: it ends here, or a caller could commit them.
        await transaction.RollbackAsync(stop);
        throw lost is null
            ? new InvalidOperationException($"A stream of {topic} is behind its own events; run `kontor verify`.")
            : new StreamConflictException(lost);
    }

    /// <summary>The first stream that had another version than expected.</summary>
    static async Task<string?> Lost(NpgsqlDataReader reader, IEnumerable<string> moved, CancellationToken stop)
    {
        foreach (var stream in moved)
        {
            if (!await reader.ReadAsync(stop))
                return stream;
            await reader.NextResultAsync(stop);
        }
        return null;
    }

    /// <summary>Inserts the events behind the streams' moves, in the same round trip: where a writer knew the stream's
    /// version the events' follow from it, else from where the move has just left the stream.</summary>
    NpgsqlBatchCommand Insert(IReadOnlyList<NewEvent> events)
    {
        var (versions, behind) = PlacesOf(events);
        // The incarnation is not read from the head row: under a long snapshot every append would walk its dead versions.
        return new(
            """
            with added as (
                insert into journal (stream, version, type, time, body)
                select stream, coalesce(version, (select s.version from streams s where s.id = e.stream) - behind), type, $6, body::jsonb
                from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])
                    with ordinality as e(stream, version, behind, type, body, place)
                order by place
                on conflict (stream, version) do nothing
                returning id, stream
            ), moved as (
                update streams set last_id = last.id
                from (select stream, max(id) as id from added group by stream) last
                where streams.id = last.stream
            )
            select max(id), (select incarnation from incarnations order by ordinal desc limit 1), count(*) from added
            """
        )
        {
            Parameters =
            {
                new() { Value = events.Select(e => e.Stream).ToArray() },
                new() { Value = versions },
                new() { Value = behind },
                new() { Value = events.Select(e => e.Type).ToArray() },
                new() { Value = events.Select(e => e.Body).ToArray() },
                new() { Value = clock.GetUtcNow() },
            },
        };
    }

    /// <summary>Each event's version, where its stream's was expected, and how many of its stream come after it.</summary>
    static (long?[] Versions, long[] Behind) PlacesOf(IReadOnlyList<NewEvent> events)
    {
        var streams = events
            .GroupBy(e => e.Stream, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (g.First().Expected, Count: g.LongCount()), StringComparer.Ordinal);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        var (versions, behind) = (new long?[events.Count], new long[events.Count]);
        for (var i = 0; i < events.Count; i++)
        {
            var (expected, count) = streams[events[i].Stream];
            var place = seen[events[i].Stream] = seen.GetValueOrDefault(events[i].Stream) + 1;
            (versions[i], behind[i]) = (expected + place, count - place);
        }
        return (versions, behind);
    }

    static NpgsqlBatchCommand Move(string stream, long count, long? expected) =>
        expected switch
        {
            0 => new("insert into streams (id, version) values ($1, $2) on conflict do nothing returning version")
            {
                Parameters =
                {
                    new() { Value = stream },
                    new() { Value = count },
                },
            },
            { } version => new(
                "update streams set version = version + $2 where id = $1 and version = $3 returning version"
            )
            {
                Parameters =
                {
                    new() { Value = stream },
                    new() { Value = count },
                    new() { Value = version },
                },
            },
            null => new(
                """
                insert into streams (id, version) values ($1, $2)
                on conflict (id) do update set version = streams.version + excluded.version returning version
                """
            )
            {
                Parameters =
                {
                    new() { Value = stream },
                    new() { Value = count },
                },
            },
        };
}
