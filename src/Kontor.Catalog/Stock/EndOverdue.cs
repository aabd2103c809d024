using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>Ends held reservations whose time has come, in one process at a time, through the desk like everybody.</summary>
/// <remarks>Finding is no decision: the batch looks again under its locks, so one that was sold meanwhile stays.</remarks>
sealed partial class EndOverdue(CatalogDatabase database, StockDesk desk, TimeProvider clock, ILogger<EndOverdue> log)
    : BackgroundService
{
    internal const int BatchSize = 100;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Leadership(database.Source, "reservations", log).Run(EndAll, stoppingToken);

    async Task EndAll(CancellationToken stop)
    {
        while (true)
        {
            if (await TryEnd(stop) < BatchSize)
                await Task.Delay(Round, clock, stop);
        }
    }

    async Task<int> TryEnd(CancellationToken stop)
    {
        try
        {
            return await End(stop);
        }
        catch (Exception away)
            when (away is NpgsqlException or TimeoutException or CommitOutcomeUnknownException
                && !stop.IsCancellationRequested
            )
        {
            LogSkipped(away.Message); // The next round comes.
            return 0;
        }
    }

    /// <summary>Ends one small batch; how many were due.</summary>
    internal async Task<int> End(CancellationToken stop)
    {
        await using var find = database
            .Source.CreateCommand(
                "select id from reservations where state = 'held' and expires_at <= $1 order by expires_at limit $2"
            )
            .With(clock.GetUtcNow(), BatchSize);
        var due = new List<Guid>();
        await using (var reader = await find.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
                due.Add(reader.GetGuid(0));
        if (due.Count > 0)
            FaultPoint.Pass("stock.expire.before");
        await Task.WhenAll(due.Select(id => desk.Ask(new Wish.Expire(id), stop)));
        return due.Count;
    }

    [LoggerMessage(1, LogLevel.Warning, "Overdue reservations were not ended this round: {Reason}")]
    partial void LogSkipped(string reason);
}
