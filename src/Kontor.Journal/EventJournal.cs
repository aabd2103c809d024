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
    /// <see cref="StreamConflictException"/>. 2. The events are inserted. The order matters: the transaction owns an xid before it draws an insertion id, which the
    /// sequencer's low-water mark relies on. Both go to the server at once: a round trip is a tenth of a transaction.
    /// </remarks>
    public async Task<Position> Append(
        NpgsqlTransaction transaction,
        IReadOnlyList<NewEvent> events,
        CancellationToken stop
    )
    {
        if (events.Count == 0)
            throw new ArgumentException("An append has at least one event.", nameof(events));

        var streams = events
            .GroupBy(e => e.Stream, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Id: g.Key, Count: (long)g.Count(), g.First().Expected))
            .ToArray();
        await using var batch = new NpgsqlBatch(transaction.Connection!, transaction)
        {
            BatchCommands = { Move(streams), Insert(events) },
        };
        string? lost;
        await using (var reader = await batch.ExecuteReaderAsync(stop))
        {
            lost = await Lost(reader, streams, stop);
            if (
                lost is null
                && await reader.NextResultAsync(stop)
                && await reader.ReadAsync(stop)
                && reader.GetInt64(0) == events.Count
            )
                return new Position(topic, reader.GetString(2), reader.GetInt64(1), IsInsertion: true);
        }
        // Events of the streams that did move are in this transaction: it ends here, or a caller could commit them.
        await transaction.RollbackAsync(stop);
        throw lost is null
            ? new InvalidOperationException($"A stream of {topic} is behind its own events; run `kontor verify`.")
            : new StreamConflictException(lost);
    }

    /// <summary>The first stream that had another version than expected.</summary>
    static async Task<string?> Lost(
        NpgsqlDataReader reader,
        (string Id, long Count, long? Expected)[] streams,
        CancellationToken stop
    )
    {
        var versions = new Dictionary<string, long>(streams.Length, StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            versions[reader.GetString(0)] = reader.GetInt64(1);
        foreach (var (id, count, expected) in streams)
            if (expected is { } version && versions[id] != version + count)
                return id;
        return null;
    }

    /// <summary>Inserts the events at the versions to which their streams have just been moved.</summary>
    /// <remarks>A moved stream is known by its <c>last_id</c> of -1, which no other transaction ever sees. The incarnation is
    /// not read from the head row: under a long snapshot every append would walk its dead versions.</remarks>
    NpgsqlBatchCommand Insert(IReadOnlyList<NewEvent> events) =>
        new(
            """
            with added as (
                insert into journal (stream, version, type, time, body)
                select s.id, s.version - later, type, $4, body::jsonb
                from unnest($1::text[], $2::bigint[], $3::text[], $5::text[]) with ordinality as e(stream, later, type, body, place)
                join streams s on s.id = e.stream and s.last_id = -1
                order by place
                returning id, stream
            ), moved as (
                update streams set last_id = last.id
                from (select stream, max(id) as id from added group by stream) last
                where streams.id = last.stream
            )
            select count(*), max(id), (select incarnation from incarnations order by ordinal desc limit 1) from added
            """
        )
        {
            Parameters =
            {
                new() { Value = events.Select(e => e.Stream).ToArray() },
                new() { Value = Later(events) },
                new() { Value = events.Select(e => e.Type).ToArray() },
                new() { Value = clock.GetUtcNow() },
                new() { Value = events.Select(e => e.Body).ToArray() },
            },
        };

    /// <summary>How many events of the same stream come after each one.</summary>
    static long[] Later(IReadOnlyList<NewEvent> events)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        var later = new long[events.Count];
        for (var n = events.Count - 1; n >= 0; n--)
        {
            later[n] = seen.GetValueOrDefault(events[n].Stream);
            seen[events[n].Stream] = later[n] + 1;
        }
        return later;
    }

    /// <summary>Moves all streams on in one statement, in the order of their ids: a batch of an import has a thousand.</summary>
    /// <remarks>What each has then is compared with what was expected, and a conflict rolls all of it back; so a stream
    /// that was to be new, or to have a version, may be moved here for a moment that nobody sees.</remarks>
    static NpgsqlBatchCommand Move((string Id, long Count, long? Expected)[] streams) =>
        new(
            """
            insert into streams (id, version, last_id)
            select id, count, -1 from unnest($1::text[], $2::bigint[]) with ordinality as s(id, count, place) order by place
            on conflict (id) do update set version = streams.version + excluded.version, last_id = -1 returning id, version
            """
        )
        {
            Parameters =
            {
                new() { Value = streams.Select(stream => stream.Id).ToArray() },
                new() { Value = streams.Select(stream => stream.Count).ToArray() },
            },
        };
}
