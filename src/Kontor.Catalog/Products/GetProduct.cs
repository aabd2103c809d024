using System.Security.Cryptography;
using System.Text;
using GraphQL;
using GraphQL.Types;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Products;

/// <summary>Shows one product with all its variants.</summary>
static class GetProduct
{
    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapGet("/{product}", Handle)
            .WithName("getProduct")
            .WithSummary("Shows a product; {product} is the id or the slug")
            .OpenToAll("The catalogue is public.")
            .Refuses(Rejections.ProductNotFound);

    static async Task<Reply<ProductView>> Handle(string product, CatalogDatabase database, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        return await ProductReader.Find(connection, product, stop) is { } found
            ? Answer(found)
            : Rejections.ProductNotFound;
    }

    public static void Field(ObjectGraphType query) =>
        query
            .Field<ProductGraph>("product")
            .Description("One product, by its id or by its slug; null where there is none.")
            .Argument<IdGraphType>("id")
            .Argument<StringGraphType>("slug")
            .ResolveAsync(async at =>
            {
                var (id, slug) = (at.GetArgument<string?>("id"), at.GetArgument<string?>("slug"));
                if (id is null == slug is null)
                    throw GraphWords.ErrorOf(Refusals.ValidationFailed.Because("Give either id or slug."));
                if (slug is null ? !Guid.TryParseExact(id, "D", out _) : !Product.IsSlug(slug))
                    return null;
                var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                await using var connection = await database.Source.OpenConnectionAsync(at.CancellationToken);
                return await ProductReader.Find(connection, slug ?? id!, at.CancellationToken);
            });

    /// <summary>The product with the ETag of its version, of the availability shown, and of its type's version: a type that
    /// migrates shows other attributes under the same version of the product.</summary>
    internal static Reply<ProductView> Answer(
        ProductView product,
        int status = StatusCodes.Status200OK,
        string? location = null,
        string? position = null
    )
    {
        var shown = string.Concat(product.Variants.Select(variant => variant.Availability[0]));
        var type = product.TypeVersion == 1 ? "" : $"-t{product.TypeVersion}";
        return Reply<ProductView>
            .Of(product, status, product.Version, location)
            .With($"{Digest(shown)}{type}", position);
    }

    static string Digest(string shown) =>
        shown.Length <= 8 ? shown : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(shown)), 0, 8);
}
