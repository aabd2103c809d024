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
    /// compare-and-set: no deadlock between appends, and a loser throws <see cref="StreamConflictException"/>. 2. The
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
        // The incarnation is not read from the head row: under a long snapshot every append would walk its dead versions.
        var versions = await MoveStreams(connection, transaction, events, stop);
        await using var insert = new NpgsqlCommand(
            """
            with added as (
                insert into journal (stream, version, type, time, body)
                select stream, version, type, $4, body::jsonb
                from unnest($1::text[], $2::bigint[], $3::text[], $5::text[]) with ordinality as e(stream, version, type, body, place)
                order by place
                returning id, stream
            ), moved as (
                update streams set last_id = last.id
                from (select stream, max(id) as id from added group by stream) last
                where streams.id = last.stream
            )
            select max(id), (select incarnation from incarnations order by ordinal desc limit 1) from added
            """,
            connection,
            transaction
        );
        insert.Parameters.Add(new() { Value = events.Select(e => e.Stream).ToArray() });
        insert.Parameters.Add(new() { Value = versions });
        insert.Parameters.Add(new() { Value = events.Select(e => e.Type).ToArray() });
        insert.Parameters.Add(new() { Value = clock.GetUtcNow() });
        insert.Parameters.Add(new() { Value = events.Select(e => e.Body).ToArray() });
        await using var reader = await insert.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new Position(topic, reader.GetString(1), reader.GetInt64(0), IsInsertion: true);
    }

    /// <summary>Moves each stream on by the number of its events and returns every event's version.</summary>
    static async Task<long[]> MoveStreams(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<NewEvent> events,
        CancellationToken stop
    )
    {
        await using var move = new NpgsqlBatch(connection, transaction);
        var streams = events.GroupBy(e => e.Stream, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        var next = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var stream in streams)
        {
            next.Add(stream.Key, 0);
            move.BatchCommands.Add(Move(stream.Key, stream.Count(), stream.First().Expected));
        }
        await using (var reader = await move.ExecuteReaderAsync(stop))
            foreach (var stream in next.Keys.ToArray())
            {
                if (!await reader.ReadAsync(stop))
                    throw new StreamConflictException(stream);
                next[stream] = reader.GetInt64(0);
                await reader.NextResultAsync(stop);
            }

        foreach (var happened in events)
            next[happened.Stream]--;
        return [.. events.Select(happened => ++next[happened.Stream])];
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
