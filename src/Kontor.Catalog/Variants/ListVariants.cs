using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Variants;

/// <summary>Lists all the variants of a product, in its owner's order.</summary>
static class ListVariants
{
    public const int MaxPage = 500;

    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapGet("/{product}/variants", Handle)
            .WithName("listVariants")
            .WithSummary("Lists all the variants of a product that is shown; {product} is the id or the slug")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.ProductNotFound,
                Refusals.InvalidCursor,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    static async Task<Reply<IReadOnlyList<VariantView>>> Handle(
        string product,
        [AsParameters] PriceQuery prices,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, MaxPage)] int limit = 100,
        string? after = null
    )
    {
        if (!prices.Read(http.User).Is(out var context, out var refused))
            return refused;
        if (!VariantPlace.Of(after).Is(out var place, out var rejection))
            return rejection;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        return await VariantPages.Find(connection, (product, place), limit, context, stop) is { } page
            ? Reply<IReadOnlyList<VariantView>>.Of(page.Items, next: page.Next)
            : Rejections.ProductNotFound;
    }
}
