using Kontor.Catalog.Bulk;
using Kontor.Catalog.Imports.Plans;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Products;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Loading;

/// <summary>Archives, batch by batch, products that the supplier delivered before and does not any more.</summary>
static class WithdrawBatch
{
    const int Products = 200;

    public static async Task<ImportRun?> Next(ImportRoom room, ImportRun run, CancellationToken stop)
    {
        var missing = await Missing(room.Database, run, run.Position, Products, stop);
        if (missing.Count == 0)
            return await room.Move(run, LoadBatch.End(run), stop);
        return await room.Batch(
            run,
            async (work, isLast) =>
            {
                var sums = run.Counts.Loaded ?? new();
                var ids = missing.Select(one => one.Product).Order().ToArray();
                await Hold(work, ids, stop);
                var views = await ProductReader.Of(work.Connection, ids, stop);
                if (run.Counts.Planned is not null)
                {
                    var moved = await PlanRows.Moved(work, run.Id, [.. views.Select(view => view.Key)], stop);
                    await PlanRows.MoveOn(work, run.Id, [.. moved], stop);
                    sums = sums with { Moved = sums.Moved + moved.Count };
                    views = [.. views.Where(view => !moved.Contains(view.Key))];
                }
                var lines = views.Select(Wanted.Archived).ToArray();
                var written = await room.Products(run).In(work, lines, isLast, stop);
                await ChangeRows.Write(work, run.Id, written, stop);
                await Withdrawn(work, run, written, stop);
                var gone = written.Told.Count(told => told.Status == BulkStatus.Updated);
                return run with
                {
                    Position = missing[^1].Key,
                    Counts = run.Counts with { Loaded = sums with { Withdrawn = sums.Withdrawn + gone } },
                };
            },
            stop
        );
    }

    public static Task<IReadOnlyList<(string Key, Guid Product)>> Missing(
        CatalogDatabase database,
        ImportRun run,
        string after,
        int limit,
        CancellationToken stop
    ) =>
        database
            .Source.CreateCommand(
                $"""
                select i.key, i.product from {DeliveredTable.Missing} and i.key > $3 order by i.key limit $4
                """
            )
            .With(run.Terms.Supplier, run.Id, after, limit)
            .Rows(row => (row.GetString(0), row.GetGuid(1)), stop);

    static async Task Hold(Work work, Guid[] ids, CancellationToken stop)
    {
        await using var hold = work.Command("select id from products where id = any($1) order by id for update", [ids]);
        await hold.ExecuteNonQueryAsync(stop);
    }

    /// <summary>They come back in the state that they had; until then nothing that the supplier says is what it said.</summary>
    static async Task Withdrawn(Work work, ImportRun run, BulkWritten written, CancellationToken stop)
    {
        var gone = written.Told.Where(told => told.Status == BulkStatus.Updated).ToArray();
        var stood = written.Stood.ToDictionary(one => one.Line.Line, one => one.View.Publication?.State);
        await using var note = work.Command(
            """
            update import_products i set withdrawn = w.state, hash = '', run = $2, version = w.version
            from unnest($3::text[], $4::text[], $5::bigint[]) w(key, state, version)
            where i.supplier = $1 and i.key = w.key
            """,
            run.Terms.Supplier,
            run.Id,
            gone.Select(told => told.Key).ToArray(),
            gone.Select(told => stood.GetValueOrDefault(told.Line) ?? Publishing.Published).ToArray(),
            gone.Select(told => told.Version!.Value).ToArray()
        );
        await note.ExecuteNonQueryAsync(stop);
    }
}
