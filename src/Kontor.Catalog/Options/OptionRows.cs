using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Options;

/// <summary>Where options stand.</summary>
static class OptionRows
{
    /// <summary>Makes a locked product's options the given ones, and those of its variants, which stand already.</summary>
    public static async Task Set(
        Work work,
        Guid id,
        IReadOnlyList<ProductOption> options,
        IReadOnlyList<(string Sku, IReadOnlyDictionary<string, string>? Had)> variants,
        CancellationToken stop
    )
    {
        await using var batch = work.Batch();
        batch.Add("update products set options = $2::jsonb where id = $1", id, Axes.Json(options));
        // In the order of ids, as whoever counts stock locks them.
        batch.Add("select id from variants where product = $1 order by id for no key update", id);
        batch.Add(
            """
            update variants v set options = n.options::jsonb
            from unnest($2::text[], $3::text[]) n(sku, options)
            where v.product = $1 and v.sku = n.sku and v.options is distinct from n.options::jsonb
            """,
            id,
            variants.Select(variant => variant.Sku).ToArray(),
            variants.Select(variant => Axes.Json(variant.Had)).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
    }

    public static readonly Invariant EachVariantHasAPlace = new(
        "A_VARIANT_HAS_ONLY_VALUES_OF_ITS_PRODUCTS_OPTIONS",
        """
        select format('variant %s has %s = %s, which product %s does not know', v.sku, had.key, had.value, p.key)
        from variants v join products p on p.id = v.product cross join lateral jsonb_each_text(v.options) had
        where v.options is not null and not exists (
            select from jsonb_array_elements(p.options) o cross join lateral jsonb_array_elements(o -> 'values') known
            where o ->> 'key' = had.key and known ->> 'key' = had.value
        )
        """
    );
}
