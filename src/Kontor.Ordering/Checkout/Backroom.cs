using System.Collections.Concurrent;
using System.Threading.Channels;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Orders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Checkout;

/// <summary>Drives on, in this process, the attempts whose buyers no longer wait.</summary>
/// <remarks>
/// It holds nothing that is not in the database: what it does not come to, because a queue is full, the process stops or
/// the other side stays away, stands still until its key is repeated or the takeover finds it.
/// A turn is one try. What it does not finish rests without a driver, and its next turn is in another queue, with drivers
/// of its own, as are the turns of what stood still: however many attempts wait for a provider that hangs, one that comes
/// for the first time stands behind none of their repeats.
/// </remarks>
sealed partial class Backroom(
    Till till,
    Ledger ledger,
    CheckoutLimits limits,
    TimeProvider clock,
    ILogger<Backroom> log
) : BackgroundService
{
    /// <summary>Of each queue.</summary>
    const int Drivers = 16;
    const int Waiting = 10_000;
    const int Tries = 12;
    const int MaxDoublings = 5;

    readonly Channel<Turn> first = Channel.CreateBounded<Turn>(Waiting);
    readonly Channel<Turn> again = Channel.CreateBounded<Turn>(Waiting);
    readonly ConcurrentDictionary<OrderId, bool> taken = new();
    int resting;

    /// <param name="Failures">How many turns have not finished it.</param>
    readonly record struct Turn(OrderId Order, int Failures);

    /// <summary>Once at a time for each attempt: a buyer who repeats the key in a loop keeps one driver busy, not all.</summary>
    /// <param name="hasStood">It has stood still before, and may do so again.</param>
    public void Take(OrderId order, bool hasStood = false)
    {
        if (taken.TryAdd(order, true))
            Put(hasStood ? again : first, new(order, Failures: 0));
    }

    void Put(Channel<Turn> queue, Turn turn)
    {
        if (!queue.Writer.TryWrite(turn))
            Drop(turn.Order);
    }

    void Drop(OrderId order)
    {
        taken.TryRemove(order, out _);
        LogFull(order);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            Enumerable.Range(0, 2 * Drivers).Select(driver => Drive(driver < Drivers ? first : again, stoppingToken))
        );

    async Task Drive(Channel<Turn> queue, CancellationToken stop)
    {
        try
        {
            await foreach (var turn in queue.Reader.ReadAllAsync(stop))
                if (await TryFinish(turn.Order, stop))
                    taken.TryRemove(turn.Order, out _);
                else
                    PutBack(turn with { Failures = turn.Failures + 1 }, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process stops; what stands in the database goes on elsewhere or later.
        }
    }

    void PutBack(Turn turn, CancellationToken stop)
    {
        if (turn.Failures >= Tries)
        {
            taken.TryRemove(turn.Order, out _);
            LogStands(turn.Order);
        }
        else if (Interlocked.Increment(ref resting) <= Waiting)
            _ = Rest(turn, stop); // It ends by itself, and handles what may befall it.
        else
        {
            Interlocked.Decrement(ref resting);
            Drop(turn.Order);
        }
    }

    async Task Rest(Turn turn, CancellationToken stop)
    {
        try
        {
            await Task.Delay(limits.Pause * (1 << Math.Min(turn.Failures - 1, MaxDoublings)), clock, stop);
            Put(again, turn);
        }
        catch (OperationCanceledException)
        {
            // As for those who are in a queue when the process stops.
        }
        finally
        {
            Interlocked.Decrement(ref resting);
        }
    }

    /// <summary>False where it is worth another try.</summary>
    async Task<bool> TryFinish(OrderId order, CancellationToken stop)
    {
        try
        {
            var progress = new Progress(await ledger.Load(order, stop), Moved: true);
            while (progress.Moved)
                progress = await till.Advance(progress.Attempt, stop);
            return progress.Attempt.Order is { IsSettled: true } or { Stage: OrderStage.AwaitingPayment };
        }
        catch (Exception away) when (!stop.IsCancellationRequested && Goods.IsAway(away))
        {
            LogAway(order, away.Message);
            return false;
        }
        catch (Exception broken) when (!stop.IsCancellationRequested)
        {
            LogBroken(broken, order);
            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Too many attempts wait; {Order} stands until the takeover")]
    partial void LogFull(OrderId order);

    [LoggerMessage(2, LogLevel.Information, "{Order} cannot go on now: {Reason}")]
    partial void LogAway(OrderId order, string reason);

    [LoggerMessage(3, LogLevel.Error, "{Order} broke and stands until the takeover")]
    partial void LogBroken(Exception broken, OrderId order);

    [LoggerMessage(4, LogLevel.Error, "{Order} could not be finished and stands until the takeover")]
    partial void LogStands(OrderId order);
}
