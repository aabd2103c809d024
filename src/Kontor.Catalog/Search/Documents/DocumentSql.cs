using Kontor.Catalog.Stock;

namespace Kontor.Catalog.Search.Documents;

/// <summary>Which products documents are read of: some by id, or a stretch of the ids.</summary>
/// <param name="Condition">On the column {0}; its parameters are <paramref name="Values"/>.</param>
sealed record DocumentChoice(string Condition, IReadOnlyList<object> Values)
{
    public static DocumentChoice Of(Guid[] ids) => new("{0} = any($1)", [ids]);

    /// <summary>After the first, up to the last: one stretch of each index, which a list of thousands of ids is not.</summary>
    public static DocumentChoice Between(Guid after, Guid last) => new("{0} > $1 and {0} <= $2", [after, last]);

    public string On(string column) => Condition.Replace("{0}", column, StringComparison.Ordinal);
}

/// <summary>The statements that documents are made of: the same number of them for one product and for thousands.</summary>
static class DocumentSql
{
    /// <summary>What is not published, by whom it may be asked at some moment, is in no index.</summary>
    const string Published = "p.state = 'published' and p.deleted_at is null";

    public const string Now = "select now()";

    public static string Products(DocumentChoice choice) =>
        $$"""
            select p.id, p.created_at, p.type, t.definition, p.title, p.description, p.texts::text,
                (case when t.generation > p.generation then coalesce(p.attributes_next, p.attributes) else p.attributes end)::text,
                p.publish_from, p.publish_until, p.everywhere
            from products p join product_types t on t.key = p.type
            where {{choice.On("p.id")}} and {{Published}} order by p.id
            """;

    public static string Channels(DocumentChoice choice) =>
        $"select product, channel from product_channels where {choice.On("product")}";

    public static string Placements(DocumentChoice choice) =>
        $"select product, category from product_categories where {choice.On("product")}";

    /// <summary>The categories that products stand in, with all above them.</summary>
    public static string Categories(DocumentChoice choice) =>
        $"""
            with recursive up as (
                select id, key, parent from categories
                where id in (select category from product_categories where {choice.On("product")})
                union
                select c.id, c.key, c.parent from categories c join up on c.id = up.parent
            )
            select id, key, parent from up
            """;

    public static string Variants(DocumentChoice choice) =>
        $$"""
            select v.id, v.product, v.sku,
                (case when t.generation > p.generation then coalesce(v.attributes_next, '{}') else v.attributes end)::text,
                {{StockLevel.ClassSql}}
            from variants v join products p on p.id = v.product join product_types t on t.key = p.type
            where {{choice.On("v.product")}} and {{Published}} order by v.product, v.position, v.id
            """;

    public static string BasePrices(DocumentChoice choice) =>
        $"""
            select b.variant, b.currency, b.amount from prices b join variants v on v.id = b.variant
            where {choice.On("v.product")}
            """;

    /// <summary>Prices for one piece that hold now or will, with the conditions of their lists.</summary>
    public static string PriceRows(DocumentChoice choice) =>
        $"""
            select r.variant, r.currency, r.amount, r.rank, r.country, r.channel, l.channel, r.customer_group,
                l.customer_group, greatest(r.valid_from, l.valid_from), least(r.valid_until, l.valid_until)
            from price_rows r join variants v on v.id = r.variant left join price_lists l on l.key = r.price_list
            where {choice.On("v.product")} and r.min_quantity <= 1
                and coalesce(least(r.valid_until, l.valid_until) > now(), true)
            """;

    /// <summary>The next moment at which what can be had of a product may be another, without an event: a time of
    /// preorders ends, a part of a bundle comes or goes.</summary>
    public static string Moments(DocumentChoice choice) =>
        $"""
            select product, min(at) from (
                select v.product, s.preorder_until as at from stock s join variants v on v.id = s.variant
                where {choice.On("v.product")}
                union all
                select v.product, s.preorder_until from variants v join bundle_components c on c.bundle = v.id
                join stock s on s.variant = c.component where {choice.On("v.product")} and v.is_bundle
                union all
                select v.product, bound.at from variants v join bundle_components c on c.bundle = v.id
                join variants pv on pv.id = c.component join products p on p.id = pv.product
                cross join lateral (values (p.publish_from), (p.publish_until)) bound(at)
                where {choice.On("v.product")} and v.is_bundle
            ) moments where at > now() group by product
            """;

    /// <summary>Of all products, each with its first moment after $1: when a price begins or is over, or what can be had of it
    /// may be another. Looks at all prices once, when a process begins to write.</summary>
    public const string MomentsSince = """
        select product, min(at) from (
            select v.product, s.preorder_until as at from stock s join variants v on v.id = s.variant
            union all
            select b.product, s.preorder_until from stock s join bundle_components c on c.component = s.variant
            join variants b on b.id = c.bundle
            union all
            select b.product, bound.at from products p cross join lateral (values (p.publish_from), (p.publish_until)) bound(at)
            join variants part on part.product = p.id join bundle_components c on c.component = part.id
            join variants b on b.id = c.bundle
            union all
            select v.product, bound.at from price_rows r join variants v on v.id = r.variant
            left join price_lists l on l.key = r.price_list
            cross join lateral (values
                (greatest(r.valid_from, l.valid_from)), (least(r.valid_until, l.valid_until))
            ) bound(at)
            where r.min_quantity <= 1
        ) moments where at > $1 group by product
        """;

    /// <summary>What there are prices in. Looks at all prices once, when a process begins.</summary>
    public const string Currencies = "select currency from prices union select currency from price_rows";

    public const string Definitions =
        "select key, title, version, generation, attributes::text, definition from product_types where key = any($1)";

    /// <summary>What can be had of variants, and of the bundles that have them: $1 the SKUs of which the class changed, $2
    /// of which anything did. A bundle's class goes by numbers, not by the classes of its parts.</summary>
    public static readonly string Classes = $"""
        select v.product, v.id, {StockLevel.ClassSql}, (
                select min(preorder_until) from stock where preorder_until > now() and variant = any(array(
                    select v.id union all select component from bundle_components where bundle = v.id))
            )
        from variants v where v.id in (
            select own.id from variants own where own.sku = any($1)
            union select c.bundle from bundle_components c join variants part on part.id = c.component where part.sku = any($2)
        )
        """;

    /// <summary>The products of prices before events of theirs: $1 their streams, $2 the versions of the events.</summary>
    public const string PricedBefore = """
        select distinct (j.body ->> 'product')::uuid from unnest($1::text[], $2::bigint[]) e(stream, version)
        join journal j on j.stream = e.stream and j.version = e.version - 1
        """;

    /// <summary>Products that have bundles of which the parts are variants of some products.</summary>
    public const string BundlesOf = """
        select distinct b.product from variants part join bundle_components c on c.component = part.id
        join variants b on b.id = c.bundle where part.product = any($1)
        """;
}
