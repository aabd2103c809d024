using System.Diagnostics;
using Kontor.Contracts.Ordering;

namespace Kontor.Ordering.Orders;

/// <summary>How far an attempt has come. Each stage names what is to be done next, which was recorded first.</summary>
enum OrderStage
{
    /// <summary>Stock is to be reserved.</summary>
    Submitted,

    /// <summary>Stock is held; the provider is to be asked.</summary>
    PaymentRequested,

    /// <summary>The provider waits for the buyer.</summary>
    AwaitingPayment,

    /// <summary>What is held is to be given back.</summary>
    Failed,

    Placed,
    Rejected,
}

/// <summary>An order as its events have left it.</summary>
/// <param name="Version">Of its stream: how many events there are.</param>
/// <param name="Failure">The code of the refusal that the attempt ends with.</param>
sealed record Order(
    OrderId Id,
    CartId Cart,
    OrderStage Stage,
    long Version,
    IReadOnlyList<OrderLine> Lines,
    OrderTotals Totals,
    string Country,
    string Provider,
    DateTimeOffset SubmittedAt,
    string? PaymentKey = null,
    string? Authorisation = null,
    string? Number = null,
    string? Failure = null,
    IReadOnlyList<string>? ShortSkus = null,
    DateTimeOffset? PlacedAt = null,
    DateTimeOffset? RejectedAt = null
)
{
    const string PaymentPrefix = "order-";

    public string Stream => StreamOf(Id);

    public bool IsSettled => Stage is OrderStage.Placed or OrderStage.Rejected;

    /// <summary>The stage as buyers are told it; giving back is still <c>submitted</c> to them.</summary>
    public string Status =>
        Stage switch
        {
            OrderStage.AwaitingPayment => "awaiting_payment",
            OrderStage.Placed => "placed",
            OrderStage.Rejected => "rejected",
            _ => "submitted",
        };

    /// <summary>Under which the provider is asked for its money, in every try.</summary>
    public string KeyOfPayment => $"{PaymentPrefix}{Id}";

    public static string StreamOf(OrderId order) => $"order-{order}";

    /// <summary>The order that a payment's key is about; null where it is no such key.</summary>
    public static OrderId? OfPaymentKey(string key) =>
        key.StartsWith(PaymentPrefix, StringComparison.Ordinal)
        && OrderId.TryParse(key[PaymentPrefix.Length..], null, out var id)
            ? id
            : null;

    public static Order Begin(OrderEvent.Submitted submitted) =>
        new(
            new(submitted.Order),
            new(submitted.Cart),
            OrderStage.Submitted,
            Version: 1,
            submitted.Lines,
            submitted.Totals,
            submitted.Country,
            submitted.PaymentProvider,
            submitted.SubmittedAt
        );

    /// <summary>The order that a stream's events make, from its first; null of none.</summary>
    public static Order? Fold(IEnumerable<OrderEvent> events)
    {
        Order? order = null;
        foreach (var happened in events)
            order = order is null ? Begin((OrderEvent.Submitted)happened) : order.Apply(happened);
        return order;
    }

    public Order Apply(OrderEvent happened)
    {
        var next = this with { Version = Version + 1 };
        return happened switch
        {
            OrderEvent.StockReserved => next,
            OrderEvent.PaymentRequested(_, var key, _) => next with
            {
                Stage = OrderStage.PaymentRequested,
                PaymentKey = key,
            },
            OrderEvent.PaymentAwaited(_, var authorisation) => next with
            {
                Stage = OrderStage.AwaitingPayment,
                Authorisation = authorisation,
            },
            OrderEvent.PaymentAuthorised(_, var authorisation, _) => next with { Authorisation = authorisation },
            OrderEvent.Placed(_, var number, _, var at) => next with
            {
                Stage = OrderStage.Placed,
                Number = number,
                PlacedAt = at,
            },
            OrderEvent.Failed(_, var code, var skus) => next with
            {
                Stage = OrderStage.Failed,
                Failure = code,
                ShortSkus = skus,
            },
            OrderEvent.Rejected(_, var code, var skus, var at) => next with
            {
                Stage = OrderStage.Rejected,
                Failure = code,
                ShortSkus = skus,
                RejectedAt = at,
            },
            _ => throw new UnreachableException($"An order does not know {happened}."),
        };
    }
}
