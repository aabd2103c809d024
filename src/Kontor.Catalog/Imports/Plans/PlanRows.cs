using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Plans;

/// <summary>What becomes of a product.</summary>
enum PlanKind
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It is another then.</summary>
    Changed,

    /// <summary>It stands so already.</summary>
    Unchanged,

    /// <summary>The supplier does not deliver it any more: it is archived.</summary>
    Withdrawn,

    /// <summary>The catalogue does not take it; the quarantine says why.</summary>
    Refused,
}

/// <summary>What becomes of one place in a product.</summary>
/// <param name="Path">Names of members, joined by dots; variants are named by their SKU.</param>
/// <param name="Before">Absent where there was nothing.</param>
/// <param name="After">Absent where nothing remains.</param>
sealed record PlannedChange(string Path, JsonElement? Before, JsonElement? After);

/// <summary>What becomes of a product, as it was planned.</summary>
/// <param name="Product">Its id; absent where it is new.</param>
/// <param name="Version">The product's when it was looked at; 0 where it is new.</param>
/// <param name="Changes">Every place that is another then; the first 200.</param>
/// <param name="Moved">Somebody changed the product between plan and load: this is planned anew.</param>
sealed record PlanRow(
    string Key,
    PlanKind Kind,
    Guid? Product,
    long Version,
    IReadOnlyList<PlannedChange>? Changes = null,
    bool Moved = false
);

/// <summary>Reads and writes the rows of plans.</summary>
static class PlanRows
{
    public static async Task Write(Work work, Guid run, IReadOnlyCollection<PlanRow> rows, CancellationToken stop)
    {
        if (rows.Count == 0)
            return;
        await using var write = work.Command(
            """
            insert into import_plans (run, key, kind, product, seen, changes, moved)
            select $1, key, kind, product, seen, changes::jsonb, moved
            from unnest($2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::text[], $7::boolean[])
                w(key, kind, product, seen, changes, moved)
            order by key
            on conflict (run, key) do update set kind = excluded.kind, product = excluded.product, seen = excluded.seen,
                changes = excluded.changes, moved = excluded.moved
            """,
            run,
            rows.Select(row => row.Key).ToArray(),
            rows.Select(row => Word(row.Kind)).ToArray(),
            rows.Select(row => row.Product).ToArray(),
            rows.Select(row => row.Version).ToArray(),
            rows.Select(row => row.Changes is null ? null : JsonSerializer.Serialize(row.Changes, KontorJson.Options))
                .ToArray(),
            rows.Select(row => row.Moved).ToArray()
        );
        await write.ExecuteNonQueryAsync(stop);
    }

    public static Task<IReadOnlyList<PlanRow>> Page(
        CatalogDatabase database,
        Guid run,
        PlanKind? kind,
        string after,
        int limit,
        CancellationToken stop
    )
    {
        var ofKind = kind is null ? "" : "and kind = $4";
        return database
            .Source.CreateCommand(
                $"""
                select key, kind, product, seen, changes::text, moved from import_plans
                where run = $1 and key > $2 {ofKind} order by key limit $3
                """
            )
            .With(kind is { } one ? [run, after, limit, Word(one)] : [run, after, limit])
            .Rows(
                row => new PlanRow(
                    row.GetString(0),
                    Enum.Parse<PlanKind>(row.GetString(1), ignoreCase: true),
                    row.IsDBNull(2) ? null : row.GetGuid(2),
                    row.GetInt64(3),
                    row.IsDBNull(4)
                        ? null
                        : JsonSerializer.Deserialize<List<PlannedChange>>(row.GetString(4), KontorJson.Stored),
                    row.GetBoolean(5)
                ),
                stop
            );
    }

    /// <summary>Those of some products that are others than they were planned by, all of them locked from here on.</summary>
    public static async Task<HashSet<string>> Moved(Work work, Guid run, string[] keys, CancellationToken stop)
    {
        await using (
            var hold = work.Command("select id from products where key = any($1) order by id for update", keys)
        )
            await hold.ExecuteNonQueryAsync(stop);
        var moved = await work.Command(
                """
                select w.key from unnest($2::text[]) w(key) left join products p on p.key = w.key
                left join import_plans l on l.run = $1 and l.key = w.key
                where l.seen is distinct from coalesce(p.version, 0)
                """,
                run,
                keys
            )
            .Rows(row => row.GetString(0), stop);
        return moved.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Products that are to be withdrawn, and were changed: seen as they are now.</summary>
    public static async Task MoveOn(Work work, Guid run, string[] keys, CancellationToken stop)
    {
        await using var move = work.Command(
            """
            insert into import_plans (run, key, kind, product, seen, moved)
            select $1, key, 'withdrawn', id, version, true from products where key = any($2)
            on conflict (run, key) do update set seen = excluded.seen, moved = true
            """,
            run,
            keys
        );
        await move.ExecuteNonQueryAsync(stop);
    }

    static string Word(PlanKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
