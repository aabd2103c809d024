using Kontor.Kernel;

namespace Kontor.Contracts.Ordering;

/// <summary>What can happen to an order; its stream is <c>order-{id}</c>. Written for ever: add a v2, never edit a v1.
/// None carries anything about a person.</summary>
public abstract record OrderEvent
{
    /// <summary>A buyer accepted a cart's lines and total; nothing is held or charged yet. From here on stock may be
    /// held under the order's id.</summary>
    [EventName("order.submitted.v1")]
    public sealed record Submitted(
        Guid Order,
        Guid Cart,
        IReadOnlyList<OrderLine> Lines,
        OrderTotals Totals,
        string Country,
        string PaymentProvider,
        DateTimeOffset SubmittedAt
    ) : OrderEvent;

    /// <summary>Stock is held under the reservation, which has the order's id.</summary>
    [EventName("order.stock-reserved.v1")]
    public sealed record StockReserved(Guid Order, Guid Reservation) : OrderEvent;

    /// <summary>The provider is about to be asked, under this key, which every repeat uses.</summary>
    [EventName("order.payment-requested.v1")]
    public sealed record PaymentRequested(Guid Order, string PaymentKey, Money Amount) : OrderEvent;

    /// <summary>The provider waits for the buyer (3-D Secure, redirect).</summary>
    [EventName("order.payment-awaited.v1")]
    public sealed record PaymentAwaited(Guid Order, string Authorisation) : OrderEvent;

    /// <summary>The provider holds the money.</summary>
    /// <param name="Authorisation">The provider's own reference.</param>
    [EventName("order.payment-authorised.v1")]
    public sealed record PaymentAuthorised(Guid Order, string Authorisation, Money Amount) : OrderEvent;

    /// <summary>The order stands.</summary>
    /// <param name="Number">Its readable number, given in this transaction.</param>
    [EventName("order.placed.v1")]
    public sealed record Placed(Guid Order, string Number, Money Total, DateTimeOffset PlacedAt) : OrderEvent;

    /// <summary>The attempt has failed; what it holds (money first, then stock) is about to be given back.</summary>
    /// <param name="Code">The refusal's code, <c>PAYMENT_DECLINED</c>, <c>OUT_OF_STOCK</c>.</param>
    /// <param name="Skus">The goods that were short.</param>
    [EventName("order.failed.v1")]
    public sealed record Failed(Guid Order, string Code, IReadOnlyList<string> Skus) : OrderEvent;

    /// <summary>The attempt ended without an order, and nothing is held any more.</summary>
    [EventName("order.rejected.v1")]
    public sealed record Rejected(Guid Order, string Code, IReadOnlyList<string> Skus, DateTimeOffset RejectedAt)
        : OrderEvent;
}

/// <summary>A line as it was accepted: price and title are the ones shown then.</summary>
public sealed record OrderLine(string Sku, string Title, int Quantity, Money UnitPrice, Money Total);

/// <summary>total = subtotal − discount + shipping + tax, to the minor unit.</summary>
public sealed record OrderTotals(Money Subtotal, Money Discount, Money Shipping, Money Tax, Money Total);
