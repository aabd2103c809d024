using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Products;

/// <summary>Deletes a product so that nobody sees or buys it, and brings it back.</summary>
/// <remarks>Nothing of it goes: orders name it, pieces of it lie in stock and may be held. What is held stays held.</remarks>
static class DeleteProduct
{
    public static void Map(IEndpointRouteBuilder products)
    {
        products
            .MapDelete("/{product}", HandleDelete)
            .WithName("deleteProduct")
            .WithSummary("Deletes a product; its key, slug and SKUs stay taken, and it can be restored")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.ProductNotFound, Refusals.PreconditionRequired, Refusals.PreconditionFailed);
        products
            .MapPost("/{product}/restore", HandleRestore)
            .WithName("restoreProduct")
            .WithSummary("Restores a deleted product as it was; one that is not deleted stays as it is")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.ProductNotFound, Refusals.PreconditionRequired, Refusals.PreconditionFailed);
    }

    static Task<Reply<ProductView>> HandleDelete(
        string product,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) => Write(product, http, database, isDeleted: true, stop);

    static Task<Reply<ProductView>> HandleRestore(
        string product,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) => Write(product, http, database, isDeleted: false, stop);

    static async Task<Reply<ProductView>> Write(
        string product,
        HttpContext http,
        CatalogDatabase database,
        bool isDeleted,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        var now = http.Clock.GetUtcNow();
        return await http.Write(database, work => Store(work, product, expected, (isDeleted, now), stop), stop);
    }

    static async Task<Reply<ProductView>> Store(
        Work work,
        string name,
        long? expected,
        (bool IsDeleted, DateTimeOffset Now) wanted,
        CancellationToken stop
    )
    {
        if (await ProductWriter.Lock(work, name, stop) is not var (id, _))
            return Rejections.ProductNotFound;
        var standing = (await ProductReader.Of(work.Connection, [id], stop))[0];
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"The product is at version {standing.Version}.");
        if (standing.Publication?.DeletedAt is not null == wanted.IsDeleted)
            return GetProduct.Answer(standing);

        await using var update = work.Command(
            "update products set deleted_at = $2, updated_at = $3, version = version + 1 where id = $1",
            id,
            wanted.IsDeleted ? wanted.Now : null,
            wanted.Now
        );
        await update.ExecuteNonQueryAsync(stop);
        var view = (await ProductReader.Of(work.Connection, [id], stop))[0];
        if (wanted.IsDeleted)
            work.Happened($"product-{id}", new ProductDeleted(id, view.Key, view.Version));
        else
            work.Happened($"product-{id}", new ProductRestored(id, view.Key, view.Version));
        return GetProduct.Answer(view);
    }
}
