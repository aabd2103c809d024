using System.Globalization;
using Kontor.Contracts.Ordering;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Orders;
using Kontor.Platform.Data;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Ordering.Checkout;

/// <summary>Writes down how an attempt goes: events, row, cart and answer, each step in one transaction.</summary>
sealed class Ledger(OrderingDatabase database, KeyRing keys, CheckoutLimits limits, TimeProvider clock)
{
    public static DateTimeOffset Moment(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    public string TokenOf(Attempt attempt) => attempt.OpenToken(keys);

    public Task<Attempt> Load(OrderId order, CancellationToken stop) => AttemptTable.Load(database, null, order, stop);

    /// <summary>The attempt behind an id that somebody outside names; null where there is none.</summary>
    public async Task<Attempt?> Find(OrderId order, CancellationToken stop)
    {
        await using var find = database
            .Source.CreateCommand("select 1 from checkouts where order_id = $1")
            .With(order.Value);
        return await find.ExecuteScalarAsync(stop) is null ? null : await Load(order, stop);
    }

    /// <summary>What a placed order comes to; null where it is not placed. One read, where the attempt would take three.</summary>
    public async Task<Money?> PlacedTotal(OrderId order, CancellationToken stop)
    {
        await using var find = database
            .Source.CreateCommand("select total, currency from orders where id = $1 and status = 'placed'")
            .With(order.Value);
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? new Money(reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>Whether it has stood where it stands for longer than that.</summary>
    public async Task<bool> IsOverdue(Order order, TimeSpan limit, CancellationToken stop)
    {
        await using var ask = database
            .Source.CreateCommand(
                "select coalesce(moved_at, submitted_at) <= $3 from orders where id = $1 and version = $2"
            )
            .With(order.Id.Value, order.Version, clock.GetUtcNow() - limit);
        return await ask.ExecuteScalarAsync(stop) is true;
    }

    /// <summary>Records what a step came to, by compare-and-set on the order's version. The loser of a race comes back
    /// with the attempt as the winner left it.</summary>
    /// <param name="decide">What happened; takes the order's number where one is needed.</param>
    public async Task<Progress> Record(
        Attempt attempt,
        Func<string?, IReadOnlyList<OrderEvent>> decide,
        CancellationToken stop,
        bool needsNumber = false
    )
    {
        try
        {
            return await TryRecord(attempt, decide, needsNumber, stop) ?? await Reread(attempt, stop);
        }
        catch (Exception lost) when (Writing.IsLostRace(lost))
        {
            return await Reread(attempt, stop);
        }
    }

    async Task<Progress> Reread(Attempt attempt, CancellationToken stop)
    {
        var standing = attempt with { Order = (await Load(attempt.Order.Id, stop)).Order };
        return new(standing, Moved: true);
    }

    async Task<Progress?> TryRecord(
        Attempt attempt,
        Func<string?, IReadOnlyList<OrderEvent>> decide,
        bool needsNumber,
        CancellationToken stop
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        var events = decide(needsNumber ? await NextNumber(work, stop) : null);
        if (events.Count == 0)
            return new(attempt, Moved: false);

        var before = attempt.Order;
        var after = events.Aggregate(before, (order, happened) => order.Apply(happened));
        if (!await Move(work, before.Version, after, stop))
            return null;
        foreach (var happened in events)
            work.Happened(after.Stream, happened, before.Version);
        if (after.Stage == OrderStage.Placed)
            work.Happened(Cart.StreamOf(after.Cart), new CartOrdered(after.Cart.Value, after.Id.Value));
        var position = await work.Append(stop);
        var next = attempt with { Order = after };
        var answer = after.IsSettled || after.Stage == OrderStage.AwaitingPayment ? AnswerOf(next, position) : null;
        var isFixed =
            answer is not null && await Idempotency.Fix(transaction, attempt.Claim, answer, keys, attempt.Person, stop);
        FaultPoint.Pass("checkout.record.before-commit");
        await work.Commit();
        FaultPoint.Pass("checkout.record.after-commit");
        return new(next, Moved: true, isFixed ? answer : null);
    }

    Moved MovedNow(Order order)
    {
        var now = Moment(clock);
        return new(now, limits.DueOf(order, now));
    }

    /// <summary>Drawn in the transaction that places the order, so that an attempt that fails uses none.</summary>
    static async Task<string> NextNumber(Work work, CancellationToken stop)
    {
        await using var draw = work.Command("select nextval('order_numbers')");
        return ((long)(await draw.ExecuteScalarAsync(stop))!).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Moves the row by compare-and-set, and its cart with it: a placed order closes it for good, a rejected attempt
    /// opens it for the next. False where the order has moved on; the cart is then nobody's to move.</summary>
    async Task<bool> Move(Work work, long from, Order order, CancellationToken stop)
    {
        await using var batch = work.Batch();
        OrderTable.Move(batch, from, order, MovedNow(order));
        if (order.Stage == OrderStage.Placed)
            batch.Add(
                """
                update carts set ordered = true, version = version + 1, changed_at = $3
                where id = $1 and attempt = $2 and exists (select from orders where id = $2 and version = $4)
                """,
                order.Cart.Value,
                order.Id.Value,
                clock.GetUtcNow(),
                order.Version
            );
        else if (order.Stage == OrderStage.Rejected)
            batch.Add(
                """
                update carts set attempt = null
                where id = $1 and attempt = $2 and exists (select from orders where id = $2 and version = $3)
                """,
                order.Cart.Value,
                order.Id.Value,
                order.Version
            );
        await batch.ExecuteNonQueryAsync(stop);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    /// <summary>Fixes "not settled yet" as the answer, unless another stands.</summary>
    public async Task FixPending(Attempt attempt, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        var position = await work.Standing(attempt.Order.Stream, stop);
        await Idempotency.Fix(transaction, attempt.Claim, AnswerOf(attempt, position), keys, attempt.Person, stop);
        FaultPoint.Pass("checkout.pending.before-commit");
        await work.Commit();
        FaultPoint.Pass("checkout.pending.after-commit");
    }

    /// <summary>The answer that stands under the attempt's key, whoever fixed it; null while none does.</summary>
    public async Task<RecordedAnswer?> Answer(Attempt attempt, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var kept = await Idempotency.Find(transaction, attempt.Claim, stop);
        return kept?.Answer?.Open(attempt.Claim, keys);
    }

    RecordedAnswer AnswerOf(Attempt attempt, Position? position)
    {
        var order = attempt.Order;
        if (order.Stage == OrderStage.Rejected)
            return Problems.Record(Rules.RejectionOf(order), attempt.TraceId);
        var status = order.Stage == OrderStage.Placed ? StatusCodes.Status201Created : StatusCodes.Status202Accepted;
        var reply = Reply<OrderView>.Of(attempt.View(keys), status, order.Version, $"/api/v1/orders/{order.Id}");
        reply.Position = position?.ToString();
        return reply.Record(clock);
    }
}
