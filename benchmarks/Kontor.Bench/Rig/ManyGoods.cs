namespace Kontor.Bench.Rig;

/// <summary>A catalogue to be searched, written straight into the tables: one type with seven attributes, a tree of
/// categories, and products of one or two variants with prices and stock.</summary>
static class ManyGoods
{
    public const string Currency = "EUR";
    public const int Categories = 100;
    const int Words = 2_000;

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
                (select string_agg('w' || floor(random() * random() * {{Words}})::int || 'x', ' ') from generate_series(1, 6) n where i > 0)
                    || ' every' || i % 4 || 'x often' || i % 5 || 'x',
                'p-' || i,
                (select string_agg('d' || floor(random() * random() * {{Words}} * 20)::int || 'x', ' ') from generate_series(1, 30) n where i > 0),
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

    /// <summary>Two words that meet in some titles; of common ones many, of rare ones few.</summary>
    public static string Query(Random random) => $"{Word(random)}+{Word(random)}";

    /// <summary>Two words of a quarter and a fifth of the catalogue.</summary>
    public static string Common(Random random) => $"every{random.Next(4)}x+often{random.Next(5)}x";

    public static string Word(Random random) => $"w{(int)(random.NextDouble() * random.NextDouble() * Words)}x";
}
