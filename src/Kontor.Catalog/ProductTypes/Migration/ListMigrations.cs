using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>Lists the migrations of a type, newest first, and shows how far one is.</summary>
static class ListMigrations
{
    public static void Map(IEndpointRouteBuilder types)
    {
        types
            .MapGet("/{type}/migrations", Handle)
            .WithName("listMigrations")
            .WithSummary("Lists the migrations of a product type, newest first")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor, Rejections.ProductTypeNotFound);
        types
            .MapGet("/{type}/migrations/{migration}", HandleOne)
            .WithName("getMigration")
            .WithSummary("Shows how far a migration is")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.MigrationNotFound);
    }

    static async Task<Reply<IReadOnlyList<MigrationView>>> Handle(
        string type,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null
    )
    {
        var before = Guid.AllBitsSet;
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            if (!Guid.TryParseExact(values[0], "D", out before))
                return Refusals.InvalidCursor;
        }
        if (!Keys.Is(type))
            return Rejections.ProductTypeNotFound;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await ProductTypeReader.Migrations(connection, type, before, limit + 1, stop);
        if (found.Count == 0 && await ProductTypeReader.Find(connection, type, stop) is null)
            return Rejections.ProductTypeNotFound;
        var page = found.Take(limit).ToList();
        return Reply<IReadOnlyList<MigrationView>>.Of(
            page,
            next: found.Count > limit ? Cursor.Write(page[^1].Id.ToString()) : null
        );
    }

    static async Task<Reply<MigrationView>> HandleOne(
        string type,
        string migration,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Keys.Is(type) || !Guid.TryParseExact(migration, "D", out var id))
            return Rejections.MigrationNotFound;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        return await ProductTypeReader.Migration(connection, type, id, stop) is { } found
            ? found
            : Rejections.MigrationNotFound;
    }
}
