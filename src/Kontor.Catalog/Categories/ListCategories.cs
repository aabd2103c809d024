using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Texts;
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
            .Refuses(
                Rejections.LocaleMalformed,
                Refusals.InvalidCursor,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );
        categories
            .MapGet("/{category}", HandleOne)
            .WithName("getCategory")
            .WithSummary("Shows a category")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.CategoryNotFound,
                Rejections.LocaleMalformed,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );
    }

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<CategoryPageGraph>>("categories")
            .Description("Categories, by key.")
            .InPages()
            .InLanguage()
            .ResolveAsync(async at =>
                (
                    await Page(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        at.First(),
                        at.After(),
                        (at.Chain(), null),
                        at.CancellationToken
                    )
                ).OrError()
            );
        query
            .Field<CategoryGraph>("category")
            .Description("A category by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .InLanguage()
            .Resolve(at => Load(at, at.GetArgument<string>("key"), at.Chain()));
    }

    /// <summary>A category for a field, read together with those of other fields.</summary>
    internal static object? Load(IResolveFieldContext at, string? key, LocaleChain? chain) =>
        key is null || !Keys.Is(key)
            ? null
            : at.Load<string, CategoryView?>(
                (nameof(ListCategories), "one", chain?.Locales[0]),
                key,
                async (keys, stop) =>
                {
                    var known = await Known(at, keys, chain, stop);
                    return [.. keys.Select(known.GetValueOrDefault)];
                }
            );

    /// <summary>Likewise several, of those that there are.</summary>
    internal static object LoadAll(IResolveFieldContext at, IReadOnlyList<string> keys, LocaleChain? chain) =>
        at.Load<IReadOnlyList<string>, IEnumerable<CategoryView>>(
            (nameof(ListCategories), "several", chain?.Locales[0]),
            keys,
            async (lists, stop) =>
            {
                var known = await Known(at, lists.SelectMany(list => list), chain, stop);
                return [.. lists.Select(list => list.Select(known.GetValueOrDefault).OfType<CategoryView>())];
            }
        );

    static async Task<Dictionary<string, CategoryView>> Known(
        IResolveFieldContext at,
        IEnumerable<string> keys,
        LocaleChain? chain,
        CancellationToken stop
    )
    {
        var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
        var found = await Read(
            database,
            "c.key = any($2)",
            (chain, null),
            stop,
            (object)keys.Distinct(StringComparer.Ordinal).ToArray()
        );
        return found.ToDictionary(one => one.Key, StringComparer.Ordinal);
    }

    static async Task<Reply<IReadOnlyList<CategoryView>>> Handle(
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null,
        string? view = null
    )
    {
        if ((locale.Read(out var chain) ?? StaffView.Refusal(view, http.User)) is { } refusal)
            return refusal;
        var page = await Page(database, limit, after, (chain, view), stop);
        if (page.Is(out var found, out _))
            http.Tell(chain, found.Items.Select(category => category.Locale).OfType<string>());
        return page.ToReply();
    }

    static async Task<Result<Page<CategoryView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        (LocaleChain? Chain, string? View) shown,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var found = await Read(database, "c.key > $2 order by c.key limit $3", shown, stop, last, limit + 1);
        return found.ToPage(limit, one => one.Key);
    }

    static async Task<Reply<CategoryView>> HandleOne(
        string category,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        string? view = null
    )
    {
        if ((locale.Read(out var chain) ?? StaffView.Refusal(view, http.User)) is { } refusal)
            return refusal;
        if (!Keys.Is(category) || await Read(database, "c.key = $2", (chain, view), stop, category) is not [var found])
            return Rejections.CategoryNotFound;
        http.Tell(chain, [found.Locale ?? ""]);
        return Reply<CategoryView>.Of(found, version: found.Version);
    }

    /// <summary>$1 of the choice are the languages wanted, most wanted first; its own parameters begin with $2.</summary>
    static async Task<List<CategoryView>> Read(
        CatalogDatabase database,
        string choice,
        (LocaleChain? Chain, string? View) shown,
        CancellationToken stop,
        params object[] values
    )
    {
        var chain = shown.Chain;
        await using var find = database
            .Source.CreateCommand(
                $"""
                select c.key, c.title, p.key, c.position, c.version, {TextColumn.Chosen("c.translations", "$1")}::text,
                    {(shown.View is null ? "null" : "c.translations::text")}
                from categories c left join categories p on p.id = c.parent where {choice}
                """
            )
            .With([chain?.Locales.ToArray(), .. values]);
        var found = new List<CategoryView>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            var row = new TitleRow(reader.GetString(1), CategoryTitles.Of(Text(5)));
            var title = chain is null ? null : row.In(chain);
            found.Add(
                new(
                    reader.GetString(0),
                    title?.Text ?? row.Title,
                    Text(2),
                    reader.GetInt32(3),
                    reader.GetInt64(4),
                    CategoryTitles.Of(Text(6)),
                    title?.Locale
                )
                {
                    Chain = chain,
                }
            );
        }
        return found;
    }
}
