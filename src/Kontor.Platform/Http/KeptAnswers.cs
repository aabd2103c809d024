using Kontor.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Platform.Http;

/// <summary>Lets answers go that were kept under their keys for 30 days, in small batches, so that it disturbs nobody.</summary>
sealed partial class KeptAnswers(ServiceDatabase database, TimeProvider clock, ILogger<KeptAnswers> log)
    : BackgroundService
{
    public const int BatchSize = 1_000;
    static readonly TimeSpan Round = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new PeriodicTimer(Round, clock);
        try
        {
            while (await rounds.WaitForNextTickAsync(stoppingToken))
                await PruneAll(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    async Task PruneAll(CancellationToken stop)
    {
        try
        {
            while (await Prune(database.Source, stop) == BatchSize) { }
        }
        catch (NpgsqlException away)
        {
            LogSkipped(database.Name, away.Message); // The next round comes.
        }
    }

    /// <summary>Deletes one batch of answers past their time; how many there were. Locks those rows only.</summary>
    internal static async Task<int> Prune(NpgsqlDataSource source, CancellationToken stop)
    {
        await using var prune = source
            .CreateCommand(
                """
                delete from idempotency where (caller, method, path, key) in (
                    select caller, method, path, key from idempotency
                    where created_at < clock_timestamp() - interval '30 days' order by created_at limit $1
                    for update skip locked
                )
                """
            )
            .With(BatchSize);
        return await prune.ExecuteNonQueryAsync(stop);
    }

    [LoggerMessage(3, LogLevel.Warning, "Old answers of {Service} were not let go this round: {Reason}")]
    partial void LogSkipped(string service, string reason);
}
