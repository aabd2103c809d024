using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Inventory;

/// <summary>Lists stock by variant, oldest first, and location.</summary>
static class ListLevels
{
    public static void Map(IEndpointRouteBuilder stock) =>
        stock
            .MapGet("", Handle)
            .WithName("listStock")
            .WithSummary("Lists what is on hand, reserved and incoming, by variant and location")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);

    static async Task<Reply<IReadOnlyList<StockView>>> Handle(
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null,
        [StringLength(100)] string? sku = null,
        [StringLength(100)] string? location = null
    )
    {
        var (variant, place) = (Guid.Empty, "");
        if (after is not null)
        {
            if (!Cursor.Read(after, 2).Is(out var values, out var rejection))
                return rejection;
            if (!Guid.TryParseExact(values[0], "D", out variant))
                return Refusals.InvalidCursor;
            place = values[1];
        }
        if ((sku is not null && !Product.IsKey(sku)) || (location is not null && !Product.IsKey(location)))
            return Reply<IReadOnlyList<StockView>>.Of([]);
        object[] chosen = [variant, place, limit + 1, .. new[] { sku, location }.OfType<string>()];
        await using var find = database.Source.CreateCommand(Select(sku, location)).With(chosen);
        var rows = new List<(Guid Variant, StockView View)>();
        var now = http.Clock.GetUtcNow();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(
                (
                    reader.GetGuid(0),
                    StockView.Of(reader.GetString(1), reader.GetString(2), StockLevel.Of(reader, 3), now)
                )
            );
        return Reply<IReadOnlyList<StockView>>.Of(
            [.. rows.Take(limit).Select(row => row.View)],
            next: rows.Count > limit
                ? Cursor.Write(rows[limit - 1].Variant.ToString(), rows[limit - 1].View.Location)
                : null
        );
    }

    /// <summary>A statement for each set of filters, so that each has the plan of its index.</summary>
    internal static string Select(string? sku, string? location) =>
        $"""
            select s.variant, v.sku, s.location, {StockLevel.Columns}
            from stock s join variants v on v.id = s.variant
            where (s.variant, s.location) > ($1, $2) and s.variant >= $1
            {(sku is null ? "" : "and s.variant = (select id from variants where sku = $4)")}
            {(location is null ? "" : $"and s.location = {(sku is null ? "$4" : "$5")}")}
            order by s.variant, s.location limit $3
            """;
}
