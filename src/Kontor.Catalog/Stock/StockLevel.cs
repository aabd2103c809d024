using Kontor.Contracts.Catalog;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Stock;

/// <summary>The stock of a variant at a location.</summary>
/// <param name="OnHand">Pieces that are there.</param>
/// <param name="Reserved">Pieces held for buyers, at most <paramref name="OnHand"/> + <paramref name="BackorderLimit"/>.</param>
/// <param name="BackorderLimit">Pieces that may be sold before they are there.</param>
readonly record struct StockLevel(long OnHand, long Reserved, long BackorderLimit)
{
    public const string MainLocation = "main";

    public long Available => OnHand + BackorderLimit - Reserved;

    /// <summary>What a buyer is shown instead of a number.</summary>
    public string Class =>
        OnHand > Reserved ? "inStock"
        : Available > 0 ? "backorder"
        : "outOfStock";

    public static void Changed(
        Work work,
        string sku,
        string location,
        StockLevel before,
        StockLevel after,
        string reason
    ) =>
        work.Happened(
            $"stock-{sku}",
            new StockChanged(sku, location, after.OnHand, after.Reserved, before.Class, after.Class, reason)
        );
}
