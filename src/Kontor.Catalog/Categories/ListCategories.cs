using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<CategoryPageGraph>>("categories")
            .Description("Categories, by key.")
            .InPages()
            .ResolveAsync(async at =>
                (
                    await Page(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        at.First(),
                        at.After(),
                        at.CancellationToken
                    )
                ).OrError()
            );
        query
            .Field<CategoryGraph>("category")
            .Description("A category by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .Resolve(at => Load(at, at.GetArgument<string>("key")));
    }

    /// <summary>A category for a field, read together with those of other fields.</summary>
    internal static object? Load(IResolveFieldContext at, string? key) =>
        key is null || !Keys.Is(key)
            ? null
            : at.Load<string, CategoryView?>(
                (nameof(ListCategories), "one"),
                key,
                async (keys, stop) =>
                {
                    var known = await Known(at, keys, stop);
                    return [.. keys.Select(known.GetValueOrDefault)];
                }
            );

    /// <summary>Likewise several, of those that there are.</summary>
    internal static object LoadAll(IResolveFieldContext at, IReadOnlyList<string> keys) =>
        at.Load<IReadOnlyList<string>, IEnumerable<CategoryView>>(
            (nameof(ListCategories), "several"),
            keys,
            async (lists, stop) =>
            {
                var known = await Known(at, lists.SelectMany(list => list), stop);
                return [.. lists.Select(list => list.Select(known.GetValueOrDefault).OfType<CategoryView>())];
            }
        );

    static async Task<Dictionary<string, CategoryView>> Known(
        IResolveFieldContext at,
        IEnumerable<string> keys,
        CancellationToken stop
    )
    {
        var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
        var found = await Read(
            database,
            "c.key = any($1)",
            stop,
            (object)keys.Distinct(StringComparer.Ordinal).ToArray()
        );
        return found.ToDictionary(one => one.Key, StringComparer.Ordinal);
    }

    static async Task<Reply<IReadOnlyList<CategoryView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<CategoryView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var found = await Read(database, "c.key > $1 order by c.key limit $2", stop, last, limit + 1);
        return found.ToPage(limit, one => one.Key);
    }

    static async Task<Reply<CategoryView>> HandleOne(
        string category,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        Keys.Is(category) && await Read(database, "c.key = $1", stop, category) is [var found]
            ? Reply<CategoryView>.Of(found, version: found.Version)
            : Rejections.CategoryNotFound;

    static async Task<List<CategoryView>> Read(
        CatalogDatabase database,
        string choice,
        CancellationToken stop,
        params object[] values
    )
    {
        await using var find = database
            .Source.CreateCommand(
                $"""
                select c.key, c.title, p.key, c.position, c.version
                from categories c left join categories p on p.id = c.parent where {choice}
                """
            )
            .With(values);
        var found = new List<CategoryView>();
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            found.Add(
                new(
                    row.GetString(0),
                    row.GetString(1),
                    row.IsDBNull(2) ? null : row.GetString(2),
                    row.GetInt32(3),
                    row.GetInt64(4)
                )
            );
        return found;
    }
}
