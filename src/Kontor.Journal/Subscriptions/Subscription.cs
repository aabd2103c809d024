using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Journal;

/// <summary>Does what one subscription does with one event, in the transaction that also moves its checkpoint.</summary>
/// <remarks>It may run more than once for one event, but is committed once. It must not commit or roll back.</remarks>
public delegate Task HandleEvent(RecordedEvent happened, NpgsqlTransaction transaction, CancellationToken stop);

/// <summary>A named reader of a journal with a durable checkpoint in the subscriber's own schema.</summary>
/// <remarks>
/// A handler's writes in the given transaction happen exactly once: they are committed together with the checkpoint,
/// which moves by compare-and-set and is locked first, so that a second runner waits and then finds it moved. At the
/// first failure the event's stream is parked in the transaction that moves the checkpoint; its later events park behind
/// it and are retried in order; other streams go on.
/// </remarks>
/// <param name="name">Unique in the subscriber's schema, and never changed: it is the checkpoint's key.</param>
/// <param name="subscriber">Connections whose search path is the subscriber's schema.</param>
public sealed partial class Subscription(
    string name,
    IEventFeed feed,
    NpgsqlDataSource subscriber,
    HandleEvent handle,
    ILogger<Subscription> logger
)
{
    /// <summary>So many events are handled in one transaction; when one fails, they are taken again one by one.</summary>
    public const int BatchSize = 100;

    /// <summary>So many events that it does not want are passed without a transaction of their own; a runner that begins
    /// anew reads at most these again.</summary>
    const int MaxPassed = 1_000;

    static readonly TimeSpan LookWhileParked = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LookWhileNone = TimeSpan.FromSeconds(5);

    /// <summary>Where it stands; the row may be behind it by events that it does not want.</summary>
    Checkpoint at = new("", 0);
    long recorded;

    public string Name => name;

    /// <summary>Whether an event is for the handler; the others are passed by. Left out: all are.</summary>
    public Func<RecordedEvent, bool> Wants { get; init; } = static _ => true;

    /// <summary>Undoes what came after the fork, when the source's journal began anew before this checkpoint. Without it
    /// the subscription logs an error and goes on from the fork.</summary>
    public Func<long, NpgsqlTransaction, CancellationToken, Task>? OnReset { get; init; }

    /// <summary>Events that wait behind a failure, and the way to try them again.</summary>
    public Parking Parked { get; } = new(name, feed.Topic, subscriber);

    /// <summary>Runs until stopped, in one process at a time.</summary>
    public Task Run(CancellationToken stop) =>
        new Leadership(subscriber, $"subscription:{name}", logger).Run(Work, stop);

    async Task Work(CancellationToken stop)
    {
        while (true)
        {
            at = await Load(stop);
            recorded = at.Sequence;
            try
            {
                await Read(stop);
            }
            catch (JournalForkedException forked)
            {
                await Reset(forked, stop);
            }
        }
    }

    /// <summary>New events and retries take turns, so that a stream keeps its order.</summary>
    async Task Read(CancellationToken stop)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var batches = feed.Follow(at.Incarnation, at.Sequence, reading.Token)
            .GetAsyncEnumerator(reading.Token);
        var next = batches.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                var waiting = await RetryDue(stop);
                JournalMeter.SetParked(feed.Topic, name, waiting);
                var look = Task.Delay(
                    waiting > 0 ? LookWhileParked : LookWhileNone,
                    TimeProvider.System,
                    reading.Token
                );
                while (await Task.WhenAny(next, look) == next)
                {
                    await next;
                    await Take(batches.Current, stop);
                    next = batches.MoveNextAsync().AsTask();
                    if (look.IsCompleted)
                        break;
                }
                stop.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            // An enumerator may be left only when nobody waits on it.
            await reading.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<Checkpoint> Load(CancellationToken stop)
    {
        await using var load = subscriber.CreateCommand(
            """
            with added as (
                insert into subscriptions (name, source) values ($1, $2) on conflict do nothing
            )
            select incarnation, sequence from subscriptions where name = $1 and source = $2
            """
        );
        load.Parameters.Add(new() { Value = name });
        load.Parameters.Add(new() { Value = feed.Topic });
        await using var reader = await load.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? new(reader.GetString(0), reader.GetInt64(1)) : new("", 0);
    }

    async Task Reset(JournalForkedException forked, CancellationToken stop)
    {
        LogReset(logger, name, feed.Topic, at.Sequence, forked.Fork);
        await using var connection = await subscriber.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Move(transaction, new(forked.Incarnation, forked.Fork), stop);
        await Parked.Forget(transaction, forked.Fork, stop);
        if (OnReset is not null)
            await OnReset(forked.Fork, transaction, stop);
        await transaction.CommitWhole();
        recorded = forked.Fork;
    }

    sealed record Checkpoint(string Incarnation, long Sequence);

    [LoggerMessage(
        1021,
        LogLevel.Error,
        "{Subscription} parked event {Sequence} of stream {Stream} of {Topic}; its stream waits, others go on"
    )]
    static partial void LogParked(
        ILogger logger,
        Exception failure,
        string subscription,
        long sequence,
        string stream,
        string topic
    );

    [LoggerMessage(
        1022,
        LogLevel.Error,
        "{Subscription} had read {Topic} to {Sequence}, but that journal began anew after {Fork}: going on from there"
    )]
    static partial void LogReset(ILogger logger, string subscription, string topic, long sequence, long fork);

    [LoggerMessage(
        1023,
        LogLevel.Information,
        "{Subscription} handled parked event {Sequence} of stream {Stream} at last"
    )]
    static partial void LogUnparked(ILogger logger, string subscription, long sequence, string stream);
}
