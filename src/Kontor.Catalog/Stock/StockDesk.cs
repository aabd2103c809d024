using System.Data.Common;
using System.Threading.Channels;
using Kontor.Journal;
using Kontor.Platform.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>So many wishes wait for the stock desk that one more is refused; nothing was done.</summary>
sealed class DeskIsFullException() : TimeoutException("Too many wait for stock; try again in a moment.");

/// <summary>Where all who want stock wait, to be settled in batches instead of queuing for a row lock.</summary>
/// <remarks>
/// The desk, when it is free, takes all that wait, up to a bound, and nobody waits for a timer. Who gives up before a try
/// of their batch began is skipped; after that the effect stands, which is right, since a repeat by the same id finds it.
/// A batch that fails is split, down to one, so that a bad wish fails alone; one that stands at a locked row dissolves as
/// its callers give up, and does not go on through all its halves for nobody. Where the database is away, or a commit's
/// outcome is unknown, all of the batch are told so. Several processes on one database are several such desks: row locks decide.
/// </remarks>
sealed partial class StockDesk(CatalogDatabase database, TimeProvider clock, ILogger<StockDesk> log) : BackgroundService
{
    internal const int MaxWaiting = 10_000;
    const int MaxWishes = 256;
    const int MaxLines = 4_000;
    const int MaxAtOnce = 4;
    const int Attempts = 5;
    const int PatienceMs = 1_000;
    const int ShortPatienceMs = 200;

    static readonly TimeSpan StandsStill = TimeSpan.FromMilliseconds(50);

    readonly Channel<Waiter> queue = Channel.CreateBounded<Waiter>(MaxWaiting);

    /// <summary>Puts a wish in the queue and waits for its own outcome.</summary>
    /// <exception cref="DeskIsFullException">Nothing was done.</exception>
    public Task<Settled> Ask(Wish wish, CancellationToken stop)
    {
        var waiter = new Waiter(wish, stop);
        return queue.Writer.TryWrite(waiter) ? waiter.Outcome.WaitAsync(stop) : throw new DeskIsFullException();
    }

    /// <remarks>One batch at a time, since two that want one variant would only wait for each other; one that stands
    /// still at a row that somebody else has locked is passed by.</remarks>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var going = new List<Task>();
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            // Those who were just answered, and wish again, come before the next batch is taken: it is larger by them.
            await Task.Yield();
            if (Drain() is not { Count: > 0 } batch)
                continue;
            var settling = Settle(batch, PatienceMs);
            going.Add(settling);
            await Task.WhenAny(settling, Task.Delay(StandsStill, clock, CancellationToken.None));
            going.RemoveAll(task => task.IsCompleted);
            if (going.Count >= MaxAtOnce)
                await Task.WhenAny(going);
        }
        await Task.WhenAll(going);
    }

    /// <summary>Nobody is let in any more; those who wait are settled.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        return ExecuteTask is null ? Task.CompletedTask : ExecuteTask.WaitAsync(cancellationToken);
    }

    List<Waiter> Drain()
    {
        var batch = new List<Waiter>();
        var lines = 0;
        while (batch.Count < MaxWishes && lines < MaxLines && queue.Reader.TryRead(out var waiter))
            if (!waiter.HasGone)
            {
                batch.Add(waiter);
                lines += waiter.Wish.Size;
            }
        return batch;
    }

    async Task Settle(List<Waiter> batch, int patienceMs)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
            try
            {
                // What an earlier try did was rolled back, so who has gone since has lost nothing.
                batch.RemoveAll(waiter => waiter.HasGone);
                if (batch.Count == 0)
                    return;
                var wishes = batch.ConvertAll(waiter => waiter.Wish);
                if (await StockBatch.Settle(database, wishes, patienceMs, clock) is not { } outcomes)
                    continue;
                foreach (var (waiter, outcome) in batch.Zip(outcomes))
                    waiter.Answer(outcome);
                return;
            }
            catch (Exception failure) when (Concerns(failure, batch.Count, attempt))
            {
                batch.ForEach(waiter => waiter.Fail(failure));
                return;
            }
            catch (Exception failure) when (batch.Count > 1)
            {
                LogSplit(failure, batch.Count);
                break;
            }
            catch (Exception lost) when (Writing.IsLostRace(lost)) { }
        await Split(batch);
    }

    /// <summary>Whether a failure is that of all in the batch and of every further try.</summary>
    static bool Concerns(Exception failure, int count, int attempt) =>
        IsAway(failure) || (count == 1 && (attempt == Attempts || !Writing.IsLostRace(failure)));

    async Task Split(List<Waiter> batch)
    {
        if (batch.Count == 1)
        {
            batch[0].Fail(new DeskIsFullException());
            return;
        }
        var half = batch.Count / 2;
        await Settle(batch[..half], ShortPatienceMs);
        await Settle(batch[half..], ShortPatienceMs);
    }

    static bool IsAway(Exception failure) =>
        failure switch
        {
            CommitOutcomeUnknownException => true,
            PostgresException { SqlState: ['5', '7', 'P', ..] or ['5', '3', ..] or ['0', '8', ..] } => true,
            PostgresException => false,
            DbException { InnerException: IOException or System.Net.Sockets.SocketException or TimeoutException } =>
                true,
            DbException { IsTransient: true } => true,
            _ => false,
        };

    /// <summary>Somebody who waits for the outcome of a wish.</summary>
    sealed class Waiter(Wish wish, CancellationToken stop)
    {
        readonly TaskCompletionSource<Settled> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Wish Wish => wish;

        public bool HasGone => stop.IsCancellationRequested;

        public Task<Settled> Outcome => outcome.Task;

        public void Answer(Settled settled) => outcome.TrySetResult(settled);

        public void Fail(Exception failure) => outcome.TrySetException(failure);
    }

    [LoggerMessage(1, LogLevel.Warning, "A batch of {Count} reservations failed and is split")]
    partial void LogSplit(Exception failure, int count);
}
