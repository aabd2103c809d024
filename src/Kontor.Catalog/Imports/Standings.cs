using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Imports;

/// <summary>Reads what stands of a batch: two round trips for any number of rows.</summary>
static class Standings
{
    public static async Task<Dictionary<string, Standing>> Read(
        Work work,
        IReadOnlyList<Good> goods,
        CancellationToken stop
    )
    {
        await using var find = work.Command(
            """
            select v.sku, p.id, v.id, p.key, p.title, p.slug, p.description,
                (select count(*) from variants other where other.product = p.id),
                r.amount, coalesce(s.on_hand, 0), coalesce(s.reserved, 0), coalesce(s.backorder_limit, 0),
                array(
                    select c.key from product_categories pc join categories c on c.id = pc.category
                    where pc.product = p.id order by c.key
                ), v.is_bundle
            from unnest($1::text[], $2::text[]) w(sku, currency)
            join variants v on v.sku = w.sku
            join products p on p.id = v.product
            left join prices r on r.variant = v.id and r.currency = w.currency
            left join stock s on s.variant = v.id and s.location = $3
            """,
            goods.Select(good => good.Sku).ToArray(),
            goods.Select(good => good.Currency).ToArray(),
            StockLevel.MainLocation
        );
        var found = new Dictionary<string, Standing>(StringComparer.Ordinal);
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(reader.GetString(0), Of(reader));
        return found;
    }

    public static async Task<CatalogueFacts> Facts(
        Work work,
        IReadOnlyList<Good> goods,
        IReadOnlyDictionary<string, Guid> created,
        CancellationToken stop
    )
    {
        var fresh = goods.Where(good => created.ContainsKey(good.Sku)).ToArray();
        var slugs = goods
            .Select(good => good.Slug)
            .OfType<string>()
            .Concat(fresh.SelectMany(good => ProductWriter.Candidates(created[good.Sku], MergePlan.ProductOf(good))));
        await using var batch = work.Batch();
        batch.Add("select key from products where key = any($1)", fresh.Select(good => good.Key ?? good.Sku).ToArray());
        batch.Add(ProductWriter.SlugsTaken, slugs.ToArray());
        batch.Add(
            "select key from categories where key = any($1)",
            goods.Select(good => good.Category).OfType<string>().Distinct(StringComparer.Ordinal).ToArray()
        );
        await using var reader = await batch.ExecuteReaderAsync(stop);
        return new(await Words(reader, stop), await Words(reader, stop), await Words(reader, stop));
    }

    static async Task<HashSet<string>> Words(NpgsqlDataReader reader, CancellationToken stop)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            words.Add(reader.GetString(0));
        await reader.NextResultAsync(stop);
        return words;
    }

    static Standing Of(NpgsqlDataReader row) =>
        new(
            row.GetGuid(1),
            row.GetGuid(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.IsDBNull(6) ? null : row.GetString(6),
            row.GetInt64(7),
            row.IsDBNull(8) ? null : row.GetInt64(8),
            new(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11)),
            row.GetFieldValue<string[]>(12),
            row.GetBoolean(13)
        );
}
