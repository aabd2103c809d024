using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Takes a type away that no product is of.</summary>
static class DeleteProductType
{
    public static void Map(IEndpointRouteBuilder types) =>
        types
            .MapDelete("/{type}", Handle)
            .WithName("deleteProductType")
            .WithSummary("Deletes a product type that no product is of; the answer is the type as it stood")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.ProductTypeNotFound,
                Rejections.ProductTypeBuiltIn,
                Rejections.ProductTypeInUse,
                Rejections.ProductTypeMigrating,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<ProductTypeView>> Handle(
        string type,
        HttpContext http,
        CatalogDatabase database,
        TypeBook types,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(type))
            return Rejections.ProductTypeNotFound;
        if (type == TypeDefinition.Default.Key)
            return Rejections.ProductTypeBuiltIn;
        return await http.Write(database, work => Store(work, type, expected, types, stop), stop);
    }

    static async Task<Reply<ProductTypeView>> Store(
        Work work,
        string type,
        long? expected,
        TypeBook types,
        CancellationToken stop
    )
    {
        if (await types.HoldAlone(work, type, stop) is null)
            return Rejections.ProductTypeNotFound;
        var standing = (await ProductTypeReader.Find(work.Connection, type, stop))!;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"The type is at version {standing.Version}.");
        if (standing.Migration is not null)
            return Rejections.ProductTypeMigrating;
        if (await LiveProducts.Count(work.Connection, type, stop) is > 0 and var products)
            return Rejections.ProductTypeInUse.Because($"{products} products are of it.");
        await using var delete = work.Command("delete from product_types where key = $1", type);
        await delete.ExecuteNonQueryAsync(stop);
        work.Happened($"product-type-{type}", new ProductTypeDeleted(type));
        return Reply<ProductTypeView>.Of(standing);
    }
}
