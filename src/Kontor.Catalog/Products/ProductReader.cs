using System.Text.Json;
using Kontor.Catalog.Bundles;
using Kontor.Catalog.Media;
using Kontor.Catalog.Options;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Stock;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Products;

/// <summary>Reads whole products: one statement for any number of them.</summary>
static class ProductReader
{
    /// <summary>The select that every read of products shares; what follows it chooses and orders them. Its first six
    /// parameters are the context of the prices.</summary>
    /// <remarks>A type that has migrated shows what was converted beside, from the moment in which its generation is above
    /// that of its products: one row changes over for all of them, and one statement sees it before or after.</remarks>
    /// <param name="more">Further columns, of the product p.</param>
    internal static string Select(PriceContext prices, Extent extent, int own, string more = "") =>
        $"""
            select p.id, p.key, p.type, p.title, p.slug, p.description, p.version, p.created_at, p.updated_at,
                coalesce((
                    select jsonb_agg(c.key order by c.key)
                    from product_categories pc join categories c on c.id = pc.category
                    where pc.product = p.id
                ), '[]')::text,
                coalesce({VariantsOf(
                prices,
                $"(select * from variants where product = p.id {extent.OfVariants}) v"
            )}, '[]')::text,
                t.version,
                (case when t.generation > p.generation then coalesce(p.attributes_next, p.attributes) else p.attributes end)::text,
                {(prices.Everything ? Publication : "null")},
                (select count(*)::int from variants n where n.product = p.id),
                (
                    select l.position from variants l where l.product = p.id
                    order by l.position, l.id limit 1 offset {extent.Last}
                ),
                {ShownMedia.Of("p.id", extent.OfMedia)},
                (select count(*)::int from product_media n where n.product = p.id),
                {TextColumn.OfProduct(prices.Chain is null ? null : $"${FirstOwn + own}", prices.Everything)},
                p.options::text as options{more}
            from products p join product_types t on t.key = p.type
            """;

    /// <summary>Variants in JSON, of rows v of them, where p and t are their product and its type.</summary>
    internal static string VariantsOf(PriceContext prices, string rows) =>
        $"""
                (
                    select jsonb_agg(jsonb_build_object(
                        'id', v.id,
                        'sku', v.sku,
                        'prices', shown.prices,
                        'compareAt', shown.compare_at,
                        'pricesChangeAt', to_char(shown.change_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                        'availability', {StockLevel.ClassSql},
                        'components', {BundleTable.ComponentsSql},
                        'options', v.options,
                        'attributes', case
                            when t.generation > p.generation then coalesce(v.attributes_next, '{Empty}') else v.attributes
                        end
                    ) order by v.position, v.id)
                    from {rows} cross join lateral (
                        {ShownPrices(prices)}
                    ) shown
                )
            """;

    /// <summary>A subquery of (change_at, prices, compare_at), the last two JSON, of a variant called v: one row.</summary>
    internal static string ShownPrices(PriceContext prices) =>
        $"""
            select min(w.change_at) as change_at,
                coalesce(jsonb_agg(jsonb_build_object('amount', w.amount, 'currency', w.currency) order by w.currency)
                    filter (where w.amount is not null), '[]') as prices,
                jsonb_agg(jsonb_build_object('amount', w.compare_at, 'currency', w.currency) order by w.currency)
                    filter (where w.compare_at is not null) as compare_at
            from ({Winner.Of("v.id", prices)}) w
            """;

    /// <summary>The first parameter behind the context; the languages wanted stand behind a statement's own ones.</summary>
    const int FirstOwn = 7;

    const string Publication = """
        jsonb_build_object('state', p.state, 'from', p.publish_from, 'until', p.publish_until, 'deletedAt', p.deleted_at,
            'channels', coalesce((
                select jsonb_agg(pc.channel order by pc.channel) from product_channels pc where pc.product = p.id
            ), '[]'))::text
        """;

    /// <summary>No attributes, as JSON.</summary>
    const string Empty = "{}";

    internal const string ById = "p.id = $7";

    /// <summary>By the slug that it has, or had.</summary>
    internal const string BySlug = """
        p.id = coalesce((select id from products where slug = $7), (select product from slugs where slug = $7))
        """;

    public static async Task<ProductView?> Find(
        NpgsqlConnection connection,
        string product,
        PriceContext prices,
        CancellationToken stop
    )
    {
        var found = Guid.TryParseExact(product, "D", out var id)
            ? await Read(connection, (prices, Extent.One), ById, stop, id)
            : await Read(connection, (prices, Extent.One), BySlug, stop, product);
        return found is [var one] ? one : null;
    }

    /// <summary>Whole, with their base prices, for those who write them.</summary>
    public static Task<IReadOnlyList<ProductView>> Of(
        NpgsqlConnection connection,
        Guid[] ids,
        CancellationToken stop
    ) => Read(connection, (PriceContext.Base, Extent.Whole), InOrder, stop, ids);

