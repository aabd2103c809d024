using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>Sets what is on hand at the main location and journals each count that changed.</summary>
static class CountStock
{
    /// <summary>Counts of variants that exist; whoever calls holds the rows of their products.</summary>
    /// <remarks>The rows are locked and read before they are written, in an own statement: a row that a statement has
    /// itself written it can no longer lock.</remarks>
    public static async Task Set(Work work, string[] skus, long[] counts, CancellationToken stop)
    {
        if (skus.Length == 0)
            return;
        await using var batch = work.Batch();
        batch.Add(
            """
            select v.sku, s.on_hand, s.reserved, s.backorder_limit
            from variants v join stock s on s.variant = v.id and s.location = $2
            where v.sku = any($1) order by s.variant for update of s
            """,
            skus,
            StockLevel.MainLocation
        );
        batch.Add(
            """
            with counted as (
                select v.id, v.sku, c.on_hand from unnest($1::text[], $2::bigint[]) c(sku, on_hand)
                join variants v on v.sku = c.sku
            ), written as (
                insert into stock (variant, location, on_hand) select id, $3, on_hand from counted order by id
                on conflict (variant, location) do update set on_hand = excluded.on_hand where stock.on_hand <> excluded.on_hand
                returning *
            )
            select c.sku, w.on_hand, w.reserved, w.backorder_limit
            from written w join counted c on c.id = w.variant order by c.sku
            """,
            skus,
            counts,
            StockLevel.MainLocation
        );
        var before = new Dictionary<string, StockLevel>(StringComparer.Ordinal);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            before.Add(reader.GetString(0), LevelOf(reader));
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (sku, after) = (reader.GetString(0), LevelOf(reader));
            var stood = before.GetValueOrDefault(sku);
            if (stood != after)
                StockLevel.Changed(work, sku, StockLevel.MainLocation, stood, after, "counted");
        }
    }

    static StockLevel LevelOf(NpgsqlDataReader row) => new(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
}
