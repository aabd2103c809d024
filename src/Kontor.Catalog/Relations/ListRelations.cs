using Kontor.Catalog.Prices;
using Kontor.Catalog.Products.Reading;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Relations;

/// <summary>Lists the products that a product leads to.</summary>
static class ListRelations
{
    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapGet("/{product}/relations", Handle)
            .WithName("listProductRelations")
            .WithSummary(
                "Lists the products that a product leads to and that are shown, by kind and in order; {product} is the id or the slug"
            )
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.ProductNotFound,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    static async Task<Reply<IReadOnlyList<RelatedProduct>>> Handle(
        string product,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        string? kind = null,
        string? channel = null,
        string? view = null
    )
    {
        if (!new PriceQuery(Channel: channel, View: view).Read(http.User).Is(out var looking, out var rejection))
            return rejection;
        if (kind is not null && !Relation.IsKind(kind))
            return Refusals.ValidationFailed.At("kind", Relation.KindRule);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await Relation.Read(connection, product, kind, (looking.Channel, looking.Everything), stop);
        return found is not null
            ? Reply<IReadOnlyList<RelatedProduct>>.Of(found)
            : await OldSlug.Reply<IReadOnlyList<RelatedProduct>>(
                connection,
                (product, "relations"),
                looking,
                http,
                stop
            );
    }
}
