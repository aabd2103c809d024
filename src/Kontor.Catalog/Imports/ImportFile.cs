using Kontor.Kernel;

namespace Kontor.Catalog.Imports;

/// <summary>Brings a supplier's file, plain or gzipped, into the catalogue; products are found again by SKU.</summary>
/// <remarks>
/// The file is streamed: memory does not grow with it. Each batch is one transaction with its events, so an import that
/// dies has kept whole batches and is simply run again; what stands as the file says is neither written nor journaled.
/// Several imports may run beside each other and beside staff.
/// </remarks>
public sealed class ImportFile(CatalogDatabase database, TimeProvider clock)
{
    public const int BatchRows = 1_000;

    /// <summary>Imports the file. A refusal means that nothing was written; otherwise the report says all.</summary>
    public async Task<Result<ImportReport>> Run(
        string path,
        FeedFormat format,
        ImportMap map,
        IProgress<ImportProgress>? progress,
        CancellationToken stop
    )
    {
        if (!File.Exists(path))
            return Rejections.FeedNotFound.Because($"'{path}'.");
        try
        {
            await using var feed = await Feed.Open(path, format, map, stop);
            return await Run(feed, map, progress, stop);
        }
        catch (FeedBrokenException broken)
        {
            return Broken(broken);
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            return Rejections.FeedNotFound.Because($"'{path}' cannot be read.");
        }
    }

    async Task<Result<ImportReport>> Run(
        Feed feed,
        ImportMap map,
        IProgress<ImportProgress>? progress,
        CancellationToken stop
    )
    {
        if (feed is CsvFeed && Missing(feed) is { } headless)
            return headless;
        var (tally, merge, batch) = (new ImportTally(), new Merge(database, clock, map), new List<Good>(BatchRows));
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await Merge.Prepare(connection, stop);
        Rejection? aborted = null;
        var rows = 0L;
        await using var feeding = feed.Rows(stop).GetAsyncEnumerator(stop);
        for (var more = true; more; )
        {
            batch.Clear();
            (more, aborted, var read) = await Fill(feeding, batch, map, tally);
            // In NDJSON a member may be absent here and there, but not in a whole first batch. Nothing is written yet.
            if (rows == 0 && read > 0 && Missing(feed) is { } absent)
                return absent;
            if (batch.Count > 0)
                tally.Add(await merge.Apply(connection, batch, stop));
            rows += read;
            progress?.Report(new(rows, feed.BytesRead, feed.TotalBytes));
        }
        return tally.Report(aborted);
    }

    static async Task<(bool More, Rejection? Aborted, int Read)> Fill(
        IAsyncEnumerator<FeedRow> feeding,
        List<Good> batch,
        ImportMap map,
        ImportTally tally
    )
    {
        var read = 0;
        try
        {
            while (read < BatchRows)
            {
                if (!await feeding.MoveNextAsync())
                    return (false, null, read);
                read++;
                var row = feeding.Current;
                if (Good.Of(row, map, tally.Note).Is(out var good, out var why))
                    batch.Add(good);
                else
                    tally.Reject(row.Line, row.Broken is null ? map.Read("sku", row.Values) : null, why);
            }
            return (true, null, read);
        }
        catch (FeedBrokenException broken)
        {
            return (false, Broken(broken), read);
        }
    }

    static Rejection? Missing(Feed feed) =>
        feed.NeverSeen.Count == 0
            ? null
            : Rejections.ColumnMissing.Because(
                $"Missing: {string.Join(", ", feed.NeverSeen)}."
                    + (feed is CsvFeed csv ? $" The file has: {string.Join(", ", csv.Header.Take(50))}." : "")
            );

    static Rejection Broken(FeedBrokenException broken) =>
        Rejections.FeedBroken.Because($"Line {broken.Line} or behind it: {broken.Message}");
}
