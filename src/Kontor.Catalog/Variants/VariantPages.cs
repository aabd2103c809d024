using System.Globalization;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Variants;

/// <summary>Where a page of a product's variants begins: after the variant at this place.</summary>
readonly record struct VariantPlace(int Position, Guid Variant)
{
    public static readonly VariantPlace Start = new(int.MinValue, Guid.Empty);

    public static Result<VariantPlace> Of(string? after)
    {
        if (after is null)
            return Start;
        if (!Cursor.Read(after, 2).Is(out var values, out var rejection))
            return rejection;
        return
            int.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position)
            && Guid.TryParseExact(values[1], "D", out var variant)
            ? new VariantPlace(position, variant)
            : Refusals.InvalidCursor;
    }
}

/// <summary>Reads pages of variants: one statement for any number of products.</summary>
static class VariantPages
{
    /// <summary>Products by id, each with the place after which its page begins.</summary>
    const string ByIds =
        "unnest($7::uuid[], $8::int[], $9::uuid[]) with ordinality w(product, position, variant, place)";

    /// <summary>One product, by its slug.</summary>
    const string BySlug = """
        (
            select (select id from products where slug = $7) as product, $8::int as position, $9::uuid as variant, 1::bigint as place
        ) w
        """;

    /// <summary>The page of one product; null where it is not shown.</summary>
    public static async Task<Page<VariantView>?> Find(
        NpgsqlConnection connection,
        (string Product, VariantPlace After) wanted,
        int limit,
        PriceContext prices,
        CancellationToken stop
    )
    {
        if (Guid.TryParseExact(wanted.Product, "D", out var id))
            return (await Of(connection, [(id, wanted.After)], limit, prices, stop))[0];
        await using var find = new NpgsqlCommand(Statement(prices, BySlug), connection).With(
            prices,
            wanted.Product,
            wanted.After.Position,
            wanted.After.Variant,
            limit + 1
        );
        return (await Read(find, 1, (limit, prices.Chain), stop))[0];
    }

    /// <summary>A page for each that is wanted, in their order; null where the product is not shown.</summary>
    public static async Task<IReadOnlyList<Page<VariantView>?>> Of(
        NpgsqlConnection connection,
        IReadOnlyList<(Guid Product, VariantPlace After)> wanted,
        int limit,
        PriceContext prices,
        CancellationToken stop
    )
    {
        await using var find = new NpgsqlCommand(Statement(prices, ByIds), connection).With(
            prices,
            wanted.Select(one => one.Product).ToArray(),
            wanted.Select(one => one.After.Position).ToArray(),
            wanted.Select(one => one.After.Variant).ToArray(),
            limit + 1
        );
        return await Read(find, wanted.Count, (limit, prices.Chain), stop);
    }

    internal static string Statement(PriceContext prices, string? products = null) =>
        $"""
            select w.place,
                coalesce({ProductReader.VariantsOf(prices, Rows)}, '[]')::text,
                array(select v.position from {Rows} order by v.position, v.id),
                {TextColumn.LocalisedKeys}::text, p.options::text as options
            from {products ?? ByIds} join products p on p.id = w.product join product_types t on t.key = p.type
            where {(prices.Everything ? "true" : Visible.Shown("$3", Visible.Moment))}
            """;

    const string Rows = """
        (
            select * from variants where product = p.id and (position, id) > (w.position, w.variant)
            order by position, id limit $10
        ) v
        """;

    static async Task<IReadOnlyList<Page<VariantView>?>> Read(
        NpgsqlCommand find,
        int wanted,
        (int Limit, LocaleChain? Chain) shown,
        CancellationToken stop
    )
    {
        var (limit, chain) = shown;
        var pages = new Page<VariantView>?[wanted];
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            var read = ProductReader.OptionsInOrder(
                ProductReader.Json<List<VariantView>>(row.GetString(1)),
                ProductReader.OptionsOf(row)
            );
            var localised = row.IsDBNull(3) ? null : ProductReader.Json<List<string>>(row.GetString(3));
            var variants = ProductReader.In(read, localised, chain);
            var next =
                variants.Count > limit
                    ? ProductView.CursorOf(row.GetFieldValue<int[]>(2)[limit - 1], variants[limit - 1].Id)
                    : null;
            pages[row.GetInt64(0) - 1] = new(variants.Count > limit ? [.. variants.Take(limit)] : variants, next);
        }
        return pages;
    }
}
