using System.Diagnostics;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;
using Kontor.Platform.Http;

namespace Kontor.Ordering.Checkout;

/// <summary>What a step left.</summary>
/// <param name="Moved">False where nothing can be done now: it is settled, or waits for the buyer.</param>
/// <param name="Fixed">The answer, where it was this step that fixed it under the key.</param>
sealed record Progress(Attempt Attempt, bool Moved, RecordedAnswer? Fixed = null);

/// <summary>Takes an attempt through its steps, one at a time.</summary>
/// <remarks>
/// What a step is about to do was recorded by the step before it; then it does it; then it records what came of it, by
/// compare-and-set on the order's version. So whoever finds an attempt, in whatever process, repeats at most one side
/// effect, and each of those may be repeated: the reservation has the order's id, the payment its key. Of two drivers
/// one loses the compare-and-set, reads again and goes on from what the other left.
/// </remarks>
sealed class Till(Ledger ledger, ICatalog catalog, Providers providers, CheckoutLimits limits, TimeProvider clock)
{
    /// <summary>Does exactly one step.</summary>
    public Task<Progress> Advance(Attempt attempt, CancellationToken stop) =>
        attempt.Order.Stage switch
        {
            OrderStage.Submitted => Reserve(attempt, stop),
            OrderStage.PaymentRequested => Authorise(attempt, stop),
            OrderStage.AwaitingPayment => AskProvider(attempt, stop),
            OrderStage.Failed => GiveBack(attempt, stop),
            OrderStage.Placed or OrderStage.Rejected => Task.FromResult(new Progress(attempt, Moved: false)),
            _ => throw new UnreachableException($"An order has no stage {attempt.Order.Stage}."),
        };

    async Task<Progress> Reserve(Attempt attempt, CancellationToken stop)
    {
        var order = attempt.Order;
        var wanted = new Reservation(
            order.Id.Value,
            [.. order.Lines.Select(line => new ReservationLine(line.Sku, line.Quantity))]
        );
        FaultPoint.Pass("checkout.reserve.before");
        var outcome = await Within(limits.Catalog, inTime => catalog.Reserve(wanted, inTime), stop);
        FaultPoint.Pass("checkout.reserve.after");
        return await ledger.Record(attempt, _ => Rules.Reserved(order, outcome), stop);
    }

    async Task<Progress> Authorise(Attempt attempt, CancellationToken stop)
    {
        var order = attempt.Order;
        var request = new PaymentRequest(order.PaymentKey!, order.Totals.Total, ledger.TokenOf(attempt));
        var provider = providers.Named(order.Provider);
        FaultPoint.Pass("checkout.authorise.before");
        var outcome = await Within(limits.Provider, inTime => provider.Authorise(request, inTime), stop);
        FaultPoint.Pass("checkout.authorise.after");
        return await RecordPayment(attempt, outcome, stop);
    }

    /// <summary>A buyer who has not paid in time is given up, but only after the books were asked once more.</summary>
    async Task<Progress> AskProvider(Attempt attempt, CancellationToken stop)
    {
        var order = attempt.Order;
        var provider = providers.Named(order.Provider);
        FaultPoint.Pass("checkout.ask.before");
        var outcome = await Within(limits.Provider, inTime => provider.Find(order.PaymentKey!, inTime), stop);
        FaultPoint.Pass("checkout.ask.after");
        if (
            outcome is PaymentOutcome.Awaiting or PaymentOutcome.Unknown
            && await ledger.IsOverdue(order, limits.AwaitPayment, stop)
        )
        {
            FaultPoint.Pass("checkout.expire.before-record");
            return await ledger.Record(attempt, _ => Rules.Expired(order), stop);
        }
        return await RecordPayment(attempt, outcome, stop);
    }

    Task<Progress> RecordPayment(Attempt attempt, PaymentOutcome outcome, CancellationToken stop) =>
        ledger.Record(
            attempt,
            number => Rules.Paid(attempt.Order, outcome, number, Now),
            stop,
            needsNumber: outcome is PaymentOutcome.Authorised
        );

    /// <summary>In reverse: the money first, so that no late authorisation can come, and only then the stock.</summary>
    async Task<Progress> GiveBack(Attempt attempt, CancellationToken stop)
    {
        var order = attempt.Order;
        if (order.PaymentKey is not null)
            await Void(attempt, stop);
        FaultPoint.Pass("checkout.cancel.after");
        await Within(limits.Catalog, inTime => Done(catalog.Release(order.Id.Value, inTime)), stop);
        FaultPoint.Pass("checkout.release.after");
        return await ledger.Record(attempt, _ => Rules.GivenBack(order, Now), stop);
    }

    /// <summary>Gives back whatever is held under the order's payment key, now or later; may be repeated.</summary>
    public async Task Void(Attempt attempt, CancellationToken stop)
    {
        var order = attempt.Order;
        var provider = providers.Named(order.Provider);
        await Within(limits.Provider, inTime => Done(provider.Cancel(order.KeyOfPayment, inTime)), stop);
    }

    /// <summary>To the millisecond: what stands in events and rows is then the same to the last digit.</summary>
    DateTimeOffset Now => Ledger.Moment(clock);

    static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }

    async Task<T> Within<T>(TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException cut) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new TimeoutException("The other side did not answer in time.", cut);
        }
    }
}
