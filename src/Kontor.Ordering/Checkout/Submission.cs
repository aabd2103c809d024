using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;
using Kontor.Platform.Data;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;

namespace Kontor.Ordering.Checkout;

/// <summary>What came of submitting: an answer that stood under the key already, with the order that it is about, or an
/// attempt to drive on.</summary>
sealed record Submitted(RecordedAnswer? Answer, OrderId? Order, Attempt? Attempt);

/// <summary>Begins an attempt: claims the key, holds the cart, writes down what the buyer accepted. One transaction.</summary>
sealed class Submission(
    OrderingDatabase database,
    KeyRing keys,
    Providers providers,
    CheckoutLimits limits,
    TimeProvider clock
)
{
    /// <summary>Null where the cart was changed at the same moment: read it again and decide anew.</summary>
    public async Task<Result<Submitted>?> Try(
        Cart cart,
        Shelf shelf,
        PlaceOrder.Wish wish,
        IdempotencyClaim claim,
        CancellationToken stop
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        if (await Idempotency.Claim(transaction, claim, stop) is { } kept)
            return kept switch
            {
                { Answer: { } answer } => answer.Open(claim, keys) is { } opened
                    ? new Submitted(opened, await AttemptTable.Under(work, claim, stop), null)
                    : Refusals.AnswerErased,
                { Rejection: { } refused } => refused,
                _ => new Submitted(null, null, await Standing(work, claim, stop)),
            };

        var order = OrderId.New(clock);
        var provider = providers.Find(wish.Request.Payment.Provider);
        if (
            !PlaceOrder
                .Decide(cart, shelf, wish, provider, order, Ledger.Moment(clock))
                .Is(out var submitted, out var rejection)
        )
            return rejection;

        var token = Attempt.SealToken(wish.Request.Payment.Token, order, cart.Person, keys);
        if (token is [])
            return Rejections.CartErased; // The key is no more, whatever the row says: it may be of a backup.
        var attempt = new Attempt(
            Order.Begin(submitted),
            cart.Contact!, // Decide refuses a cart without one.
            token,
            claim,
            wish.TraceId
        );
        if (!await Hold(work, cart, attempt, stop))
            return null;
        work.Happened(attempt.Order.Stream, submitted, expected: 0);
        await work.Append(stop);
        FaultPoint.Pass("checkout.submitted.before-commit");
        await work.Commit();
        FaultPoint.Pass("checkout.submitted.after-commit");
        return new Submitted(null, null, attempt);
    }

    /// <summary>Holds the cart and writes the attempt down; false, and nothing, where the cart has moved on.</summary>
    async Task<bool> Hold(Work work, Cart cart, Attempt attempt, CancellationToken stop)
    {
        var order = attempt.Order;
        await using var batch = work.Batch();
        batch.Add(
            "update carts set attempt = $3 where id = $1 and version = $2 and attempt is null",
            cart.Id.Value,
            cart.Version,
            order.Id.Value
        );
        OrderTable.Insert(batch, order, new(order.SubmittedAt, limits.DueOf(order, order.SubmittedAt)));
        AttemptTable.Insert(batch, attempt);
        await batch.ExecuteNonQueryAsync(stop);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    async Task<Attempt> Standing(Work work, IdempotencyClaim claim, CancellationToken stop)
    {
        var order = await AttemptTable.Under(work, claim, stop);
        var attempt = await AttemptTable.Load(database, work.Transaction, order, stop);
        return attempt with { Claim = claim };
    }
}
