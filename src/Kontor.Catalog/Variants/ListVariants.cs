using System.ComponentModel.DataAnnotations;
using GraphQL.Types;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Products.Reading;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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
                Rejections.LocaleMalformed,
                Refusals.InvalidCursor,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    public static void Field(ObjectGraphType<ProductView> product) =>
        product
            .Field<VariantPageGraph>("allVariants")
            .Description("All its variants, in the owner's order, page by page, with prices as the product's own.")
            .InPages()
            .Resolve(at =>
            {
                var (first, prices) = (at.First(), at.Source.Seen);
                return at.Load<(Guid, VariantPlace), Page<VariantView>>(
                    (nameof(ListVariants), first, prices),
                    (at.Source.Id, VariantPlace.Of(at.After()).OrError()),
                    async (wanted, stop) =>
                    {
                        var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                        await using var connection = await database.Source.OpenConnectionAsync(stop);
                        var pages = await VariantPages.Of(connection, wanted, first, prices, stop);
                        // A product that is no longer shown since it was read has none to show.
                        return [.. pages.Select(page => page ?? new Page<VariantView>([], null))];
                    }
                );
            });

    static async Task<Reply<IReadOnlyList<VariantView>>> Handle(
        string product,
        [AsParameters] PriceQuery prices,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, MaxPage)] int limit = 100,
        string? after = null
    )
    {
        if (!prices.Read(http.User, locale).Is(out var context, out var refused))
            return refused;
        if (!VariantPlace.Of(after).Is(out var place, out var rejection))
            return rejection;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        if (await VariantPages.Find(connection, (product, place), limit, context, stop) is not { } page)
            return await OldSlug.Reply<IReadOnlyList<VariantView>>(
                connection,
                (product, "variants"),
                context,
                http,
                stop
            );
        http.Tell(context.Chain, page.Items.SelectMany(variant => ShownTexts.LanguagesOf(variant.Localised)));
        return Reply<IReadOnlyList<VariantView>>.Of(page.Items, next: page.Next);
    }
}

sealed class VariantPageGraph()
    : ConnectionGraph<VariantView, VariantGraph>("VariantConnection", "A page of variants.");
