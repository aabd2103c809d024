using Kontor.Catalog.Inventory;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Availability;

/// <summary>Why a variant's availability is what is shown.</summary>
/// <param name="Availability">What is shown.</param>
/// <param name="Rule">The rule that decided: <c>PIECES_THERE</c>, <c>PREORDER_OPEN</c>, <c>BACKORDER_OPEN</c>,
/// <c>NOT_STOCKED</c> (no active location has it) or <c>ALL_PROMISED</c>.</param>
/// <param name="DecidedBy">The first location, in the order of reservations, by which the rule holds; absent where
/// nothing can be had.</param>
/// <param name="MostAtOnce">The most pieces that a line from one location can have now.</param>
/// <param name="ChangesAt">When the next pre-order ends, and with it perhaps this answer; absent where none is open.</param>
/// <param name="Locations">In the order in which reservations ask them; of a bundle none, since its components have them.</param>
/// <param name="DecidedByComponent">Of a bundle: the component whose class and rule it has, the worst of them.</param>
/// <param name="LimitedBy">Of a bundle: the component of which the fewest bundles can be made.</param>
/// <param name="Components">Of a bundle: what each component gives, in the bundle's order.</param>
public sealed record AvailabilityReason(
    string Sku,
    string Availability,
    string Rule,
    string? DecidedBy,
    long MostAtOnce,
    DateTimeOffset? ChangesAt,
    IReadOnlyList<LocationReason> Locations,
    string? DecidedByComponent = null,
    string? LimitedBy = null,
    IReadOnlyList<ComponentReason>? Components = null
);

/// <summary>What a location gives to the answer.</summary>
/// <param name="Verdict">Why it gives or not: <c>INACTIVE</c>, or one of the rules.</param>
/// <param name="Free">Pieces there that are neither reserved nor kept as safety stock.</param>
public sealed record LocationReason(
    string Location,
    int Priority,
    bool Active,
    string Verdict,
    long Free,
    StockView Stock
);

/// <summary>Explains an availability to staff: each location's numbers, and the rule that decided.</summary>
static class ExplainAvailability
{
    const string PiecesThere = "PIECES_THERE";
    const string PreorderOpen = "PREORDER_OPEN";
    const string BackorderOpen = "BACKORDER_OPEN";
    const string AllPromised = "ALL_PROMISED";
    const string NotStocked = "NOT_STOCKED";
    const string Inactive = "INACTIVE";

    public static void Map(IEndpointRouteBuilder variants) =>
        variants
            .MapGet("/{sku}/availability/explain", Handle)
            .WithName("explainAvailability")
            .WithSummary("Explains a variant's availability: each location's numbers and the rule that decided")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.SkuNotFound);

    static async Task<Reply<AvailabilityReason>> Handle(
        string sku,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Product.IsKey(sku))
            return Rejections.SkuNotFound;
        await using var find = database.Source.CreateCommand(Select).With(sku);
        await using var reader = await find.ExecuteReaderAsync(stop);
        var shelves = new List<(string Sku, long? Quantity, bool IsSold, StockRow? Row)>();
        while (await reader.ReadAsync(stop))
            shelves.Add(
                (
                    reader.GetString(1),
                    await reader.IsDBNullAsync(2, stop) ? null : reader.GetInt32(2),
                    reader.GetBoolean(3),
                    await reader.IsDBNullAsync(4, stop)
                        ? null
                        : new(
                            reader.GetGuid(0),
                            reader.GetString(1),
                            new(reader.GetString(4), reader.GetInt32(5), reader.GetBoolean(6)),
                            StockLevel.Of(reader, 7)
                        )
                )
            );
        if (shelves.Count == 0)
            return Rejections.SkuNotFound;
        var now = http.Clock.GetUtcNow();
        if (shelves[0].Quantity is null)
            return Decide(sku, shelves.Select(shelf => shelf.Row).OfType<StockRow>(), now);
        var parts = shelves
            .GroupBy(shelf => (shelf.Sku, Quantity: shelf.Quantity ?? 1, shelf.IsSold))
            .Select(part =>
                (
                    part.Key.Sku,
                    part.Key.Quantity,
                    part.Key.IsSold,
                    (IReadOnlyList<StockRow>)[.. part.Select(shelf => shelf.Row).OfType<StockRow>()]
                )
            );
        return BundleReason.Decide(sku, parts, now);
    }

    /// <summary>A variant's shelves, or those of all that a bundle is made of.</summary>
    static readonly string Select = $"""
        select v.id, v.sku, c.quantity, {Visible.Sold()}, l.key, l.priority, l.active, {StockLevel.Columns}
        from variants asked left join bundle_components c on c.bundle = asked.id
        join variants v on v.id = coalesce(c.component, asked.id) join products p on p.id = v.product
        left join (stock s join locations l on l.key = s.location) on s.variant = v.id
        where asked.sku = $1 order by c.position
        """;

    /// <summary>The rule, as reservations and product pages have it.</summary>
    /// <param name="pieces">As many as are wanted of one location.</param>
    internal static AvailabilityReason Decide(
        string sku,
        IEnumerable<StockRow> rows,
        DateTimeOffset now,
        long pieces = 1
    )
    {
        var asked = rows.OrderBy(row => row.Place.Priority)
            .ThenBy(row => row.Location, StringComparer.Ordinal)
            .Select(row => Of(row, now, pieces))
            .ToList();
        var offered = asked.Where(location => location.Active).ToList();
        string[] inOrder = [PiecesThere, PreorderOpen, BackorderOpen];
        var rule =
            inOrder.FirstOrDefault(verdict => offered.Exists(location => location.Verdict == verdict))
            ?? (offered.Count == 0 ? NotStocked : AllPromised);
        var by = offered.Find(location => location.Verdict == rule && inOrder.Contains(rule, StringComparer.Ordinal));
        return new(
            sku,
            ClassOf(rule),
            rule,
            by?.Location,
            offered.Select(location => Math.Max(0, location.Stock.Available)).DefaultIfEmpty().Max(),
            offered.Min(location =>
                location.Stock.Preorder is { } open && open.Until > now ? open.Until : (DateTimeOffset?)null
            ),
            asked
        );
    }

    static string ClassOf(string rule) =>
        rule switch
        {
            PiecesThere => "inStock",
            PreorderOpen => "preorder",
            BackorderOpen => "backorder",
            _ => "outOfStock",
        };

    static LocationReason Of(StockRow row, DateTimeOffset now, long pieces)
    {
        var verdict = row.Level.Class(now, pieces) switch
        {
            _ when !row.Place.IsActive => Inactive,
            "inStock" => PiecesThere,
            "preorder" => PreorderOpen,
            "backorder" => BackorderOpen,
            _ => AllPromised,
        };
        return new(
            row.Location,
            row.Place.Priority,
            row.Place.IsActive,
            verdict,
            row.Level.Free,
            StockView.Of(row.Sku, row.Location, row.Level, now)
        );
    }
}
