using System.Runtime.CompilerServices;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Orders;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Ordering.Checkout;

/// <summary>Serves a buyer who waits: drives the attempt while they do, and hands it over when they have waited enough
/// or have left.</summary>
sealed class Counter(Till till, Ledger ledger, Backroom backroom, CheckoutLimits limits, TimeProvider clock)
{
    public async Task<Reply<OrderView>> Serve(Attempt attempt, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(limits.Inline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var standing = new Progress(attempt, Moved: true);
        try
        {
            await foreach (var progress in Drive(attempt, either.Token))
                standing = progress with { Fixed = progress.Fixed ?? standing.Fixed };
        }
        catch (Exception late) when (patience.IsCancellationRequested && Goods.IsAway(late))
        {
            stop.ThrowIfCancellationRequested();
            await ledger.FixPending(standing.Attempt, stop);
        }
        finally
        {
            if (standing.Attempt.Order is { IsSettled: false, Stage: not OrderStage.AwaitingPayment } order)
                backroom.Take(order.Id);
            FaultPoint.Pass("checkout.served.handed-over");
        }
        var answer = standing.Fixed ?? await ledger.Answer(standing.Attempt, stop);
        return answer is null ? Refusals.RequestInProgress : Reply<OrderView>.Recorded(answer);
    }

    /// <summary>Sends the answer that stands. One that left the attempt open also drives it on: the process that gave the
    /// answer may have died since.</summary>
    public Reply<OrderView> Repeat(RecordedAnswer standing, OrderId? order)
    {
        if (standing.Status == StatusCodes.Status202Accepted && order is { } open)
            backroom.Take(open);
        return Reply<OrderView>.Replay(standing);
    }

    /// <summary>Goes on until nothing can be done now; where the other side is away, tries again while there is time.</summary>
    async IAsyncEnumerable<Progress> Drive(Attempt attempt, [EnumeratorCancellation] CancellationToken stop)
    {
        var progress = new Progress(attempt, Moved: true);
        while (progress.Moved)
        {
            if (await TryAdvance(progress.Attempt, stop) is not { } next)
                await Task.Delay(limits.Pause, clock, stop);
            else
                yield return progress = next;
        }
    }

    /// <summary>Null where the other side is away.</summary>
    async Task<Progress?> TryAdvance(Attempt attempt, CancellationToken stop)
    {
        try
        {
            return await till.Advance(attempt, stop);
        }
        catch (Exception away) when (!stop.IsCancellationRequested && Goods.IsAway(away))
        {
            return null;
        }
    }
}
