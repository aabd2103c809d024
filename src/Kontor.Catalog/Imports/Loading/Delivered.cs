using System.Text.Json;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Imports.Loading;

/// <summary>A product that the supplier has delivered before.</summary>
/// <param name="Version">It had when it stood as the supplier said.</param>
/// <param name="Hash">Of what the supplier said.</param>
/// <param name="Withdrawn">The state of publication from which an import took it; null where none did.</param>
/// <param name="VersionNow">It has in the catalogue.</param>
/// <param name="StateNow">Of its publication.</param>
sealed record Delivered(Guid Product, long Version, byte[] Hash, string? Withdrawn, long VersionNow, string StateNow)
{
    /// <summary>The supplier says what it said, and nobody has changed the product since: there is nothing to look at.</summary>
    public bool IsAsSaid(LaidProduct laid) => Version == VersionNow && Hash.AsSpan().SequenceEqual(laid.Hash);

    /// <summary>The state in which it comes back, where an import had archived it and it still is.</summary>
    public string? ComesBackAs => StateNow == DeliveredTable.Archived ? Withdrawn : null;
}

/// <summary>A product as it stands after its supplier's word was taken.</summary>
sealed record Taken(LaidProduct Laid, Guid Product, long Version);

static class DeliveredTable
{
    public const string Archived = "archived";

    /// <remarks>Each key is looked up by itself: of a supplier whose first feed is being loaded no statistics tell how much it
    /// has, and all of it would be read for each batch.</remarks>
    public static async Task<Dictionary<string, Delivered>> Read(
        NpgsqlConnection connection,
        string supplier,
        IReadOnlyCollection<string> keys,
        CancellationToken stop
    )
    {
        var found = await new NpgsqlCommand(
            """
            select w.key, i.product, i.version, i.hash, i.withdrawn, p.version, p.state
            from unnest($2::text[]) w(key)
            cross join lateral (select * from import_products i where i.supplier = $1 and i.key = w.key limit 1) i
            join products p on p.id = i.product
            """,
            connection
        ).With(supplier, keys.ToArray()).Rows(row => (Key: row.GetString(0), Row: new Delivered(row.GetGuid(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3), row.IsDBNull(4) ? null : row.GetString(4), row.GetInt64(5), row.GetString(6))), stop);
        return found.ToDictionary(one => one.Key, one => one.Row, StringComparer.Ordinal);
    }

    public static async Task Write(Work work, ImportRun run, IReadOnlyList<Taken> taken, CancellationToken stop)
    {
        if (taken.Count == 0)
            return;
        await using var write = work.Command(
            """
            insert into import_products (supplier, key, product, version, hash, run, lineage)
            select $1, key, product, version, hash, $2, lineage::jsonb
            from unnest($3::text[], $4::uuid[], $5::bigint[], $6::bytea[], $7::text[]) w(key, product, version, hash, lineage)
            order by key
            on conflict (supplier, key) do update set product = excluded.product, version = excluded.version,
                hash = excluded.hash, run = excluded.run, lineage = excluded.lineage, withdrawn = null
            """,
            run.Terms.Supplier,
            run.Id,
            taken.Select(one => one.Laid.Key).ToArray(),
            taken.Select(one => one.Product).ToArray(),
            taken.Select(one => one.Version).ToArray(),
            taken.Select(one => one.Laid.Hash).ToArray(),
            taken.Select(one => JsonSerializer.Serialize(one.Laid.From, KontorJson.Options)).ToArray()
        );
        await write.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Products (<c>p</c>, delivered as <c>i</c>) that the supplier delivered before, that the run does not speak of
    /// and nobody else delivers: the plan and the load withdraw the same.</summary>
    public const string Missing = """
        import_products i join products p on p.id = i.product
        where i.supplier = $1 and i.withdrawn is null and p.state <> 'archived' and p.deleted_at is null
        and not exists (select from import_parts s where s.run = $2 and s.key = i.key)
        and not exists (select from import_faults f where f.run = $2 and f.key = i.key and f.fatal)
        and not exists (select from import_products o where o.product = i.product and o.supplier <> i.supplier and o.withdrawn is null)
        """;
}
