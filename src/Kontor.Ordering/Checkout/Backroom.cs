using System.Collections.Concurrent;
using System.Threading.Channels;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Orders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Checkout;

/// <summary>Drives on, in this process, the attempts whose buyers no longer wait.</summary>
/// <remarks>It holds nothing that is not in the database: what it does not come to, because its queue is full, the
/// process stops or the other side stays away, stands still until its key is repeated or the takeover finds it.</remarks>
sealed partial class Backroom(
    Till till,
    Ledger ledger,
    CheckoutLimits limits,
    TimeProvider clock,
    ILogger<Backroom> log
) : BackgroundService
{
    const int Drivers = 16;
    const int Waiting = 10_000;
    const int Tries = 12;
    const int MaxDoublings = 5;

    readonly Channel<OrderId> queue = Channel.CreateBounded<OrderId>(Waiting);
    readonly ConcurrentDictionary<OrderId, bool> taken = new();

    /// <summary>Once at a time for each attempt: a buyer who repeats the key in a loop keeps one driver busy, not all.</summary>
    public void Take(OrderId order)
    {
        if (!taken.TryAdd(order, true) || queue.Writer.TryWrite(order))
            return;
        taken.TryRemove(order, out _);
        LogFull(order);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Drivers).Select(_ => Drive(stoppingToken)));

    async Task Drive(CancellationToken stop)
    {
        try
        {
            await foreach (var order in queue.Reader.ReadAllAsync(stop))
                try
                {
                    await Finish(order, stop);
                }
                finally
                {
                    taken.TryRemove(order, out _);
                }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process stops; what stands in the database goes on elsewhere or later.
        }
    }

    async Task Finish(OrderId order, CancellationToken stop)
    {
        for (var failures = 0; failures < Tries; failures++)
        {
            if (await TryFinish(order, stop))
                return;
            await Task.Delay(limits.Pause * (1 << Math.Min(failures, MaxDoublings)), clock, stop);
        }
        LogStands(order);
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
