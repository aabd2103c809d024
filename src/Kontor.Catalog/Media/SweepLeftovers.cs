using Kontor.Journal;
using Kontor.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Media;

/// <summary>Removes files that no picture names, an hour after they were left, in one process at a time.</summary>
/// <remarks>The note goes first, in a transaction that waits for an upload about to name the file; the files follow before
/// it commits. What dies in between begins anew: the note stands, and files that are gone are no fault.</remarks>
sealed partial class SweepLeftovers(
    CatalogDatabase database,
    IMediaStore store,
    TimeProvider clock,
    ILogger<SweepLeftovers> log
) : BackgroundService
{
    internal static readonly TimeSpan Rest = TimeSpan.FromHours(1);
    static readonly TimeSpan Round = TimeSpan.FromMinutes(5);
    const int BatchSize = 25; // Of a far store, some hundred requests within one transaction.

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Leadership(database.Source, "media", log).Run(SweepAll, stoppingToken);

    async Task SweepAll(CancellationToken stop)
    {
        while (true)
        {
            if (await TrySweep(stop) < BatchSize)
                await Task.Delay(Round, clock, stop);
        }
    }

    async Task<int> TrySweep(CancellationToken stop)
    {
        try
        {
            return await Sweep(stop);
        }
        catch (Exception away)
            when (away is NpgsqlException or TimeoutException or IOException or CommitOutcomeUnknownException
                && !stop.IsCancellationRequested
            )
        {
            LogSkipped(away.Message); // The next round comes.
            return 0;
        }
    }

    /// <summary>Removes one small batch; how many that were.</summary>
    internal async Task<int> Sweep(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var take = new NpgsqlCommand(
            """
            delete from media_leftovers where file in (
                select file from media_leftovers where since <= $1 order by since limit $2 for update skip locked
            ) returning file
            """,
            connection,
            transaction
        ).With(clock.GetUtcNow() - Rest, BatchSize);
        var files = new List<Guid>();
        await using (var row = await take.ExecuteReaderAsync(stop))
            while (await row.ReadAsync(stop))
                files.Add(row.GetGuid(0));
        foreach (var file in files)
            await store.Remove(file, stop);
        await transaction.CommitWhole();
        return files.Count;
    }

    [LoggerMessage(1, LogLevel.Warning, "Files that no picture names were not removed this round: {Reason}")]
    partial void LogSkipped(string reason);
}
