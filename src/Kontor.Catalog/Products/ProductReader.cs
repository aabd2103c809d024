using System.Text.Json;
using Kontor.Catalog.Bundles;
using Kontor.Catalog.Media;
using Kontor.Catalog.Options;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products.Reading;
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
                array(
                    select c.key from product_categories pc join categories c on c.id = pc.category
                    where pc.product = p.id order by c.key
                ),
                {HeldOf(prices, extent)}::text,
                t.version,
                (case when t.generation > p.generation then coalesce(p.attributes_next, p.attributes) else p.attributes end)::text,
                {(prices.Everything ? Publication : "null")},
                {ShownMedia.Of("p.id", extent.OfMedia)},
                {(
                extent.Media is null
                    ? "null::int"
                    : "(select count(*)::int from product_media n where n.product = p.id)"
            )},
                {TextColumn.OfProduct(prices.Chain is null ? null : $"${FirstOwn + own}", prices.Everything)},
                p.options::text as options{more}
            from products p join product_types t on t.key = p.type
            """;

    /// <summary>The variants that are shown of a product p of a type t, how many it has, and where the last that an answer
    /// shows stands: one pass over them, to be read as <see cref="Held"/>.</summary>
    /// <remarks>What a statement starts for bundles costs every product more than another statement costs the few that have
    /// them, see <see cref="ShownBundles"/>. Variants beyond those shown are counted only where there can be any.</remarks>
    static string HeldOf(PriceContext prices, Extent extent)
    {
        var (count, last) = extent.Variants is { } most
            ? (
                $"case when count(*) < {most} then count(*) else (select count(*) from variants n where n.product = p.id) end",
                "max(v.position)"
            )
            : ("count(*)", $"(array_agg(v.position order by v.position, v.id))[{extent.Last + 1}]");
        return $"""
            (
                select json_build_object('count', {count}, 'last', {last}, 'variants', {Shown(
                "case when v.is_bundle then 'outOfStock' else " + StockLevel.OwnClassSql + " end",
                "case when v.is_bundle then '[]'::json end"
            )})
                from (select * from variants where product = p.id {extent.OfVariants}) v cross join lateral (
                    {ShownPrices(prices)}
                ) shown
            )
            """;
    }

    /// <param name="Count">Shown here or not.</param>
    /// <param name="Last">The place of the last that an answer shows, where it has so many.</param>
    /// <param name="Variants">Bundles among them with nothing in them yet; null where there are none.</param>
    sealed record Held(int Count, int? Last, List<VariantView>? Variants);

    /// <summary>Variants in JSON, of rows v of them, where p and t are their product and its type.</summary>
    internal static string VariantsOf(PriceContext prices, string rows) =>
        $"""
                (
                    select {Shown(StockLevel.ClassSql, BundleTable.ComponentsSql)}
                    from {rows} cross join lateral (
                        {ShownPrices(prices)}
                    ) shown
                )
            """;

    static string Shown(string availability, string components) =>
        $"""
            json_agg(json_build_object(
                'id', v.id,
                'sku', v.sku,
                'prices', shown.prices,
                'compareAt', shown.compare_at,
                'pricesChangeAt', to_char(shown.change_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'availability', {availability},
                'components', {components},
                'options', v.options,
                'attributes', case
                    when t.generation > p.generation then coalesce(v.attributes_next, '{Empty}') else v.attributes
                end
            ) order by v.position, v.id)
            """;

    /// <summary>A subquery of (change_at, prices, compare_at), the last two JSON, of a variant called v: one row.</summary>
    internal static string ShownPrices(PriceContext prices) =>
        $"""
            select min(w.change_at) as change_at,
                coalesce(json_agg(json_build_object('amount', w.amount, 'currency', w.currency) order by w.currency)
                    filter (where w.amount is not null), '[]') as prices,
                json_agg(json_build_object('amount', w.compare_at, 'currency', w.currency) order by w.currency)
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

    internal const string BySlug = "p.slug = $7";

    /// <summary>By a slug that it had: asked only where no product has it, which is rare.</summary>
    internal const string ByOldSlug = "p.id = (select product from slugs where slug = $7)";

    public static async Task<ProductView?> Find(
        NpgsqlConnection connection,
        string product,
        PriceContext prices,
        CancellationToken stop
    )
    {
        foreach (var (choice, value) in Ways(product))
            if (await Read(connection, (prices, Extent.One), choice, stop, value) is [var found])
                return found;
        return null;
    }

    /// <summary>The conditions by which one product is looked for, and their value: the first that finds it counts.</summary>
    internal static IReadOnlyList<(string Choice, object Value)> Ways(string product) =>
        Guid.TryParseExact(product, "D", out var id) ? [(ById, id)] : [(BySlug, product), (ByOldSlug, product)];

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
            : $"{Select(prices, extent, own, more)} where {Visible.ShownIn(prices.Channel, "$3", Visible.Moment)} and {choice}";

    static async Task<IReadOnlyList<ProductView>> Read(
        NpgsqlConnection connection,
        (PriceContext Prices, Extent Extent) shown,
        string choice,
        CancellationToken stop,
        params object[] values
    )
    {
        var statement = Statement(shown.Prices, shown.Extent, choice, values.Length);
        var products = new List<ProductView>();
        await using (var command = new NpgsqlCommand(statement, connection).With(Values(shown.Prices, values)))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
                products.Add(Of(reader, shown.Prices));
        await ShownBundles.Fill(connection, products, stop);
        return products;
    }

    /// <summary>The parameters of <see cref="Statement"/>, with the choice's own ones.</summary>
    internal static object?[] Values(PriceContext prices, params object[] own) =>
        prices.Chain is { } chain
            ? [.. Winner.Values(prices), .. own, chain.Locales.ToArray()]
            : [.. Winner.Values(prices), .. own];

    /// <summary>A product whose bundles are still empty: <see cref="ShownBundles.Fill"/>.</summary>
    internal static ProductView Of(NpgsqlDataReader row, PriceContext prices) =>
        Told(Of(row), row.IsDBNull(16) ? TextRow.Plain : TextRow.Of(row.GetString(16)), prices.Chain) with
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
        var held = Json<Held>(row.GetString(10));
        var media = ShownMedia.Read(row.GetString(14));
        var attributes = row.GetString(12);
        return new(
            row.GetGuid(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.IsDBNull(5) ? null : row.GetString(5),
            row.GetFieldValue<string[]>(9),
            OptionsInOrder(held.Variants ?? [], options),
            row.GetInt64(6),
            row.GetFieldValue<DateTimeOffset>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.GetInt64(11),
            attributes is Empty ? NoAttributes : Json<Dictionary<string, JsonElement>>(attributes),
            row.IsDBNull(13) ? null : Json<ProductPublication>(row.GetString(13))
        )
        {
            VariantCount = held.Count,
            LastPosition = held.Last,
            Media = media,
            MediaCount = row.IsDBNull(15) ? media.Count : row.GetInt32(15),
            Options = options,
        };
    }

    static readonly Dictionary<string, JsonElement> NoAttributes = [];

    internal static List<ProductOption> OptionsOf(NpgsqlDataReader row) =>
        row["options"] is string json ? Json<List<ProductOption>>(json) : [];

    /// <summary>Variants whose options stand in the order of the product's.</summary>
    internal static List<VariantView> OptionsInOrder(List<VariantView> variants, List<ProductOption> options) =>
        options.Count == 0
            ? variants
            : [.. variants.Select(variant => variant with { Options = Axes.InOrder(variant.Options, options) })];

    internal static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, KontorJson.Options)!;
}
