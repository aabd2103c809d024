using System.Data;
using Npgsql;

namespace Kontor.Journal;

public sealed partial class Subscription
{
    const int TriesWhenTransient = 3;
    const int MaxRetriesInARow = 1000;

    async Task Take(EventBatch batch, CancellationToken stop)
    {
        foreach (var chunk in batch.Events.Chunk(BatchSize))
        {
            if (chunk[^1].Sequence - recorded < MaxPassed && !chunk.Any(Wants))
            {
                at = new(batch.Incarnation, chunk[^1].Sequence);
                continue;
            }
            try
            {
                await TakeTogether(batch.Incarnation, chunk, stop);
            }
            catch (HandlerFailure)
            {
                // Rolled back whole. One by one the failing event shows itself, and only its stream is parked.
                foreach (var happened in chunk)
                    await TakeAlone(batch.Incarnation, happened, stop);
            }
        }
    }

    async Task TakeTogether(string incarnation, IReadOnlyList<RecordedEvent> events, CancellationToken stop)
    {
        await using var connection = await subscriber.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var reached = new Checkpoint(incarnation, events[^1].Sequence);
        await Move(transaction, reached, stop);
        List<RecordedEvent> wanted = [.. events.Where(Wants)];
        var parked = await Parked.Streams(transaction, wanted.Select(e => e.Stream), stop);
        foreach (var happened in wanted)
            if (parked.Contains(happened.Stream))
                await Parked.Park(transaction, happened, Parking.Behind, stop);
            else
                await Handle(happened, transaction, stop);
        await Commit(transaction);
        Reached(reached);
    }

    async Task TakeAlone(string incarnation, RecordedEvent happened, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await TakeTogether(incarnation, [happened], stop);
                return;
            }
            catch (HandlerFailure failure) when (failure.IsTransient && attempt < TriesWhenTransient) { }
            catch (HandlerFailure failure)
            {
                LogParked(logger, failure.Cause, name, happened.Sequence, happened.Stream, feed.Topic);
                await using var connection = await subscriber.OpenConnectionAsync(stop);
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var reached = new Checkpoint(incarnation, happened.Sequence);
                await Move(transaction, reached, stop);
                await Parked.Park(transaction, happened, failure.Cause.Message, stop);
                await transaction.CommitWhole();
                Reached(reached);
                return;
            }
    }

    /// <summary>Tries the first parked event of each stream that is due, and those behind it while that succeeds.</summary>
    /// <returns>How many events are parked still.</returns>
    async Task<long> RetryDue(CancellationToken stop)
    {
        for (var i = 0; i < MaxRetriesInARow && await Parked.FirstDue(stop) is { } due; i++)
            try
            {
                await using var connection = await subscriber.OpenConnectionAsync(stop);
                await using var transaction = await connection.BeginTransactionAsync(stop);
                if (!await Parked.Remove(transaction, due.Sequence, stop))
                    continue;
                await Handle(due, transaction, stop);
                await Commit(transaction);
                LogUnparked(logger, name, due.Sequence, due.Stream);
            }
            catch (HandlerFailure failure)
            {
                await Parked.FailedAgain(due.Sequence, failure.Cause.Message, stop);
            }
        return await Parked.Count(stop);
    }

    /// <summary>Moves the checkpoint on from where this runner left it; locks its row until the transaction's end.</summary>
    /// <remarks>The commit does not wait for the disk: a crash that loses it loses checkpoint and effect together, and both
    /// come again. What is numbered is on the disk, since the numbering waits and the log is written in order.</remarks>
    async Task Move(NpgsqlTransaction transaction, Checkpoint reached, CancellationToken stop)
    {
        await using var move = new NpgsqlBatch(transaction.Connection, transaction);
        move.BatchCommands.Add(new("set local synchronous_commit = off"));
        move.BatchCommands.Add(
            new(
                """
                update subscriptions set incarnation = $4, sequence = $5
                where name = $1 and source = $2 and sequence = $3
                """
            )
            {
                Parameters =
                {
                    new() { Value = name },
                    new() { Value = feed.Topic },
                    new() { Value = recorded },
                    new() { Value = reached.Incarnation },
                    new() { Value = reached.Sequence },
                },
            }
        );
        await move.ExecuteNonQueryAsync(stop);
        if (move.BatchCommands[1].RecordsAffected != 1)
            throw new InvalidOperationException($"Another runner moved the checkpoint of {name}.");
    }

    void Reached(Checkpoint reached) => (at, recorded) = (reached, reached.Sequence);

    async Task Handle(RecordedEvent happened, NpgsqlTransaction transaction, CancellationToken stop)
    {
        var connection = transaction.Connection;
        try
        {
            await handle(happened, transaction, stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested && connection?.FullState == ConnectionState.Open)
        {
            throw new HandlerFailure(failure);
        }
    }

    /// <summary>Never cut short. A deferred constraint that fails here is the handler's failure too.</summary>
    static async Task Commit(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.CommitWhole();
        }
        catch (PostgresException refused) when (refused.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw new HandlerFailure(refused);
        }
    }

    /// <summary>The handler failed, as opposed to the machinery around it.</summary>
    sealed class HandlerFailure(Exception cause) : Exception(null, cause)
    {
        public Exception Cause => InnerException!;

        public bool IsTransient => InnerException is PostgresException { IsTransient: true };
    }
}
