using System.Text.Json;
using Kontor.Catalog.Bulk;
using Kontor.Catalog.Imports.Undoing;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Loading;

/// <summary>Notes what a run changed, so that it can be undone.</summary>
static class ChangeRows
{
    public static async Task Write(Work work, Guid run, BulkWritten written, CancellationToken stop)
    {
        var stood = written.Stood.ToDictionary(one => one.Line.Line);
        var changed = written.Told.Where(told => told.Status is BulkStatus.Created or BulkStatus.Updated).ToArray();
        if (changed.Length == 0)
            return;
        await using var note = work.Command(
            """
            insert into import_changes (run, key, product, version_before, version_after, before)
            select $1, key, product, was, now, before::jsonb
            from unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[]) w(key, product, was, now, before)
            on conflict (run, key) do update set version_after = excluded.version_after
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
