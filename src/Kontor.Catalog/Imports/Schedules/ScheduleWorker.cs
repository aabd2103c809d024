using Kontor.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Imports.Schedules;

/// <summary>Looks after schedules in every process of the catalogue; which of them takes one its row says.</summary>
sealed partial class ScheduleWorker(ScheduleRounds rounds, TimeProvider clock, ILogger<ScheduleWorker> log)
    : BackgroundService
{
    /// <summary>So many are fetched at once: one supplier's slow server is not to keep all others waiting.</summary>
    const int Lanes = 4;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Lane(stoppingToken)));

    async Task Lane(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await rounds.Round(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception away)
                when (away is NpgsqlException or TimeoutException or IOException or CommitOutcomeUnknownException)
            {
                LogSkipped(away.Message); // Who held a schedule holds it no longer after its time.
            }
            catch (Exception broken)
            {
                LogBroken(broken); // One schedule must not end the others, nor the server.
            }
            await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "A schedule of imports cannot be looked after; it is tried again in 35 minutes")]
    partial void LogBroken(Exception broken);

    [LoggerMessage(1, LogLevel.Warning, "Schedules of imports were not looked after this round: {Reason}")]
    partial void LogSkipped(string reason);
}
