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
/// <param name="Locations">In the order in which reservations ask them.</param>
public sealed record AvailabilityReason(
    string Sku,
    string Availability,
    string Rule,
    string? DecidedBy,
    long MostAtOnce,
    DateTimeOffset? ChangesAt,
    IReadOnlyList<LocationReason> Locations
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
        await using var find = database
            .Source.CreateCommand(
                $"""
                select v.id, l.key, l.priority, l.active, {StockLevel.Columns}
                from variants v left join (stock s join locations l on l.key = s.location) on s.variant = v.id
                where v.sku = $1
                """
            )
            .With(sku);
        await using var reader = await find.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return Rejections.SkuNotFound;
        var rows = new List<StockRow>();
        do
        {
            if (!await reader.IsDBNullAsync(1, stop))
                rows.Add(
                    new(
                        reader.GetGuid(0),
                        sku,
                        new(reader.GetString(1), reader.GetInt32(2), reader.GetBoolean(3)),
                        StockLevel.Of(reader, 4)
                    )
                );
        } while (await reader.ReadAsync(stop));
        return Decide(sku, rows, http.Clock.GetUtcNow());
    }

    /// <summary>The rule, as reservations and product pages have it.</summary>
    internal static AvailabilityReason Decide(string sku, IEnumerable<StockRow> rows, DateTimeOffset now)
    {
        var asked = rows.OrderBy(row => row.Place.Priority)
            .ThenBy(row => row.Location, StringComparer.Ordinal)
            .Select(row => Of(row, now))
            .ToList();
        var offered = asked.Where(location => location.Active).ToList();
        string[] inOrder = [PiecesThere, PreorderOpen, BackorderOpen];
        var rule =
            inOrder.FirstOrDefault(verdict => offered.Exists(location => location.Verdict == verdict))
            ?? (offered.Count == 0 ? NotStocked : AllPromised);
        var by = offered.Find(location => location.Verdict == rule && inOrder.Contains(rule, StringComparer.Ordinal));
        return new(
            sku,
            by?.Stock.Availability ?? "outOfStock",
            rule,
            by?.Location,
            offered.Select(location => Math.Max(0, location.Stock.Available)).DefaultIfEmpty().Max(),
            offered.Min(location =>
                location.Stock.Preorder is { } open && open.Until > now ? open.Until : (DateTimeOffset?)null
            ),
            asked
        );
    }

    static LocationReason Of(StockRow row, DateTimeOffset now)
    {
        var verdict = row.Level.Class(now) switch
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
