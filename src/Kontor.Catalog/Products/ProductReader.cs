using System.Text.Json;
using Kontor.Catalog.Media;
using Kontor.Catalog.Options;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products.Reading;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Products;

/// <summary>Reads whole products: one statement for any number of them.</summary>
static partial class ProductReader
{
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

    /// <summary>All variants of them, for who writes them out; those among them that may be seen.</summary>
    public static Task<IReadOnlyList<ProductView>> Whole(
        NpgsqlConnection connection,
        Guid[] ids,
        PriceContext prices,
        CancellationToken stop
    ) => Read(connection, (prices, Extent.Whole), InOrder, stop, ids);

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
