using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kontor.Bench.Rig;

/// <summary>A catalogue to be searched, written straight into the tables: one type with seven attributes, a tree of
/// categories, and products of one or two variants with prices and stock.</summary>
static class ManyGoods
{
    public const string Currency = "EUR";
    public const int Categories = 100;
    const int Words = 20_000;
    const int TitleWords = 6;

    /// <summary>Eight counts: what a listing shows beside its products.</summary>
    public const string Facets =
        "&facet=category&facet=brand&facet=colour&facet=stuff&facet=shape&facet=finish&facet=size"
        + "&facet=price:0..1000,1000..2000,2000..5000,5000..";

    public static string Sql(int products) =>
        $$"""
            set search_path to catalog;
            insert into product_types (key, title, definition, attributes)
            select 'goods', 'Goods', gen_random_uuid(), jsonb_agg(jsonb_build_object('key', key, 'kind', 'text', 'maxLength', 100,
                'index', jsonb_build_array('facet'), 'level', case when key = 'size' then 'variant' else 'product' end))
            from unnest(array['brand', 'colour', 'stuff', 'shape', 'finish', 'size']) key;
            insert into categories (id, key, title, parent)
            select gen_random_uuid(), 'top-' || i, 'Top ' || i, null from generate_series(0, 9) i;
            insert into categories (id, key, title, parent)
            select gen_random_uuid(), 'cat-' || i, 'Category ' || i, (select id from categories where key = 'top-' || i % 10)
            from generate_series(0, {{Categories - 1}}) i;
            insert into products (id, key, type, title, slug, description, version, created_at, updated_at, attributes)
            select gen_random_uuid(), 'p-' || i, 'goods',
                (select string_agg({{WordSql("i", "n")}}, ' ') from generate_series(1, {{TitleWords}}) n)
                    || ' every' || i % 4 || 'x often' || i % 5 || 'x',
                'p-' || i,
                (select string_agg('d' || floor(random() * random() * 8000)::int || 'x', ' ') from generate_series(1, 30) n where i > 0),
                1, now() - i * interval '1 second', now(),
                jsonb_build_object('brand', 'brand ' || floor(random() * random() * 500)::int, 'colour', 'colour ' || i % 12,
                    'stuff', 'stuff ' || i % 20, 'shape', 'shape ' || i % 35, 'finish', 'finish ' || i % 8)
            from generate_series(1, {{products}}) i;
            insert into product_categories (category, product)
            select c.id, p.id from products p join categories c on c.key = 'cat-' || substr(p.key, 3)::int % {{Categories}};
            insert into variants (id, product, sku, position, attributes)
            select gen_random_uuid(), p.id, p.key || '-' || v, v, jsonb_build_object('size', 'size ' || v)
            from products p cross join generate_series(0, 1) v where v <= substr(p.key, 3)::int % 2;
            insert into prices (variant, currency, amount)
            select id, '{{Currency}}', 100 + floor(random() * 10000)::int from variants;
            insert into stock (variant, location, on_hand)
            select id, 'main', floor(random() * 3)::int from variants;
            """;

    /// <summary>Two words of the title of some product.</summary>
    public static string Query(Random random, int products)
    {
        var product = 1 + random.Next(products);
        var place = random.Next(TitleWords);
        return $"{Word(product, 1 + place)}+{Word(product, 1 + ((place + 1 + random.Next(TitleWords - 1)) % TitleWords))}";
    }

    /// <summary>Two words of a quarter and a fifth of the catalogue.</summary>
    public static string Common(Random random) => $"every{random.Next(4)}x+often{random.Next(5)}x";

    /// <summary>A word of some title.</summary>
    public static string Word(Random random) => Word(random.Next(1 << 20), 1);

    /// <summary>The word at a place of a product's title: a few are common, most are rare, and none is spelt like another.</summary>
    static string Word(int product, int place)
    {
        var number =
            (product * 7919L + place * 104_729L)
            % 10_007
            * ((product * 3571L + place * 65_537L) % 9973)
            * Words
            / (10_007 * 9973);
        var hex = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)))
        );
        return string.Concat(hex.Take(8).Select(sign => char.IsAsciiDigit(sign) ? (char)('g' + (sign - '0')) : sign));
    }

    static string WordSql(string product, string place) =>
        $"translate(left(encode(sha256((({product}::bigint * 7919 + {place} * 104729) % 10007 * (({product}::bigint * 3571 + {place} * 65537) % 9973) * {Words} / (10007 * 9973))::text::bytea), 'hex'), 8), '0123456789', 'ghijklmnop')";
}
