using Kontor.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>Drives migrations, batch by batch, in one process at a time.</summary>
sealed partial class MigrateProducts(CatalogDatabase database, TimeProvider clock, ILogger<MigrateProducts> log)
    : BackgroundService
{
    static readonly TimeSpan Round = TimeSpan.FromMilliseconds(500);

    readonly MigrationBatch batch = new(database, clock);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Leadership(database.Source, "product-types", log).Run(DriveAll, stoppingToken);

    async Task DriveAll(CancellationToken stop)
    {
        while (true)
            if (!await TryNext(stop))
                await Task.Delay(Round, clock, stop);
    }

    async Task<bool> TryNext(CancellationToken stop)
    {
        try
        {
            return await batch.Next(stop);
        }
        catch (Exception away)
            when (away is NpgsqlException or TimeoutException or CommitOutcomeUnknownException
                && !stop.IsCancellationRequested
            )
        {
            LogSkipped(away.Message); // The batch is whole or was not: the next round goes on at the cursor.
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A batch of a product type's migration was not done this round: {Reason}")]
    partial void LogSkipped(string reason);
}
