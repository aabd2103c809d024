using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Caching;
using Kontor.Catalog.Texts;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Caching;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

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
            .ReadsThroughCache(categories.Cache())
            .Refuses(
                Rejections.LocaleMalformed,
                Refusals.InvalidCursor,
                Refusals.PositionMalformed,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );
        categories
            .MapGet("/{category}", HandleOne)
            .WithName("getCategory")
            .WithSummary("Shows a category")
            .OpenToAll("The catalogue is public.")
            .ReadsThroughCache(categories.Cache())
            .Refuses(
                Rejections.CategoryNotFound,
                Rejections.LocaleMalformed,
                Refusals.PositionMalformed,
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
        BodyCache cache,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null,
        string? view = null
    )
    {
        if ((locale.Read(out var chain) ?? StaffView.Refusal(view, http.User)) is { } refusal)
            return refusal;
        if (!Paging.Last(after).Is(out var last, out var malformed))
            return malformed;
        if (view is null)
            return Reply<IReadOnlyList<CategoryView>>.From(
                await cache.Read(http, LoadPage(database, (last, limit), chain, http.Clock), stop)
            );
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
        var found = await Read(database, PageChoice, shown, stop, last, limit + 1);
        return found.ToPage(limit, one => one.Key);
    }

    static async Task<Reply<CategoryView>> HandleOne(
        string category,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        BodyCache cache,
        CatalogDatabase database,
        CancellationToken stop,
        string? view = null
    )
    {
        if ((locale.Read(out var chain) ?? StaffView.Refusal(view, http.User)) is { } refusal)
            return refusal;
        if (view is null && Keys.Is(category))
            return Reply<CategoryView>.From(
                await cache.Read(http, LoadOne(database, category, chain, http.Clock), stop)
            );
        if (!Keys.Is(category) || await Read(database, OneChoice, (chain, view), stop, category) is not [var found])
            return Rejections.CategoryNotFound;
        http.Tell(chain, [found.Locale ?? ""]);
        return Reply<CategoryView>.Of(found, version: found.Version);
    }

    static LoadBodies LoadPage(
        CatalogDatabase database,
        (string After, int Limit) part,
        LocaleChain? chain,
        TimeProvider clock
    ) =>
        async (keys, stop) =>
        {
            var (head, found) = await Read(database, PageChoice, chain, stop, part.After, part.Limit + 1);
            var page = found.ToPage(part.Limit, one => one.Key);
            var reply = Reply<IReadOnlyList<CategoryView>>.Of(page.Items, next: page.Next);
            return Bodies.Alone(
                head,
                keys[0],
                Bodies.Of(reply, [Tags.Categories], clock) with
                {
                    Languages = chain?.Told(page.Items.Select(one => one.Locale).OfType<string>()),
                }
            );
        };

    static LoadBodies LoadOne(CatalogDatabase database, string key, LocaleChain? chain, TimeProvider clock) =>
        async (keys, stop) =>
        {
            var (head, found) = await Read(database, OneChoice, chain, stop, key);
            return found is [var one]
                ? Bodies.Alone(
                    head,
                    keys[0],
                    Bodies.Of(Reply<CategoryView>.Of(one, version: one.Version), [Tags.Categories], clock) with
                    {
                        Languages = chain?.Told([one.Locale ?? ""]),
                    }
                )
                : Bodies.None(head, new Refusal(Rejections.CategoryNotFound));
        };

    const string PageChoice = "c.key > $2 order by c.key limit $3";
    const string OneChoice = "c.key = $2";

    /// <summary>As everybody sees them, with the head before them.</summary>
    static async Task<(JournalHead Head, List<CategoryView> Found)> Read(
        CatalogDatabase database,
        string choice,
        LocaleChain? chain,
        CancellationToken stop,
        params object[] values
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var batch = connection.CreateBatch();
        batch.Add(Bodies.HeadSql).Add(Sql(choice, null), [chain?.Locales.ToArray(), .. values]);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        var (head, _) = await Bodies.ReadHead(reader, stop);
        return (head, await Read(reader, chain, stop));
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
        await using var find = database
            .Source.CreateCommand(Sql(choice, shown.View))
            .With([shown.Chain?.Locales.ToArray(), .. values]);
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await Read(reader, shown.Chain, stop);
    }

    static string Sql(string choice, string? view) =>
        $"""
            select c.key, c.title, p.key, c.position, c.version, {TextColumn.Chosen("c.translations", "$1")}::text,
                {(view is null ? "null" : "c.translations::text")}
            from categories c left join categories p on p.id = c.parent where {choice}
            """;

    static async Task<List<CategoryView>> Read(NpgsqlDataReader reader, LocaleChain? chain, CancellationToken stop)
    {
        var found = new List<CategoryView>();
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
