using Kontor.Catalog.Stock;

namespace Kontor.Catalog.Availability;

/// <summary>What a component gives to the availability of a bundle.</summary>
/// <param name="Quantity">Pieces in one bundle.</param>
/// <param name="Sold">Whether its product is shown anywhere now; one that is not gives nothing.</param>
/// <param name="Availability">For who wants as many pieces as one bundle takes, of one location.</param>
/// <param name="Rule">The rule that decided: those of a variant, or <c>COMPONENT_NOT_SOLD</c>.</param>
/// <param name="DecidedBy">The first location by which the rule holds; absent where nothing can be had.</param>
/// <param name="MostAtOnce">The most bundles for which a line from one location can have its pieces now.</param>
public sealed record ComponentReason(
    string Sku,
    long Quantity,
    bool Sold,
    string Availability,
    string Rule,
    string? DecidedBy,
    long MostAtOnce,
    DateTimeOffset? ChangesAt,
    IReadOnlyList<LocationReason> Locations
);

/// <summary>The rule of bundles: as much as the scarcest component allows, in the class of the worst.</summary>
static class BundleReason
{
    const string NotSold = "COMPONENT_NOT_SOLD";
    static readonly string[] FromBest = ["inStock", "preorder", "backorder", "outOfStock"];

    /// <param name="parts">In the bundle's order, at least one; with the stock rows of each.</param>
    public static AvailabilityReason Decide(
        string sku,
        IEnumerable<(string Sku, long Quantity, bool IsSold, IReadOnlyList<StockRow> Rows)> parts,
        DateTimeOffset now
    )
    {
        var components = parts.Select(part => Of(part.Sku, part.Quantity, part.IsSold, part.Rows, now)).ToList();
        // Both sorts are stable: of equals the first in the bundle's order is named.
        var worst = components
            .OrderByDescending(part => Array.IndexOf(FromBest, part.Availability))
            .ThenBy(part => part.MostAtOnce)
            .First();
        var scarcest = components
            .OrderBy(part => part.MostAtOnce)
            .ThenByDescending(part => Array.IndexOf(FromBest, part.Availability))
            .First();
        return new(
            sku,
            worst.Availability,
            worst.Rule,
            worst.DecidedBy,
            scarcest.MostAtOnce,
            components.Min(part => part.ChangesAt),
            [],
            worst.Sku,
            scarcest.Sku,
            components
        );
    }

    static ComponentReason Of(string sku, long quantity, bool isSold, IReadOnlyList<StockRow> rows, DateTimeOffset now)
    {
        var alone = ExplainAvailability.Decide(sku, rows, now, quantity);
        return new(
            sku,
            quantity,
            isSold,
            isSold ? alone.Availability : "outOfStock",
            isSold ? alone.Rule : NotSold,
            isSold ? alone.DecidedBy : null,
            isSold ? alone.MostAtOnce / quantity : 0,
            alone.ChangesAt,
            alone.Locations
        );
    }
}
