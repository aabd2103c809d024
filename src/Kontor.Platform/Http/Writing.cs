using Kontor.Journal;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Encryption;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kontor.Platform.Http;

/// <summary>One transaction of one service: its statements, and the events that it will journal.</summary>
public sealed class Work(ServiceDatabase database, NpgsqlTransaction transaction)
{
    readonly List<NewEvent> events = [];

    public NpgsqlConnection Connection => transaction.Connection!;

    public NpgsqlTransaction Transaction => transaction;

    /// <summary>Whose doing it is: the subject of the token; null where no token asks for it.</summary>
    public string? Actor { get; init; }

    /// <summary>Whose data the answer holds: it is kept under that person's key, and goes with it. Null: nobody's.</summary>
    public Guid? Person { get; set; }

    /// <summary>A statement of this transaction with its positional parameters.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> values) =>
        new NpgsqlCommand(sql, Connection, transaction).With(values);

    /// <summary>A statement with one parameter that is a list.</summary>
    public NpgsqlCommand Command(string sql, string[] list) => Command(sql, [(object)list]);

    public NpgsqlBatch Batch() => new(Connection, transaction);

    /// <summary>Notes what happened; it is appended at the end of the transaction, together with all else.</summary>
    public void Happened(string stream, object happened, long? expected = null) =>
        events.Add(NewEvent.Of(stream, happened, expected));

    /// <summary>How much is noted so far.</summary>
    public int Noted => events.Count;

    /// <summary>Takes back what was noted since then, by a part of the transaction that is rolled back to a savepoint: it
    /// did not happen.</summary>
    public void Forget(int noted) => events.RemoveRange(noted, events.Count - noted);

    /// <summary>The last place of a stream, for a write that changed nothing in it.</summary>
    public async Task<Position> Standing(string stream, CancellationToken stop)
    {
        await using var read = new NpgsqlCommand(
            "select coalesce((select last_id from streams where id = $1), 0), (select incarnation from head)",
            Connection,
            transaction
        )
        {
            Parameters = { new() { Value = stream } },
        };
        await using var reader = await read.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new Position(database.Name, reader.GetString(1), reader.GetInt64(0), IsInsertion: true);
    }

    /// <summary>Appends what happened, last in the transaction; null where nothing did.</summary>
    public async Task<Position?> Append(CancellationToken stop) =>
        events.Count == 0 ? null : await database.Journal.Append(transaction, events, stop);

    /// <summary>Commits, never cut short: an abandoned request or a timeout stops before this line, not in it.</summary>
    public async Task Commit()
    {
        await transaction.CommitWhole();
        if (events.Count > 0)
            database.Journal.Signal();
    }
}

/// <summary>How every write of the API runs: key, effect, events and answer in one transaction.</summary>
public static class Writing
{
    const int Attempts = 8;

    /// <summary>Runs the effect in a transaction and answers. A refusal rolls everything back and keeps nothing under the
    /// key. When another writer wins a race the effect runs again, on what the winner left.</summary>
    public static async Task<Reply<T>> Write<T>(
        this HttpContext http,
        ServiceDatabase database,
        Func<Work, Task<Reply<T>>> effect,
        CancellationToken stop
    )
    {
        if (!(await IdempotencyClaim.Of(http, stop)).Is(out var claim, out var rejection))
            return rejection;
        for (var attempt = 1; ; attempt++)
            try
            {
                return await Once(http, database, claim, effect, stop);
            }
            catch (Exception lost) when (attempt < Attempts && IsLostRace(lost))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2 << attempt), http.Clock, stop);
            }
    }

    static async Task<Reply<T>> Once<T>(
        HttpContext http,
        ServiceDatabase database,
        IdempotencyClaim? claim,
        Func<Work, Task<Reply<T>>> effect,
        CancellationToken stop
    )
    {
        var keys = http.RequestServices.GetRequiredService<KeyRing>();
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (claim is not null && await Idempotency.Claim(transaction, claim, stop) is { } kept)
            return kept switch
            {
                { Answer: { } answer } => answer.Open(claim, keys) is { } standing
                    ? Reply<T>.Replay(standing)
                    : Refusals.AnswerErased,
                { Rejection: { } refused } => refused,
                _ => Refusals.RequestInProgress,
            };

        var work = new Work(database, transaction) { Actor = http.User.Subject };
        var reply = await effect(work);
        if (reply.Rejection is not null)
            return reply;
        if (await work.Append(stop) is { } position)
            reply.Position = position.ToString();
        if (claim is not null)
            await Idempotency.Fix(transaction, claim, reply.Record(http.Clock), keys, work.Person, stop);
        await work.Commit();
        return reply;
    }

    public static bool IsLostRace(Exception exception) =>
        exception
            is StreamConflictException
                or PostgresException
                {
                    SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
                };
}
