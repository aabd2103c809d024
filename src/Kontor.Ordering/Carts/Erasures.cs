using Kontor.Platform.Data;
using Kontor.Platform.Encryption;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Ordering.Carts;

/// <summary>Sees to it that the keys of erased carts are destroyed: of all of them at the start, and then of those that
/// were erased lately.</summary>
/// <remarks>
/// The start is for a key store that was restored from a backup, in which destroyed keys are alive. The rounds are for
/// processes that died between an erasure's commit and its destruction. It works from the carts' marks, which stand in
/// the transactions of the events: a subscription would handle every event of the service, and move its checkpoint with
/// a commit each time, for one event in a million. To destroy a key again does nothing.
/// </remarks>
sealed partial class Erasures(OrderingDatabase database, KeyRing keys, TimeProvider clock, ILogger<Erasures> log)
    : BackgroundService
{
    internal const int BatchSize = 1_000;

    static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    /// <summary>Longer than a transaction may take, and than the clocks of processes differ.</summary>
    static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new PeriodicTimer(Round, clock);
        var since = DateTimeOffset.MinValue;
        try
        {
            do
            {
                var began = clock.GetUtcNow();
                if (await TryReplay(since, stoppingToken))
                    since = began - Overlap;
            } while (await rounds.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the next one begins with all of them.
        }
    }

    async Task<bool> TryReplay(DateTimeOffset since, CancellationToken stop)
    {
        try
        {
            if (await Replay(since, stop) is var destroyed and > 0)
                LogReplayed(destroyed);
            return true;
        }
        catch (Exception away) when (away is NpgsqlException or IOException or UnauthorizedAccessException)
        {
            LogAway(away.Message); // The next round comes.
            return false;
        }
    }

    /// <summary>Destroys the keys that still live of carts erased since then; how many there were.</summary>
    internal async Task<int> Replay(DateTimeOffset since, CancellationToken stop)
    {
        var destroyed = 0;
        var after = (At: since, Cart: Guid.Empty);
        while (true)
        {
            var batch = await Erased(after.At, after.Cart, stop);
            destroyed += batch.Count(erased => keys.Persons.Destroy(erased.Cart));
            if (batch.Count < BatchSize)
                return destroyed;
            after = batch[^1];
        }
    }

    async Task<List<(DateTimeOffset At, Guid Cart)>> Erased(DateTimeOffset at, Guid cart, CancellationToken stop)
    {
        await using var find = database
            .Source.CreateCommand(
                """
                select erased_at, id from carts
                where erased_at is not null and (erased_at, id) > ($1, $2) order by erased_at, id limit $3
                """
            )
            .With(at, cart, BatchSize);
        await using var row = await find.ExecuteReaderAsync(stop);
        List<(DateTimeOffset At, Guid Cart)> erased = [];
        while (await row.ReadAsync(stop))
            erased.Add((row.GetFieldValue<DateTimeOffset>(0), row.GetGuid(1)));
        return erased;
    }

    [LoggerMessage(1, LogLevel.Warning, "Destroyed the keys of {Count} carts that were erased before")]
    partial void LogReplayed(int count);

    [LoggerMessage(2, LogLevel.Warning, "Keys of erased carts could not be destroyed this round: {Reason}")]
    partial void LogAway(string reason);
}
