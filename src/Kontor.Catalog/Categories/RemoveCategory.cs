using Kontor.Catalog.Products;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Categories;

/// <summary>Removes a category that nothing stands in.</summary>
static class RemoveCategory
{
    public static void Map(IEndpointRouteBuilder categories) =>
        categories
            .MapDelete("/{category}", Handle)
            .WithName("removeCategory")
            .WithSummary("Removes a category without products and without categories below it")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.CategoryNotFound,
                Rejections.CategoryInUse,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<CategoryView>> Handle(
        string category,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Product.IsKey(category))
            return Rejections.CategoryNotFound;
        try
        {
            return await http.Write(database, work => Store(work, category, expected, stop), stop);
        }
        catch (PostgresException named) when (named.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Rejections.CategoryInUse;
        }
    }

    static async Task<Reply<CategoryView>> Store(Work work, string key, long? expected, CancellationToken stop)
    {
        if (await CategoryTree.Lock(work, key, stop) is not { } standing)
            return Rejections.CategoryNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        await using var delete = work.Command("delete from categories where key = $1", key);
        await delete.ExecuteNonQueryAsync(stop);
        work.Happened($"category-{key}", new CategoryRemoved(key));
        return standing;
    }
}
