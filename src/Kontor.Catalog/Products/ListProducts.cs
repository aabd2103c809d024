using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Products;

/// <summary>Lists products, oldest first, in pages that stay stable while products come.</summary>
static class ListProducts
{
    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapGet("", Handle)
            .WithName("listProducts")
            .WithSummary("Lists products, oldest first")
            .OpenToAll("The catalogue is public.")
            .Refuses(Refusals.InvalidCursor);

    static async Task<Reply<IReadOnlyList<ProductView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null,
        [StringLength(100)] string? category = null
    )
    {
        var last = Guid.Empty;
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            if (!Guid.TryParseExact(values[0], "D", out last))
                return Refusals.InvalidCursor;
        }
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await ProductReader.Page(connection, last, category, limit + 1, stop);
        var page = found.Take(limit).ToList();
        return Reply<IReadOnlyList<ProductView>>.Of(
            page,
            next: found.Count > limit ? Cursor.Write(page[^1].Id.ToString()) : null
        );
    }
}
