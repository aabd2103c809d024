using System.Collections.Concurrent;
using Kontor.Catalog.Bundles;
using Kontor.Catalog.Media;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products.Reading;
using Kontor.Catalog.Stock;
using Kontor.Catalog.Texts;

namespace Kontor.Catalog.Products;

static partial class ProductReader
{
    /// <summary>What is read of those chosen that may be seen: nobody chooses past that.</summary>
    /// <remarks>Kept by what decides its text: putting thousands of letters together for each read was dear. All of that is
    /// written in this code, but for the context, of which only some of it is named or not: there are few.</remarks>
    internal static string Statement(PriceContext prices, Extent extent, string choice, int own = 0, string more = "")
    {
        var named = (prices.Currency is null, prices.Channel is null, prices.Chain is null, prices.Everything);
        return Statements.GetOrAdd(new(named, extent, choice, own, more), Make, prices);
    }

    static string Make(StatementText text, PriceContext prices)
    {
        var select = Select(prices, text.Extent, text.Own, text.More);
        return prices.Everything
            ? $"{select} where {text.Choice}"
            : $"{select} where {Visible.ShownIn(prices.Channel, "$3", Visible.Moment)} and {text.Choice}";
    }

    readonly record struct StatementText(
        (bool NoCurrency, bool NoChannel, bool NoChain, bool Everything) Named,
        Extent Extent,
        string Choice,
        int Own,
        string More
    );

    static readonly ConcurrentDictionary<StatementText, string> Statements = new();

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
}
