using Kontor.Contracts.Ordering;
using Kontor.Ordering.Carts;

namespace Kontor.Ordering.Orders;

/// <summary>An order as its buyer and the order desk see it.</summary>
/// <param name="Number">Readable; given when the order is placed.</param>
/// <param name="Status"><c>submitted</c>, <c>awaiting_payment</c>, <c>placed</c> or <c>rejected</c>.</param>
/// <param name="Version">The version of its stream of events; the ETag.</param>
/// <param name="Rejection">Why a rejected attempt became no order.</param>
sealed record OrderView(
    OrderId Id,
    string? Number,
    string Status,
    long Version,
    CartId Cart,
    string Country,
    IReadOnlyList<OrderLine> Lines,
    OrderTotals Totals,
    OrderPaymentView Payment,
    OrderRejectionView? Rejection,
    string? Email,
    Address? Shipping,
    Address? Billing,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? PlacedAt,
    DateTimeOffset? RejectedAt
)
{
    public static OrderView Of(Order order, Contact contact) => Of(order).With(contact);

    /// <summary>Without what is about a person, which no event carries.</summary>
    public static OrderView Of(Order order) =>
        new(
            order.Id,
            order.Number,
            order.Status,
            order.Version,
            order.Cart,
            order.Country,
            order.Lines,
            order.Totals,
            new(order.Provider, order.Authorisation),
            order.Stage == OrderStage.Rejected ? new(order.Failure!, order.ShortSkus ?? []) : null,
            Email: null,
            Shipping: null,
            Billing: null,
            order.SubmittedAt,
            order.PlacedAt,
            order.RejectedAt
        );

    public OrderView With(Contact contact) =>
        this with
        {
            Email = contact.Email,
            Shipping = contact.Shipping,
            Billing = contact.Billing,
        };
}

/// <param name="Authorisation">The provider's own reference, once there is one.</param>
sealed record OrderPaymentView(string Provider, string? Authorisation);

/// <param name="Code">The refusal's code, <c>PAYMENT_DECLINED</c>, <c>OUT_OF_STOCK</c>.</param>
/// <param name="Skus">The goods that were short.</param>
sealed record OrderRejectionView(string Code, IReadOnlyList<string> Skus);
