using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Availability;

/// <summary>Whether a variant can be had, as everybody may see it.</summary>
/// <param name="Availability"><c>inStock</c>, <c>preorder</c> (not out yet, can be ordered), <c>backorder</c> (can be
/// ordered, comes later) or <c>outOfStock</c>.</param>
public sealed record AvailabilityView(string Sku, string Availability);

/// <summary>Shows whether a variant can be had; never how many there are.</summary>
static class ShowAvailability
{
    public static void Map(IEndpointRouteBuilder variants) =>
        variants
            .MapGet("/{sku}/availability", Handle)
            .WithName("getAvailability")
            .WithSummary("Shows whether a variant can be had")
            .OpenToAll("The catalogue is public, and this is a word of it.")
            .Refuses(Rejections.SkuNotFound);

    static async Task<Reply<AvailabilityView>> Handle(
        string sku,
        CatalogDatabase database,
        CancellationToken stop,
        string? channel = null
    )
    {
        if (!Product.IsKey(sku) || (channel is not null && !Keys.Is(channel)))
            return Rejections.SkuNotFound;
        await using var find = database
            .Source.CreateCommand(
                $"""
                select {StockLevel.ClassSql} from variants v join products p on p.id = v.product
                where v.sku = $1 and {Visible.Shown("$2::text")}
                """
            )
            .With(sku, channel);
        return await find.ExecuteScalarAsync(stop) is string found
            ? new AvailabilityView(sku, found)
            : Rejections.SkuNotFound;
    }
}
