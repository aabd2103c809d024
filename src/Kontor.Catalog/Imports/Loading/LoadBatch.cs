using Kontor.Catalog.Bulk;
using Kontor.Catalog.Imports.Plans;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Loading;

/// <summary>Loads a run batch by batch, in the order of keys.</summary>
/// <remarks>
/// A batch is one transaction: 1. products whose supplier says what it said, and that nobody has changed since, are passed
/// over without being read. 2. Where a person approved a plan, products that moved since are planned anew and not written.
/// 3. The rest is written as many lines at once are (<see cref="BulkProducts"/>). 4. What was delivered, what changed and
/// how it stood before is noted, the run's place moved on, the events appended. Killed anywhere, the next worker goes on
/// behind the last batch that was committed.
/// </remarks>
static class LoadBatch
{
    const int Products = 500;

    public const string Step = "loading";

    public static async Task<ImportRun?> Next(ImportRoom room, LaidAhead ahead, ImportRun run, CancellationToken stop)
    {
        var laid = await ahead.Next(run, Products, stop);
        if (laid.Count == 0)
            return await room.Move(run, After(run), stop);
        return await room.Batch(
            run,
            async (work, isLast) =>
            {
                var sums = await Load(room, work, run, laid, isLast, stop);
                var counts = run.Counts with { Loaded = sums };
                return counts.Faulty + sums.Refused > run.Terms.MaxFaults
                    ? run.Holding(
                        ImportState.Failed,
                        "TOO_MANY_FAULTS",
                        $"More than {run.Terms.MaxFaults} rows and products were refused; what was loaded stands."
                    ) with
                    {
                        Counts = counts,
                    }
                    : run with
                    {
                        Position = laid[^1].Key,
                        Counts = counts,
                    };
            },
            stop
        );
    }

    static ImportRun After(ImportRun run) => run.Withdraws ? run.To(ImportState.Withdrawing) : End(run);

    /// <summary>The run at its end, or before a person again, where products moved under the plan.</summary>
    public static ImportRun End(ImportRun run) =>
        run.Counts.Loaded?.Moved > 0
            ? run.Holding(
                ImportState.Planned,
                "PLAN_MOVED",
                $"{run.Counts.Loaded.Moved} products were changed by others since they were planned: they are planned anew, and wait for approval. All else is loaded."
            ) with
            {
                IsApproved = false,
            }
            : run.To(ImportState.Done);

    static async Task<ImportSums> Load(
        ImportRoom room,
        Work work,
        ImportRun run,
        IReadOnlyList<LaidProduct> laid,
        bool isLast,
        CancellationToken stop
    )
    {
        var sums = run.Counts.Loaded ?? new();
        var keys = laid.Select(one => one.Key).ToArray();
        var delivered = await DeliveredTable.Read(work.Connection, run.Terms.Supplier, keys, stop);
        List<LaidProduct> open =
        [
            .. laid.Where(one => delivered.GetValueOrDefault(one.Key) is not { } before || !before.IsAsSaid(one)),
        ];
        sums = sums with { Unchanged = sums.Unchanged + laid.Count - open.Count };
        if (open.Count == 0)
            return sums;
        if (run.Counts.Planned is not null)
        {
            var moved = await PlanRows.Moved(work, run.Id, [.. open.Select(one => one.Key)], stop);
            await PlanBatch.Again(room, work, run, [.. open.Where(one => moved.Contains(one.Key))], stop);
            sums = sums with { Moved = sums.Moved + moved.Count };
            open.RemoveAll(one => moved.Contains(one.Key));
        }
        List<Quarantined> refused = [];
        List<WantedLine> lines = [];
        for (var i = 0; i < open.Count; i++)
            if (
                Wanted
                    .Of(open[i], i, delivered.GetValueOrDefault(open[i].Key), room.Languages)
                    .Is(out var line, out var rejection)
            )
                lines.Add(line);
            else
                refused.AddRange(Wanted.Refused(open[i], rejection));
        sums = sums with { Refused = sums.Refused + open.Count - lines.Count };

        var written = await room.Products(run).In(work, lines, isLast, stop);
        await ChangeRows.Write(work, run.Id, written, stop);
        await DeliveredTable.Write(
            work,
            run,
            [
                .. written
                    .Told.Where(told => told.Status != BulkStatus.Rejected)
                    .Select(told => new Taken(open[(int)told.Line], told.Id!.Value, told.Version!.Value)),
            ],
            stop
        );
        foreach (var told in written.Told.Where(told => told.Status == BulkStatus.Rejected))
            refused.AddRange(Wanted.Refused(open[(int)told.Line], told));
        await Quarantine.Add(work, run.Id, Step, refused, stop);
        return written.Told.Aggregate(sums, With);
    }

    static ImportSums With(ImportSums sums, BulkLine told) =>
        told.Status switch
        {
            BulkStatus.Created => sums with { Created = sums.Created + 1 },
            BulkStatus.Updated => sums with { Changed = sums.Changed + 1 },
            BulkStatus.Unchanged => sums with { Unchanged = sums.Unchanged + 1 },
            _ => sums with { Refused = sums.Refused + 1 },
        };
}
