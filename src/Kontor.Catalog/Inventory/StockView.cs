using Kontor.Catalog.Stock;

namespace Kontor.Catalog.Inventory;

/// <summary>The stock of a variant at a location, as staff see it.</summary>
/// <param name="OnHand">Pieces that are there.</param>
/// <param name="Reserved">Pieces held for buyers.</param>
/// <param name="Incoming">Pieces announced or under way to here.</param>
/// <param name="SafetyStock">Pieces on hand that are not offered.</param>
/// <param name="BackorderLimit">Pieces that may be promised before they are there, at any time.</param>
/// <param name="Owed">Pieces that are promised and neither there nor within a limit: a forced count left them.</param>
/// <param name="Available">Pieces that may be promised now; below nothing where too much is.</param>
/// <param name="Availability"><c>inStock</c>, <c>preorder</c>, <c>backorder</c> or <c>outOfStock</c>; of this location alone,
/// were it active.</param>
/// <param name="Preorder">Pieces that may be promised until a time.</param>
public sealed record StockView(
    string Sku,
    string Location,
    long OnHand,
    long Reserved,
    long Incoming,
    long SafetyStock,
    long BackorderLimit,
    long Owed,
    long Available,
    string Availability,
    Preorder? Preorder = null
)
{
    internal static StockView Of(string sku, string location, StockLevel level, DateTimeOffset now) =>
        new(
            sku,
            location,
            level.OnHand,
            level.Reserved,
            level.Incoming,
            level.SafetyStock,
            level.BackorderLimit - level.Owed - level.PreorderLimit,
            level.Owed,
            level.Available(now),
            level.Class(now),
            level.PreorderUntil is { } until ? new(level.PreorderLimit, until) : null
        );
}

/// <summary>Pieces that may be promised before they are there until a time, beside the backorder limit.</summary>
/// <param name="Limit">1 to 1,000,000,000.</param>
/// <param name="Until">From then on no more are promised; what is promised stays.</param>
public sealed record Preorder(long Limit, DateTimeOffset Until);
