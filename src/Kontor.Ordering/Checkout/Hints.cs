using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Orders;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Checkout;

/// <summary>What a provider says happened to a payment. Where to look, never what to believe.</summary>
sealed record Hint(string Key, Money Amount);

/// <summary>Follows the hints of providers: the attempt that one is about asks the provider's books itself.</summary>
/// <remarks>So a hint may come twice, fifty times at once, too early, too late or in any order, and changes nothing that
/// the books do not say.</remarks>
sealed partial class Hints(Till till, Ledger ledger, Backroom backroom, ILogger<Hints> log)
{
    /// <summary>The order's status after it, or a refusal that has the provider come again.</summary>
    public async Task<Result<string>> Follow(Hint hint, CancellationToken stop)
    {
        if (Order.OfPaymentKey(hint.Key) is not { } id)
            return Rejections.PaymentNotFound;
        // The usual case: the answer to the authorisation came before its callback.
        if (await ledger.PlacedTotal(id, stop) is { } charged)
            return hint.Amount == charged ? "placed" : Mismatch(id, hint, charged);
        if (await ledger.Find(id, stop) is not { } attempt)
            return Rejections.PaymentNotFound;
        if (hint.Amount != attempt.Order.Totals.Total)
            return Mismatch(id, hint, attempt.Order.Totals.Total);
        try
        {
            return await Follow(attempt, stop);
        }
        catch (Exception away) when (!stop.IsCancellationRequested && Goods.IsAway(away))
        {
            LogAway(id, away.Message);
            return Rejections.PaymentUnavailable;
        }
    }

    Rejection Mismatch(OrderId id, Hint hint, Money total)
    {
        LogMismatch(id, hint.Amount, total);
        return Rejections.PaymentMismatch;
    }

    async Task<Result<string>> Follow(Attempt attempt, CancellationToken stop)
    {
        switch (attempt.Order.Stage)
        {
            case OrderStage.AwaitingPayment:
                var progress = new Progress(attempt, Moved: true);
                while (progress.Moved)
                    progress = await till.Advance(progress.Attempt, stop);
                FaultPoint.Pass("checkout.callback.driven");
                return progress.Attempt.Order.Status;
            case OrderStage.Rejected:
                // Money that came after everything was given back is given back too; there is never a second order.
                await till.Void(attempt, stop);
                return attempt.Order.Status;
            case OrderStage.Placed:
                return attempt.Order.Status;
            default:
                // Not so far yet, or not known to be: whoever drives it may be gone.
                backroom.Take(attempt.Order.Id);
                return attempt.Order.Status;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "A callback about {Order} speaks of {Told}, and the order is of {Total}: refused"
    )]
    partial void LogMismatch(OrderId order, Money told, Money total);

    [LoggerMessage(2, LogLevel.Information, "A callback about {Order} cannot be followed now: {Reason}")]
    partial void LogAway(OrderId order, string reason);
}
