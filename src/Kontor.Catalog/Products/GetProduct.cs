using System.Security.Cryptography;
using System.Text;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Caching;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products.Reading;
using Kontor.Catalog.Texts;
using Kontor.Platform.Access;
using Kontor.Platform.Caching;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Products;

/// <summary>Shows one product with its variants, so many as an answer holds.</summary>
static class GetProduct
{
    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapGet("/{product}", Handle)
            .WithName("getProduct")
            .WithSummary(
                "Shows a product; {product} is the id or the slug, and one that it had leads to the one that it has"
            )
            .OpenToAll("The catalogue is public.")
            .ReadsThroughCache(products.Cache())
            .Answers(StatusCodes.Status200OK, StatusCodes.Status308PermanentRedirect)
            .Refuses(
                Rejections.ProductNotFound,
                Rejections.LocaleMalformed,
                Refusals.PositionMalformed,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    static async Task<Reply<ProductView>> Handle(
        string product,
        [AsParameters] PriceQuery prices,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        BodyCache cache,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!prices.Read(http.User, locale).Is(out var context, out var rejection))
            return rejection;
        if (context.IsForAll())
        {
            var load = ProductBodies.ByName(database, product, context, http.Request.QueryString, http.Clock);
            return Reply<ProductView>.From(await cache.Read(http, load, stop));
        }
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        if (await ProductReader.Find(connection, product, context, stop) is not { } found)
            return Rejections.ProductNotFound;
        http.Tell(context.Chain, found.Languages);
        return found.Slug == product || Guid.TryParseExact(product, "D", out _)
            ? Answer(found)
            : LeadTo(found, http.Request.QueryString);
    }

    /// <summary>Leads from a slug that it had to the one that it has.</summary>
    internal static Reply<ProductView> LeadTo(ProductView found, QueryString query) =>
        Reply<ProductView>.Of(
            found,
            StatusCodes.Status308PermanentRedirect,
            location: $"/api/v1/products/{found.Slug}{query}"
        );

    public static void Field(ObjectGraphType query) =>
        query
            .Field<ProductGraph>("product")
            .Description("One product, by its id or by its slug; null where there is none.")
            .Argument<IdGraphType>("id")
            .Argument<StringGraphType>("slug")
            .PricesFor()
            .ResolveAsync(async at =>
            {
                var (id, slug) = (at.GetArgument<string?>("id"), at.GetArgument<string?>("slug"));
                if (id is null == slug is null)
                    throw GraphWords.ErrorOf(Refusals.ValidationFailed.Because("Give either id or slug."));
                if (slug is null ? !Guid.TryParseExact(id, "D", out _) : !Product.IsSlug(slug))
                    return null;
                var prices = at.Prices();
                var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                await using var connection = await database.Source.OpenConnectionAsync(at.CancellationToken);
                return await ProductReader.Find(connection, slug ?? id!, prices, at.CancellationToken);
            });

    /// <summary>The product with the ETag of its version, of the availability, prices and components shown, which move
    /// without one, of its type's version (a type that migrates shows other attributes under the same version of the
    /// product), of its pictures' versions, and of the titles of its categories where they are shown.</summary>
    internal static Reply<ProductView> Answer(
        ProductView product,
        int status = StatusCodes.Status200OK,
        string? location = null,
        string? position = null
    )
    {
        product = product.Within(Extent.One);
        var available = string.Concat(product.Variants.Select(variant => variant.Availability[0]));
        var priced = string.Concat(product.Variants.Select(Priced));
        var shown = available.Length <= 8 ? available : Digest(available);
        if (priced.Length > 0)
            shown += $"-{Digest(priced)}";
        if (product.CategoryTitles is { Count: > 0 } titles)
            shown += $"-c{Digest(string.Join('\n', titles.Select(title => title.ToString())))}";
        if (Components(product) is { Length: > 0 } parts)
            shown += $"-b{Digest(parts)}";
        if (product.Media.Count > 0)
            shown += $"-m{Digest(string.Join(',', product.Media.Select(media => $"{media.Key}:{media.Version}")))}";
        if (product.TypeVersion > 1)
            shown += $"-t{product.TypeVersion}";
        return Reply<ProductView>.Of(product, status, product.Version, location).With(shown, position);
    }

    static string Priced(VariantView variant) =>
        variant is { Prices: [], PricesChangeAt: null }
            ? ""
            : $"{variant.Sku}:{string.Join(',', variant.Prices)}/{string.Join(',', variant.CompareAt ?? [])}/{variant.PricesChangeAt:O};";

    static string Components(ProductView product) =>
        string.Concat(
            product
                .Variants.Where(variant => variant.Components is not null)
                .Select(variant => $"{variant.Sku}:{string.Join(',', variant.Components!)};")
        );

    static string Digest(string shown) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), 0, 8);
}
