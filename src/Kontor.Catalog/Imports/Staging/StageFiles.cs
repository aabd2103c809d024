using Kontor.Catalog.Imports.Runs;
using Kontor.Contracts.Catalog;
using Kontor.Imports;
using Kontor.Platform.Data;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>Reads the files of a run and stages what their rows say.</summary>
/// <remarks>Rows come in transactions of <see cref="Rows"/>; a reader cannot go on in the middle of a packed file, so one
/// that was cut short begins anew, from nothing.</remarks>
static class StageFiles
{
    const int Rows = 5_000;

    public const string Step = "staging";

    /// <param name="look">Is told how far it is.</param>
    public static async Task<ImportRun?> All(
        ImportRoom room,
        OpenFeed open,
        ImportRun run,
        Action<ImportRun>? look,
        CancellationToken stop
    )
    {
        await StagedParts.Clear(room.Database, "import_parts", run.Id, stop);
        await StagedParts.Clear(room.Database, "import_faults", run.Id, stop);
        var folder = Directory.CreateTempSubdirectory("kontor-import-");
        try
        {
            var files = await ReceivedFiles.Fetch(room.Database, run.Id, folder.FullName, stop);
            var forms = await Feeds.Forms(room.Database, stop);
            if (!open(run.Mapping, files, forms).Is(out var feed, out var wrong))
                return await room.Move(
                    run,
                    run.Holding(ImportState.Failed, wrong.Code, $"{wrong.Message} {wrong.Detail}"),
                    stop
                );
            run = run with { Counts = new() };
            if (await Read(room, run, feed, look, stop) is not { State: ImportState.Staging } staged)
                return null;
            var isCorrection = files.Any(file => Kontor.Imports.Quarantine.SourceOf(file.Name) is not null);
            return await Decide(room, staged, feed.Told().Broken, isCorrection, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<ImportRun?> Read(
        ImportRoom room,
        ImportRun run,
        OpenedFeed feed,
        Action<ImportRun>? look,
        CancellationToken stop
    )
    {
        var (read, faulty) = (0L, 0L);
        var (parts, faults) = (new List<Draft>(Rows), new List<Quarantined>());
        var now = run;
        await foreach (var row in feed.Rows.WithCancellation(stop))
        {
            read++;
            var (part, found) = Of(row);
            if (part is null)
                faulty++;
            else
                parts.Add(part);
            faults.AddRange(found);
            if (read % Rows != 0)
                continue;
            if (await Flush(now) is not { State: ImportState.Staging } next)
                return null;
            now = next;
            look?.Invoke(now);
        }
        var told = feed.Told();
        faults.AddRange(told.Broken.Select(Quarantined.Of));
        faults.AddRange(told.Notices.Select(Quarantined.Of));
        return await Flush(now);

        async Task<ImportRun?> Flush(ImportRun seen)
        {
            var moved = await room.Batch(
                seen,
                async (work, _) =>
                {
                    await StagedParts.Add(work, run.Id, parts, stop);
                    await Quarantine.Add(work, run.Id, Step, faults, stop);
                    var skipped = feed.Told().Skipped;
                    var counts = seen.Counts with { Rows = read + skipped, Faulty = faulty, Skipped = skipped };
                    return (faulty <= run.Terms.MaxFaults ? seen : TooMany(seen)) with { Counts = counts };
                },
                stop
            );
            parts.Clear();
            faults.Clear();
            return moved;
        }
    }

    static ImportRun TooMany(ImportRun run) =>
        run.Holding(
            ImportState.Failed,
            "TOO_MANY_FAULTS",
            $"More than {run.Terms.MaxFaults} rows cannot be taken; nothing was loaded. The quarantine says why."
        );

    static (Draft? Part, IEnumerable<Quarantined> Faults) Of(MappedRow row)
    {
        var faults = row.Faults.Select(fault => Quarantined.Of(fault, row));
        return row.Draft is { } draft && !Keys.Is(draft.Key)
            ? (
                null,
                faults.Append(
                    Quarantined.Of(
                        new(row.At, "key", draft.Key, "KEY_INVALID", $"The product's key: {Keys.Rule}", null, true),
                        row with
                        {
                            Draft = null,
                            Source = row.Source.IsEmpty ? draft.Product : row.Source,
                        }
                    )
                )
            )
            : (row.Draft, faults);
    }

    /// <summary>On to the load where nobody has to be asked; a feed that is broken, or suddenly small, is always asked about.</summary>
    static async Task<ImportRun?> Decide(
        ImportRoom room,
        ImportRun run,
        IReadOnlyList<FeedBroken> broken,
        bool isCorrection,
        CancellationToken stop
    )
    {
        var (products, nameless, known, missing) = await Sizes(room.Database, run, stop);
        var isPartial = broken.Count > 0 || isCorrection;
        var counts = run.Counts with { Products = products, Missing = isPartial ? 0 : missing, Partial = isPartial };
        run = run with { Counts = counts };
        return await room.Move(run, Next(run, (known, nameless), broken), stop);
    }

    internal static ImportRun Next(ImportRun run, (long Known, long Nameless) feed, IReadOnlyList<FeedBroken> broken)
    {
        var known = feed.Known;
        var (products, missing) = (run.Counts.Products, run.Counts.Missing);
        // Of a product, too, rows may be missing behind the break: a person says whether the rest is to come in.
        return broken is [var first, ..]
                ? run.Holding(
                    ImportState.Planning,
                    "FEED_BROKEN",
                    $"{first.Name} cannot be read{(first.Line > 0 ? $" beyond line {first.Line}" : "")} ({first.Code}); nothing will be withdrawn."
                ) with
                {
                    IsApproved = false,
                }
            : products == 0 && known > 0
                ? run.Holding(
                    ImportState.Planning,
                    "FEED_EMPTY",
                    $"The feed says nothing of any product; {known} were delivered before."
                ) with
                {
                    IsApproved = false,
                }
            : missing * 100 > known * run.Terms.MaxLossPercent
                ? run.Holding(
                    ImportState.Planning,
                    "FEED_SHRANK",
                    $"{missing} of {known} products delivered before are missing; more than {run.Terms.MaxLossPercent} % asks for approval."
                ) with
                {
                    IsApproved = false,
                }
            : run.Terms.WithdrawMissing && missing > 0 && feed.Nameless > 0
                ? run.Holding(
                    ImportState.Planning,
                    "FEED_FAULTY",
                    $"{feed.Nameless} rows cannot be read, and {missing} products delivered before are missing: those rows may be of them."
                ) with
                {
                    IsApproved = false,
                }
            : run.To(run.IsApproved ? ImportState.Loading : ImportState.Planning);
    }

    static async Task<FeedSizes> Sizes(CatalogDatabase database, ImportRun run, CancellationToken stop)
    {
        var sizes = await database
            .Source.CreateCommand(
                """
                select (select count(distinct key) from import_parts where run = $2),
                    (select count(*) from import_faults where run = $2 and fatal and key is null), count(*),
                    count(*) filter (where not exists (select from import_parts s where s.run = $2 and s.key = i.key)
                        and not exists (select from import_faults f where f.run = $2 and f.key = i.key and f.fatal))
                from import_products i where i.supplier = $1 and i.withdrawn is null
                """
            )
            .With(run.Terms.Supplier, run.Id)
            .Rows(row => new FeedSizes(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), stop);
        return sizes[0];
    }
}

/// <summary>How much a feed says, beside what its supplier said before.</summary>
/// <param name="Nameless">Rows that cannot be taken, of which it is not known what they are about.</param>
sealed record FeedSizes(long Products, long Nameless, long Known, long Missing);
