using System.Diagnostics;
using Kontor.Contracts.Catalog;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;

namespace Kontor.Ordering.Checkout;

/// <summary>What follows from what: the rule of each step, without I/O, clock or numbers of its own.</summary>
/// <remarks>
/// submitted ─reserve─▶ payment requested ─authorise─▶ placed
///     │ short              │ declined  └challenge─▶ awaiting payment ─ask─▶ placed
///     ▼                    ▼                              │ declined, or too late
///   failed ◀──────────────────────────────────────────────┘
///     └─give back─▶ rejected
/// </remarks>
static class Rules
{
    public const string Declined = "PAYMENT_DECLINED";
    public const string OutOfStock = "OUT_OF_STOCK";
    public const string TooLate = "PAYMENT_EXPIRED";

    /// <summary>After Catalog was asked for the stock. The payment's key is made durable with it, before the provider
    /// is asked.</summary>
    public static IReadOnlyList<OrderEvent> Reserved(Order order, ReservationOutcome outcome) =>
        outcome switch
        {
            { Held: true } =>
            [
                new OrderEvent.StockReserved(order.Id.Value, order.Id.Value),
                new OrderEvent.PaymentRequested(order.Id.Value, order.KeyOfPayment, order.Totals.Total),
            ],
            // Nothing is held, and the reservation is given back all the same: another driver's, still on its way, would
            // find stock that came back meanwhile, and nobody would ever release it.
            _ => [new OrderEvent.Failed(order.Id.Value, OutOfStock, outcome.Missing)],
        };

    /// <summary>After the provider answered; nothing where its answer settles nothing.</summary>
    /// <param name="number">The order's number, for the case that it is placed.</param>
    public static IReadOnlyList<OrderEvent> Paid(
        Order order,
        PaymentOutcome outcome,
        string? number,
        DateTimeOffset now
    ) =>
        outcome switch
        {
            PaymentOutcome.Authorised(var reference) =>
            [
                new OrderEvent.PaymentAuthorised(order.Id.Value, reference, order.Totals.Total),
                new OrderEvent.Placed(
                    order.Id.Value,
                    number ?? throw new UnreachableException("A placed order has a number."),
                    order.Totals.Total,
                    now
                ),
            ],
            PaymentOutcome.Awaiting(var reference) => order.Stage == OrderStage.AwaitingPayment
                ? []
                : [new OrderEvent.PaymentAwaited(order.Id.Value, reference)],
            PaymentOutcome.Declined or PaymentOutcome.Cancelled =>
            [
                new OrderEvent.Failed(order.Id.Value, Declined, []),
            ],
            // Not found is never not taken: the same key is asked for again.
            PaymentOutcome.Unknown => [],
            _ => throw new UnreachableException($"A payment does not end in {outcome}."),
        };

    /// <summary>After the buyer was waited for long enough.</summary>
    public static IReadOnlyList<OrderEvent> Expired(Order order) =>
        [new OrderEvent.Failed(order.Id.Value, TooLate, [])];

    /// <summary>After all that was held has been given back.</summary>
    public static IReadOnlyList<OrderEvent> GivenBack(Order order, DateTimeOffset now) =>
        [new OrderEvent.Rejected(order.Id.Value, order.Failure!, order.ShortSkus ?? [], now)];

    /// <summary>What the buyer is told of a rejected attempt.</summary>
    public static Rejection RejectionOf(Order order) =>
        order.Failure switch
        {
            Declined => Rejections.PaymentDeclined,
            TooLate => Rejections.PaymentExpired,
            OutOfStock => Short(order.ShortSkus ?? []),
            _ => throw new UnreachableException($"An attempt does not fail with {order.Failure}."),
        };

    public static Rejection Short(IReadOnlyList<string> skus) =>
        Rejections.OutOfStock with
        {
            Detail = $"Short: {string.Join(", ", skus)}.",
            Errors = skus.Distinct(StringComparer.Ordinal)
                .ToDictionary(
                    sku => $"lines.{sku}",
                    string[] (_) => ["Not to be had in this quantity."],
                    StringComparer.Ordinal
                ),
        };
}
