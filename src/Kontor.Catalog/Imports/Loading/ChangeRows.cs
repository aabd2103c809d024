using System.Text.Json;
using Kontor.Catalog.Bulk;
using Kontor.Catalog.Imports.Undoing;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Loading;

/// <summary>Notes what a run changed, so that it can be undone.</summary>
static class ChangeRows
{
    /// <remarks>Of a run that writes a product twice, with somebody else's change between, the second is what can be undone:
    /// what came between is not to be lost.</remarks>
    public static async Task Write(Work work, Guid run, BulkWritten written, CancellationToken stop)
    {
        var stood = written.Stood.ToDictionary(one => one.Line.Line);
        var changed = written.Told.Where(told => told.Status is BulkStatus.Created or BulkStatus.Updated).ToArray();
        if (changed.Length == 0)
            return;
        await using var note = work.Command(
            """
            insert into import_changes as c (run, key, product, version_before, version_after, before)
            select $1, key, product, was, now, before::jsonb
            from unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[]) w(key, product, was, now, before)
            on conflict on constraint import_changes_pkey do update set version_after = excluded.version_after,
                version_before = case when c.version_after = excluded.version_before then c.version_before else excluded.version_before end,
                before = case when c.version_after = excluded.version_before then c.before else excluded.before end
            """,
            run,
            changed.Select(told => told.Key).ToArray(),
            changed.Select(told => told.Id!.Value).ToArray(),
            changed.Select(told => stood.TryGetValue(told.Line, out var one) ? one.View.Version : 0).ToArray(),
            changed.Select(told => told.Version!.Value).ToArray(),
            changed
                .Select(told =>
                    stood.TryGetValue(told.Line, out var one)
                        ? JsonSerializer.Serialize(StoodAs.Of(one.Line, one.View, written.Standing), KontorJson.Options)
                        : null
                )
                .ToArray()
        );
        await note.ExecuteNonQueryAsync(stop);
    }
}