    public static Task<IReadOnlyList<ProductView>> Of(
        NpgsqlConnection connection,
        Guid[] ids,
        PriceContext prices,
        CancellationToken stop
    ) => Read(connection, (prices, Extent.Listed), InOrder, stop, ids);

    internal const string AnyOf = "p.id = any($7)";

    const string InOrder = "p.id = any($7) order by array_position($7, p.id)";

    /// <summary>Products in the order of their ids, after one of them; newest last, so that a product that comes while
    /// somebody pages is met at the end and none is met twice.</summary>
    public static Task<IReadOnlyList<ProductView>> Page(
        NpgsqlConnection connection,
        Guid after,
        string? category,
        int limit,
        PriceContext prices,
        CancellationToken stop
    ) =>
        category is null
            ? Read(connection, (prices, Extent.Listed), "p.id > $7 order by p.id limit $8", stop, after, limit)
            : Read(
                connection,
                (prices, Extent.Listed),
                """
                p.id > $7 and p.id in (
                    select pc.product from product_categories pc join categories c on c.id = pc.category where c.key = $9
                )
                order by p.id limit $8
                """,
                stop,
                after,
                limit,
                category
            );

    /// <summary>What is read of those chosen that may be seen: nobody chooses past that.</summary>
    internal static string Statement(
        PriceContext prices,
        Extent extent,
        string choice,
        int own = 0,
        string more = ""
    ) =>
        prices.Everything
            ? $"{Select(prices, extent, own, more)} where {choice}"
            : $"{Select(prices, extent, own, more)} where {Visible.Shown("$3", Visible.Moment)} and {choice}";

    static async Task<IReadOnlyList<ProductView>> Read(
        NpgsqlConnection connection,
        (PriceContext Prices, Extent Extent) shown,
        string choice,
        CancellationToken stop,
        params object[] values
    )
    {
        var statement = Statement(shown.Prices, shown.Extent, choice, values.Length);
        await using var command = new NpgsqlCommand(statement, connection).With(Values(shown.Prices, values));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var products = new List<ProductView>();
        while (await reader.ReadAsync(stop))
            products.Add(Of(reader, shown.Prices));
        return products;
    }

    /// <summary>The parameters of <see cref="Statement"/>, with the choice's own ones.</summary>
    internal static object?[] Values(PriceContext prices, params object[] own) =>
        prices.Chain is { } chain
            ? [.. Winner.Values(prices), .. own, chain.Locales.ToArray()]
            : [.. Winner.Values(prices), .. own];

    internal static ProductView Of(NpgsqlDataReader row, PriceContext prices) =>
        Told(Of(row), TextRow.Of(row.GetString(18)), prices.Chain) with
        {
            Seen = prices,
        };

    static ProductView Told(ProductView product, TextRow row, LocaleChain? chain)
    {
        var texts = ShownTexts.Of((product.Title, product.Description), row, chain, product.Attributes);
        return product with
        {
            Title = texts.Title,
            Description = texts.Description,
            Body = texts.Body,
            Seo = texts.Seo,
            Translations = row.Texts.Translations,
            Locales = texts.Locales,
            Localised = texts.Localised,
            CategoryTitles = texts.CategoryTitles,
            Variants = In(product.Variants, row.Localised, chain),
        };
    }

    /// <summary>Variants with their texts in a language, where one is wanted.</summary>
    internal static IReadOnlyList<VariantView> In(
        IReadOnlyList<VariantView> variants,
        IReadOnlyList<string>? localised,
        LocaleChain? chain
    ) =>
        chain is null
            ? variants
            :
            [
                .. variants.Select(variant =>
                    variant with
                    {
                        Localised = ShownTexts.Of(variant.Attributes, localised, chain),
                    }
                ),
            ];

    static ProductView Of(NpgsqlDataReader row)
    {
        var options = OptionsOf(row);
        return new(
            row.GetGuid(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.IsDBNull(5) ? null : row.GetString(5),
            Json<List<string>>(row.GetString(9)),
            OptionsInOrder(Json<List<VariantView>>(row.GetString(10)), options),
            row.GetInt64(6),
            row.GetFieldValue<DateTimeOffset>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.GetInt64(11),
            Json<Dictionary<string, JsonElement>>(row.GetString(12)),
            row.IsDBNull(13) ? null : Json<ProductPublication>(row.GetString(13))
        )
        {
            VariantCount = row.GetInt32(14),
            LastPosition = row.IsDBNull(15) ? null : row.GetInt32(15),
            Media = ShownMedia.Read(row.GetString(16)),
            MediaCount = row.GetInt32(17),
            Options = options,
        };
    }

    internal static List<ProductOption> OptionsOf(NpgsqlDataReader row) =>
        row["options"] is string json ? Json<List<ProductOption>>(json) : [];

    /// <summary>Variants whose options stand in the order of the product's.</summary>
    internal static List<VariantView> OptionsInOrder(List<VariantView> variants, List<ProductOption> options) =>
        options.Count == 0
            ? variants
            : [.. variants.Select(variant => variant with { Options = Axes.InOrder(variant.Options, options) })];

    internal static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, KontorJson.Options)!;
}
