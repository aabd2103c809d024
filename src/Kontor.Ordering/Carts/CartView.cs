using Kontor.Contracts.Ordering;
using Kontor.Kernel;

namespace Kontor.Ordering.Carts;

/// <summary>A cart as its buyer sees it, at the prices of now.</summary>
/// <param name="Token">The secret that reaches the cart; said once, when it is opened.</param>
/// <param name="Status"><c>open</c>, <c>checkout</c> or <c>ordered</c>.</param>
/// <param name="Order">The order that is being, or was, made of it.</param>
/// <param name="Warnings">What the buyer should know before paying.</param>
/// <param name="Channel">Where it was opened; decides upon prices.</param>
sealed record CartView(
    CartId Id,
    string? Token,
    long Version,
    string Status,
    string Currency,
    string? Country,
    IReadOnlyList<CartLineView> Lines,
    OrderTotals Totals,
    string? Email,
    Address? Shipping,
    Address? Billing,
    OrderId? Order,
    IReadOnlyList<CartWarning> Warnings,
    string? Channel = null
)
{
    public static CartView Of(Cart cart, Contact? contact, Shelf shelf, string? token = null)
    {
        var lines = cart.Lines.Select(line => CartLineView.Of(line, shelf)).ToList();
        return new(
            cart.Id,
            token,
            cart.Version,
            StatusOf(cart),
            cart.Currency,
            cart.Country,
            lines,
            CartTotals.Of(lines.Select(line => line.Total), cart.Currency),
            contact?.Email,
            contact?.Shipping,
            contact?.Billing,
            cart.Attempt,
            CartWarning.Of(cart, shelf),
            cart.Channel
        );
    }

    static string StatusOf(Cart cart)
    {
        if (cart.IsOrdered)
            return "ordered";
        return cart.Attempt is null ? "open" : "checkout";
    }
}

/// <param name="UnitPrice">The price now; the last one known where there is none now.</param>
/// <param name="Availability"><c>inStock</c>, <c>preorder</c>, <c>backorder</c>, <c>outOfStock</c>; absent while it cannot be asked.</param>
sealed record CartLineView(
    string Sku,
    Guid? Product,
    string Title,
    string? Slug,
    int Quantity,
    Money UnitPrice,
    Money Total,
    string? Availability
)
{
    public static CartLineView Of(CartLine line, Shelf shelf)
    {
        var offer = shelf.Find(line.Sku);
        var price = shelf.PriceOf(line.Sku) ?? line.UnitPrice;
        return new(
            line.Sku,
            offer?.Product,
            offer?.Title ?? line.Title,
            offer?.Slug,
            line.Quantity,
            price,
            price * line.Quantity,
            shelf.IsKnown ? offer?.Availability ?? "outOfStock" : null
        );
    }
}

/// <summary>Sums of a cart. Discount, shipping and tax are 0 until the shop has rules for them.</summary>
static class CartTotals
{
    public static OrderTotals Of(IEnumerable<Money> lines, string currency)
    {
        var none = Money.Zero(currency);
        var subtotal = lines.Aggregate(none, (sum, line) => sum + line);
        return new(subtotal, Discount: none, Shipping: none, Tax: none, Total: subtotal);
    }
}

/// <summary>What the buyer should know: <c>PRICE_CHANGED</c>, <c>VARIANT_GONE</c>, <c>OUT_OF_STOCK</c> of a line, or
/// <c>CATALOG_UNAVAILABLE</c> of the whole cart.</summary>
sealed record CartWarning(string Code, string? Sku, string Message)
{
    public static IReadOnlyList<CartWarning> Of(Cart cart, Shelf shelf) =>
        shelf.IsKnown
            ? [.. cart.Lines.Select(line => Of(line, shelf)).OfType<CartWarning>()]
            :
            [
                new(
                    "CATALOG_UNAVAILABLE",
                    null,
                    "The catalogue does not answer; prices and titles are the last known, and checkout waits until it does."
                ),
            ];

    static CartWarning? Of(CartLine line, Shelf shelf)
    {
        if (shelf.PriceOf(line.Sku) is not { } price)
            return new("VARIANT_GONE", line.Sku, "This is no longer sold; take it out of the cart.");
        if (shelf.Find(line.Sku) is { Availability: "outOfStock" })
            return new("OUT_OF_STOCK", line.Sku, "This is out of stock.");
        return price == line.UnitPrice
            ? null
            : new("PRICE_CHANGED", line.Sku, $"The price was {line.UnitPrice} and is now {price}, in minor units.");
    }
}
