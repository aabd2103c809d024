using Kontor.Platform.Data;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>What is always true of what imports keep.</summary>
static class ImportInvariants
{
    public static readonly IReadOnlyList<Invariant> All =
    [
        new(
            "LINEAGE_POINTS_AT_WHAT_STANDS",
            """
            select format('%s of %s is said to be version %s of a product that is at %s', i.key, i.supplier, i.version, p.version)
            from import_products i join products p on p.id = i.product where i.version > p.version or p.key <> i.key
            """
        ),
        new(
            "AN_IMPORT_HAS_CHANGED_WHAT_IT_COUNTS",
            """
            select format('import %s counts %s changes and has %s', r.id, c.counted, c.kept)
            from import_runs r cross join lateral (
                select coalesce((r.counts->'loaded'->>'created')::bigint, 0) + coalesce((r.counts->'loaded'->>'changed')::bigint, 0)
                    + coalesce((r.counts->'loaded'->>'withdrawn')::bigint, 0) as counted,
                    (select count(*) from import_changes x where x.run = r.id) as kept
            ) c
            where c.kept > c.counted
            """
        ),
        new(
            "AN_IMPORT_HAS_UNDONE_WHAT_IT_COUNTS",
            """
            select format('import %s restored %s and left %s, and has %s', r.id, r.counts->>'restored', r.counts->>'leftAlone', x.told)
            from import_runs r cross join lateral (
                select count(*) filter (where undone) as back, count(*) filter (where not undone) as left_alone,
                    format('%s and %s', count(*) filter (where undone), count(*) filter (where not undone)) as told
                from import_changes where run = r.id
            ) x
            where ((r.counts->>'restored')::bigint, (r.counts->>'leftAlone')::bigint) is distinct from (x.back, x.left_alone)
            """
        ),
    ];
}
