using Kontor.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Imports.Schedules;

/// <summary>Looks after schedules in every process of the catalogue; which of them takes one its row says.</summary>
sealed partial class ScheduleWorker(ScheduleRounds rounds, TimeProvider clock, ILogger<ScheduleWorker> log)
    : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await rounds.Round(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception away)
                when (away is NpgsqlException or TimeoutException or IOException or CommitOutcomeUnknownException)
            {
                LogSkipped(away.Message); // Who held a schedule holds it no longer after its time.
            }
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Schedules of imports were not looked after this round: {Reason}")]
    partial void LogSkipped(string reason);
}
