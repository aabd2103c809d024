using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Caching;
using Kontor.Catalog.Products;
using Kontor.Catalog.Texts;
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

/// <summary>A category with what stands in it.</summary>
/// <param name="Products">Products that are shown and stand in it itself.</param>
/// <param name="Children">The categories below it, in their order.</param>
/// <param name="Locale">The language of the title; only where a locale was asked for.</param>
public sealed record CategoryNode(
    string Key,
    string Title,
    int Products,
    IReadOnlyList<CategoryNode> Children,
    string? Locale = null
);

/// <summary>Shows the whole tree of categories, or a part of it.</summary>
static class ShowTree
{
    const int MaxNodes = 5_000;

    public static void Map(IEndpointRouteBuilder tree) =>
        tree.MapGet("", Handle)
            .WithName("getCategoryTree")
            .WithSummary("Shows the categories as a tree, each with how many products are shown in it")
            .OpenToAll("The catalogue is public.")
            .ReadsThroughCache(tree.Cache())
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.PositionMalformed,
                Rejections.LocaleMalformed,
                Rejections.CategoryNotFound,
                Rejections.CategoryTreeTooLarge
            );

    public static void Field(ObjectGraphType query) =>
        query
            .Field<NonNullGraphType<ListGraphType<NonNullGraphType<CategoryNodeGraph>>>>("categoryTree")
            .Description("The categories as a tree, each with how many products are shown in it.")
            .Argument<StringGraphType>("root", "The key of the category to begin with.")
            .Argument<NonNullGraphType<IntGraphType>>(
                "depth",
                $"1 to {CategoryTree.MaxDepth} levels.",
                depth => depth.DefaultValue = CategoryTree.MaxDepth
            )
            .Argument<StringGraphType>("channel", "The key of a channel.")
            .InLanguage()
            .ResolveAsync(async at =>
            {
                var depth = at.GetArgument<int>("depth");
                if (depth is < 1 or > CategoryTree.MaxDepth)
                    throw GraphWords.ErrorOf(
                        Refusals.ValidationFailed.Because($"depth is 1 to {CategoryTree.MaxDepth}.")
                    );
                return (
                    await Find(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        (at.GetArgument<string?>("root"), depth, at.GetArgument<string?>("channel")),
                        at.Chain(),
                        at.CancellationToken
                    )
                ).OrError();
            })
            .CountedAs(100);

    static async Task<Reply<IReadOnlyList<CategoryNode>>> Handle(
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        BodyCache cache,
        CatalogDatabase database,
        CancellationToken stop,
        string? root = null,
        [Range(1, CategoryTree.MaxDepth)] int depth = CategoryTree.MaxDepth,
        string? channel = null
    )
    {
        if ((locale.Read(out var chain) ?? Refusal(root, channel)) is { } refusal)
            return refusal;
        return Reply<IReadOnlyList<CategoryNode>>.From(
            await cache.Read(http, Load(database, (root, depth, channel), chain, http.Clock), stop)
        );
    }

    /// <summary>The counts change with every product that comes or goes, also by a moment that was set for it.</summary>
    static LoadBodies Load(
        CatalogDatabase database,
        (string? Root, int Depth, string? Channel) part,
        LocaleChain? chain,
        TimeProvider clock
    ) =>
        async (keys, stop) =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(stop);
            await using var batch = connection.CreateBatch();
            batch.Add(Bodies.HeadSql);
            batch.Add(MomentSql);
            batch.Add(Statement, part.Root, part.Depth, part.Channel, chain?.Locales.ToArray());
            await using var reader = await batch.ExecuteReaderAsync(stop);
            var (head, _) = await Bodies.ReadHead(reader, stop);
            await reader.ReadAsync(stop);
            var lasts = await reader.IsDBNullAsync(0, stop) ? (TimeSpan?)null : reader.GetTimeSpan(0);
            await reader.NextResultAsync(stop);
            if (!(await Read(reader, part.Root, chain, stop)).Is(out var tree, out var rejection))
                return Bodies.None(head, new Refusal(rejection));
            var reply = Reply<IReadOnlyList<CategoryNode>>.Of(tree);
            return Bodies.Alone(
                head,
                keys[0],
                Bodies.Of(reply, [Tags.Tree], clock) with
                {
                    Languages = chain?.Told(Languages(tree)),
                    Lasts = lasts,
                }
            );
        };

    /// <summary>How long until some product comes or goes by itself.</summary>
    internal const string MomentSql = """
        select least(
            (select min(publish_from) from products where publish_from > now()),
            (select min(publish_until) from products where publish_until > now())
        ) - now()
        """;

    static IEnumerable<string> Languages(IEnumerable<CategoryNode> nodes) =>
        nodes.SelectMany(node => Languages(node.Children).Prepend(node.Locale ?? ""));

    static async Task<Result<List<CategoryNode>>> Find(
        CatalogDatabase database,
        (string? Root, int Depth, string? Channel) part,
        LocaleChain? chain,
        CancellationToken stop
    )
    {
        if (Refusal(part.Root, part.Channel) is { } refusal)
            return refusal;
        await using var find = database
            .Source.CreateCommand(Statement)
            .With(part.Root, part.Depth, part.Channel, chain?.Locales.ToArray());
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await Read(reader, part.Root, chain, stop);
    }

    static Rejection? Refusal(string? root, string? channel) =>
        root is not null && !Product.IsKey(root) ? Rejections.CategoryNotFound
        : channel is not null && !Keys.Is(channel) ? Refusals.ValidationFailed.At("channel", Keys.Rule)
        : null;

    static async Task<Result<List<CategoryNode>>> Read(
        NpgsqlDataReader reader,
        string? root,
        LocaleChain? chain,
        CancellationToken stop
    )
    {
        var rows = new List<Row>();
        while (await reader.ReadAsync(stop))
            rows.Add(
                new(
                    reader.GetString(0),
                    new(reader.GetString(1), CategoryTitles.Of(reader.IsDBNull(4) ? null : reader.GetString(4))),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.GetInt32(3)
                )
            );
        if (rows.Count > MaxNodes)
            return Rejections.CategoryTreeTooLarge;
        if (root is not null && rows.Count == 0)
            return Rejections.CategoryNotFound;
        return Nest(rows, root, chain);
    }

    internal static readonly string Statement = $"""
        with recursive tree as (
            select id, key, title, position, parent, translations, 1 as depth from categories
            where case when $1::text is null then parent is null else key = $1::text end
            union all
            select c.id, c.key, c.title, c.position, c.parent, c.translations, t.depth + 1
            from categories c join tree t on c.parent = t.id where t.depth < $2
        )
        select t.key, t.title, (select p.key from categories p where p.id = t.parent), (
                select count(*)::int from product_categories pc join products p on p.id = pc.product
                where pc.category = t.id and {Visible.Shown("$3::text")}
            ), {TextColumn.Chosen("t.translations", "$4")}::text
        from tree t order by t.depth, t.position, t.key limit {MaxNodes + 1}
        """;

    sealed record Row(string Key, TitleRow Title, string? Parent, int Products);

    /// <summary>Rows come parents first, siblings in their order.</summary>
    static List<CategoryNode> Nest(List<Row> rows, string? root, LocaleChain? chain)
    {
        var below = rows.ToDictionary(row => row.Key, _ => new List<CategoryNode>(), StringComparer.Ordinal);
        var top = new List<CategoryNode>();
        foreach (var row in rows)
        {
            var title = chain is null ? null : row.Title.In(chain);
            (row.Parent is null || row.Key == root ? top : below[row.Parent]).Add(
                new(row.Key, title?.Text ?? row.Title.Title, row.Products, below[row.Key], title?.Locale)
            );
        }
        return top;
    }
}
