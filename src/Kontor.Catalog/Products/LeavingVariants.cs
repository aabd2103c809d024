using System.Text.Json;
using Kontor.Catalog.Bundles;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Products;

/// <summary>The variants that a change of a product leaves out: whether they may go, and what goes with them.</summary>
static class LeavingVariants
{
    /// <summary>Whoever reads a product, changes the list that they see and sends it back has never seen the variants after
    /// it, and does not mean to remove them.</summary>
    public static Rejection? Unseen(ProductView standing, IReadOnlyList<VariantRequest>? wanted)
    {
        var after = standing.Variants.Skip(standing.Within(Extent.One).Variants.Count).ToList();
        if (wanted is null || after.Count == 0)
            return null;
        var kept = wanted.Select(variant => variant.Sku).ToHashSet(StringComparer.Ordinal);
        return after.Find(variant => !kept.Contains(variant.Sku)) is { } left
            ? Rejections.VariantsLeftOut.Because($"'{left.Sku}' is the first of them.")
            : null;
    }

    /// <summary>A refusal where pieces of one are held or to come; else their prices are gone, with an event each, and the
    /// rows are locked until the end.</summary>
    /// <remarks>All variants of the product are locked in the order of their ids, as whoever counts stock locks them: those
    /// that stay are written next. Of the stock all rows that would go are locked, and the count is read from the locked
    /// row. One picked by its count would be seen as it was before the desk's batch that is just taking from it, would not
    /// be waited for here, and the delete would wait instead and take the row with the pieces in it.</remarks>
    public static async Task<Rejection?> Part(Work work, Guid product, string[] kept, CancellationToken stop)
    {
        await using var part = work.Batch();
        part.Add("select id from variants where product = $1 order by id for update", product);
        part.Add(
            """
            select v.sku, s.reserved, s.incoming from variants v join stock s on s.variant = v.id
            where v.product = $1 and v.sku <> all($2) order by s.variant, s.location for update of s
            """,
            product,
            kept
        );
        part.Add(
            """
            select l.sku from variants v join delivery_lines l on l.variant = v.id join deliveries d on d.id = l.delivery
            where v.product = $1 and v.sku <> all($2) and d.state in ('planned', 'underWay') limit 1
            """,
            product,
            kept
        );
        BundleTable.AddLeaving(part, product, kept);
        part.Add(
            """
            delete from price_rows p using variants v
            where v.product = $1 and v.sku <> all($2) and p.variant = v.id returning p.key, v.sku
            """,
            product,
            kept
        );
        var removed = new Movement("removed", work.Actor ?? "nobody");
        part.Add(
            "select set_config('kontor.movement', $1, true)",
            JsonSerializer.Serialize(removed, KontorJson.Options)
        );

        await using var reader = await part.ExecuteReaderAsync(stop);
        return await Read(reader, work, product, stop);
    }

    static async Task<Rejection?> Read(NpgsqlDataReader reader, Work work, Guid product, CancellationToken stop)
    {
        Rejection? refusal = null;
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            if (reader.GetInt64(1) > 0)
                refusal ??= Rejections.VariantHeld.Because($"'{reader.GetString(0)}' is held.");
            else if (reader.GetInt64(2) > 0)
                refusal ??= Rejections.VariantExpected.Because($"'{reader.GetString(0)}' is under way.");
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            refusal ??= Rejections.VariantExpected.Because($"'{reader.GetString(0)}' is in a delivery.");
        var inBundle = await BundleTable.ReadLeaving(reader, work, product, stop);
        refusal ??= inBundle;
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            work.Happened(
                $"price-{reader.GetString(0)}",
                new PriceRemoved(reader.GetString(0), product, reader.GetString(1))
            );
        return refusal;
    }
}
