using System.ComponentModel.DataAnnotations;
using Dapper;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Categories;

/// <summary>Lists the categories by key, and shows one.</summary>
static class ListCategories
{
    public static void Map(IEndpointRouteBuilder categories)
    {
        categories
            .MapGet("", Handle)
            .WithName("listCategories")
            .WithSummary("Lists categories by key")
            .OpenToAll("The catalogue is public.")
            .Refuses(Refusals.InvalidCursor);
        categories
            .MapGet("/{category}", HandleOne)
            .WithName("getCategory")
            .WithSummary("Shows a category")
            .OpenToAll("The catalogue is public.")
            .Refuses(Rejections.CategoryNotFound);
    }

    static async Task<Reply<IReadOnlyList<CategoryView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    )
    {
        var last = "";
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            last = values[0];
        }
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await connection.QueryAsync<CategoryView>(
            new CommandDefinition(
                """
                select c.key, c.title, p.key as parent, c.position, c.version from categories c left join categories p on p.id = c.parent
                where c.key > @last order by c.key limit @count
                """,
                new { last, count = limit + 1 },
                cancellationToken: stop
            )
        );
        var all = found.AsList();
        var page = all.Take(limit).ToList();
        return Reply<IReadOnlyList<CategoryView>>.Of(page, next: all.Count > limit ? Cursor.Write(page[^1].Key) : null);
    }

    static async Task<Reply<CategoryView>> HandleOne(string category, CatalogDatabase database, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await connection.QuerySingleOrDefaultAsync<CategoryView>(
            new CommandDefinition(
                """
                select c.key, c.title, p.key as parent, c.position, c.version from categories c left join categories p on p.id = c.parent
                where c.key = @category
                """,
                new { category },
                cancellationToken: stop
            )
        );
        return found is null ? Rejections.CategoryNotFound : Reply<CategoryView>.Of(found, version: found.Version);
    }
}
