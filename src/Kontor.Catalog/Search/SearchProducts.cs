using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Texts;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Search;

/// <summary>Finds products by words, best first.</summary>
static class SearchProducts
{
    public const int MaxQuery = 200;

    public static void Map(IEndpointRouteBuilder search) =>
        search
            .MapGet("", Handle)
            .WithName("searchProducts")
            .WithSummary("Finds products by words, best first; the last word may be just begun")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.QueryRequired,
                Rejections.LocaleMalformed,
                Refusals.ValidationFailed,
                Refusals.InvalidCursor,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    static async Task<Reply<IReadOnlyList<ProductView>>> Handle(
        IProductSearch search,
        CatalogDatabase database,
        [AsParameters] PriceQuery prices,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CancellationToken stop,
        string? q = null,
        [Range(1, 100)] int limit = 20,
        string? after = null
    )
    {
        if (string.IsNullOrWhiteSpace(q))
            return Rejections.QueryRequired;
        if (q.Length > MaxQuery)
            return Refusals.ValidationFailed.At("q", $"1 to {MaxQuery} characters.");
        if (!prices.Read(http.User, locale).Is(out var context, out var refused))
            return refused;
        var looking = new Looking(context.Channel, context.At, context.Everything);
        if (!(await search.Find(q, limit, after, looking, stop)).Is(out var page, out var rejection))
            return rejection;
        if (page.Items.Count == 0)
            return Reply<IReadOnlyList<ProductView>>.Of([]);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await ProductReader.Of(connection, [.. page.Items], context, stop);
        http.Tell(context.Chain, found.SelectMany(product => product.Languages));
        return Reply<IReadOnlyList<ProductView>>.Of(found, next: page.Next);
    }
}
