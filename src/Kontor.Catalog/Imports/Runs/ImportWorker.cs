using Kontor.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>Works off the runs that stand, in every process of the catalogue; after a restart it goes on where it was.</summary>
sealed partial class ImportWorker(WorkOff work, TimeProvider clock, ILogger<ImportWorker> log) : BackgroundService
{
    static readonly TimeSpan Round = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan SweptEvery = TimeSpan.FromHours(1);

    DateTimeOffset swept;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await All(stoppingToken);
            await Task.Delay(Round, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task All(CancellationToken stop)
    {
        try
        {
            foreach (var run in await RunTable.Active(work.Database, stop))
                await One(run, stop);
            if (clock.GetUtcNow() - swept < SweptEvery)
                return;
            await work.Sweep(stop);
            swept = clock.GetUtcNow();
        }
        catch (Exception) when (stop.IsCancellationRequested) { } // However it is cut short: what was committed stands.
        catch (Exception away)
            when (away is NpgsqlException or TimeoutException or IOException or CommitOutcomeUnknownException)
        {
            LogSkipped(away.Message); // What was committed stands: the next round goes on behind it.
        }
    }

    /// <summary>A run that cannot go on ends, and is told; it must not keep others from theirs.</summary>
    async Task One(ImportRun run, CancellationToken stop)
    {
        try
        {
            await work.Try(run, null, stop);
        }
        catch (Exception broken) when (!IsAway(broken) && !stop.IsCancellationRequested)
        {
            LogBroken(broken, run.Id);
            await work.Fail(run.Id, stop);
        }
    }

    /// <summary>The database or the machine, which come back; not what the run itself brought about.</summary>
    static bool IsAway(Exception broken) =>
        broken
            is NpgsqlException { IsTransient: true }
                or TimeoutException
                or IOException
                or CommitOutcomeUnknownException;

    [LoggerMessage(2, LogLevel.Error, "The import {Run} cannot go on and has failed")]
    partial void LogBroken(Exception broken, Guid run);

    [LoggerMessage(1, LogLevel.Warning, "Imports were not worked off this round: {Reason}")]
    partial void LogSkipped(string reason);
}
