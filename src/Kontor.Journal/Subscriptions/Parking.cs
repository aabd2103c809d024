using Npgsql;

namespace Kontor.Journal;

/// <summary>An event that a subscription could not handle, or that waits behind one.</summary>
/// <param name="Attempts">How often it failed; 0 while it only waits behind another.</param>
/// <param name="Error">The message of the last failure.</param>
public sealed record ParkedEvent(
    RecordedEvent Event,
    int Attempts,
    string Error,
    DateTimeOffset ParkedAt,
    DateTimeOffset RetryAt
);

/// <summary>The parked events of one subscription.</summary>
/// <remarks>A stream's events are tried in order: the first one's <c>retry_at</c> counts, doubling from a second to ten
/// minutes. They stay until they are handled; nothing is ever given up silently.</remarks>
public sealed class Parking(string name, string source, NpgsqlDataSource subscriber)
{
    internal const string Behind = "waits behind an earlier event of its stream";
    const int MaxErrorLength = 2000;

    const string Columns = """
        (event->>'id')::bigint, sequence, stream, (event->>'version')::bigint, event->>'type',
        (event->>'time')::timestamptz, (event->'body')::text
        """;

    /// <summary>Parked events in order, after a sequence.</summary>
    public async Task<IReadOnlyList<ParkedEvent>> List(long after, int limit, CancellationToken stop)
    {
        await using var list = subscriber.CreateCommand(
            $"""
            select {Columns}, attempts, error, parked_at, retry_at from parked
            where name = $1 and source = $2 and sequence > $3 order by sequence limit $4
            """
        );
        Add(list, name, source, after, Math.Clamp(limit, 1, EventJournal.MaxRead));
        await using var reader = await list.ExecuteReaderAsync(stop);
        var parked = new List<ParkedEvent>();
        while (await reader.ReadAsync(stop))
            parked.Add(
                new(
                    EventJournal.Row(reader, 0),
                    reader.GetInt32(7),
                    reader.GetString(8),
                    reader.GetFieldValue<DateTimeOffset>(9),
                    reader.GetFieldValue<DateTimeOffset>(10)
                )
            );
        return parked;
    }

    /// <summary>Makes a stream's parked events, or all, due now; the running subscription takes them up in a moment.</summary>
    /// <returns>How many events that concerns.</returns>
    public async Task<int> Replay(string? stream, CancellationToken stop)
    {
        await using var replay = subscriber.CreateCommand(
            """
            update parked set retry_at = clock_timestamp()
            where name = $1 and source = $2 and ($3::text is null or stream = $3)
            """
        );
        Add(replay, name, source, stream);
        return await replay.ExecuteNonQueryAsync(stop);
    }

    internal async Task<HashSet<string>> Streams(
        NpgsqlTransaction transaction,
        IEnumerable<string> among,
        CancellationToken stop
    )
    {
        await using var find = new NpgsqlCommand(
            "select distinct stream from parked where name = $1 and source = $2 and stream = any($3)",
            transaction.Connection,
            transaction
        );
        Add(find, name, source, among.Distinct(StringComparer.Ordinal).ToArray());
        await using var reader = await find.ExecuteReaderAsync(stop);
        var streams = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            streams.Add(reader.GetString(0));
        return streams;
    }

    internal async Task Park(
        NpgsqlTransaction transaction,
        RecordedEvent happened,
        string error,
        CancellationToken stop
    )
    {
        await using var park = new NpgsqlCommand(
            """
            insert into parked (name, source, stream, sequence, event, attempts, error, retry_at) values ($1, $2, $3, $4,
                jsonb_build_object('id', $5::bigint, 'version', $6::bigint, 'type', $7::text, 'time', $8::timestamptz,
                    'body', $9::jsonb), $10, $11, clock_timestamp() + $10 * interval '1 s')
            """,
            transaction.Connection,
            transaction
        );
        Add(park, name, source, happened.Stream, happened.Sequence, happened.Id, happened.Version, happened.Type);
        Add(park, happened.Time.ToUniversalTime(), happened.Body, error == Behind ? 0 : 1, Shorten(error));
        await park.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The first event of a stream whose time has come.</summary>
    internal async Task<RecordedEvent?> FirstDue(CancellationToken stop)
    {
        await using var find = subscriber.CreateCommand(
            $"""
            select {Columns} from parked p
            where name = $1 and source = $2 and retry_at <= clock_timestamp() and not exists (
                select from parked earlier where earlier.name = p.name and earlier.source = p.source
                    and earlier.stream = p.stream and earlier.sequence < p.sequence)
            order by retry_at, sequence limit 1
            """
        );
        Add(find, name, source);
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? EventJournal.Row(reader, 0) : null;
    }

    internal async Task<bool> Remove(NpgsqlTransaction transaction, long sequence, CancellationToken stop)
    {
        await using var remove = new NpgsqlCommand(
            "delete from parked where name = $1 and source = $2 and sequence = $3",
            transaction.Connection,
            transaction
        );
        Add(remove, name, source, sequence);
        return await remove.ExecuteNonQueryAsync(stop) == 1;
    }

    internal async Task FailedAgain(long sequence, string error, CancellationToken stop)
    {
        await using var fail = subscriber.CreateCommand(
            """
            update parked set attempts = attempts + 1, error = $4,
                retry_at = clock_timestamp() + least(600, power(2, least(attempts, 20))) * interval '1 s'
            where name = $1 and source = $2 and sequence = $3
            """
        );
        Add(fail, name, source, sequence, Shorten(error));
        await fail.ExecuteNonQueryAsync(stop);
    }

    internal async Task Forget(NpgsqlTransaction transaction, long after, CancellationToken stop)
    {
        await using var forget = new NpgsqlCommand(
            "delete from parked where name = $1 and source = $2 and sequence > $3",
            transaction.Connection,
            transaction
        );
        Add(forget, name, source, after);
        await forget.ExecuteNonQueryAsync(stop);
    }

    internal async Task<long> Count(CancellationToken stop)
    {
        await using var count = subscriber.CreateCommand("select count(*) from parked where name = $1 and source = $2");
        Add(count, name, source);
        return (long)(await count.ExecuteScalarAsync(stop) ?? 0L);
    }

    static string Shorten(string error) => error.Length <= MaxErrorLength ? error : error[..MaxErrorLength];

    static void Add(NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
    }
}
