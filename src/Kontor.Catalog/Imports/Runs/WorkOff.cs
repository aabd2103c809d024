using Kontor.Catalog.Imports.Loading;
using Kontor.Catalog.Imports.Plans;
using Kontor.Catalog.Imports.Staging;
using Kontor.Catalog.Imports.Undoing;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>Works a run off, step by step, until it waits for a person or has ended.</summary>
/// <remarks>
/// 1. A supplier's runs go one at a time: who works holds an advisory lock on a connection of its own, which goes with the
/// process. 2. That lock saves double work and does not forbid it: each batch moves the run's row on by compare-and-set,
/// so that of two workers one writes nothing, whatever became of the lock. 3. A run that is received while another of the
/// supplier is being worked off waits for its turn.
/// </remarks>
sealed class WorkOff(ImportRoom room, OpenFeed open)
{
    /// <summary>How often it is looked whether tables have grown beyond their statistics.</summary>
    static readonly TimeSpan LookedAfter = TimeSpan.FromSeconds(2);

    const int LockClass = 0x696d_7074; // "impt": no other two-number lock of the catalogue has it.

    public CatalogDatabase Database => room.Database;

    /// <summary>The run as it was left; null where another process works for the supplier.</summary>
    public async Task<ImportRun?> Try(ImportRun run, Action<ImportRun>? look, CancellationToken stop)
    {
        await using var connection = await room.Database.Source.OpenConnectionAsync(stop);
        if (!await Hold(connection, run, stop))
            return null;
        try
        {
            return await Steps(run.Id, look, stop);
        }
        finally
        {
            await Release(connection, run);
        }
    }

    async Task<ImportRun?> Steps(Guid id, Action<ImportRun>? look, CancellationToken stop)
    {
        await using var ahead = new LaidAhead(room.Database);
        var looked = room.Clock.GetTimestamp();
        var run = await RunTable.Find(room.Database, id, stop);
        while (run is { IsActive: true })
        {
            // Who lost the run to somebody looks again: it may have been cancelled.
            run = await Step(run, ahead, look, stop) ?? await RunTable.Find(room.Database, id, stop);
            if (run is not null)
                look?.Invoke(run);
            if (room.Clock.GetElapsedTime(looked) < LookedAfter && run is { IsActive: true })
                continue;
            await AnalyzeGrown(stop);
            looked = room.Clock.GetTimestamp();
        }
        if (run is { HasEnded: true })
            await ReceivedFiles.Clear(room.Database, id, stop);
        return run;
    }

    /// <summary>Cancels runs that were opened and never started: their files must not lie in the database for ever.</summary>
    public async Task Sweep(CancellationToken stop)
    {
        var before = room.Clock.GetUtcNow() - ImportRun.Patience;
        while (await RunTable.Forsaken(room.Database, before, stop) is { Count: > 0 } forsaken)
            foreach (var run in forsaken)
            {
                var because = $"It was not started within {ImportRun.Patience.TotalDays:0} days.";
                await room.Move(run, run.Holding(ImportState.Cancelled, "IMPORT_FORSAKEN", because), stop);
                await ReceivedFiles.Clear(room.Database, run.Id, stop);
            }
    }

    /// <summary>Ends a run that something unforeseen keeps from going on.</summary>
    public async Task Fail(Guid id, CancellationToken stop)
    {
        if (await RunTable.Find(room.Database, id, stop) is not { IsActive: true } run)
            return;
        await room.Move(
            run,
            run.Holding(
                ImportState.Failed,
                "IMPORT_BROKEN",
                "It met something unforeseen, which the log of the server tells; what was loaded stands."
            ),
            stop
        );
        await ReceivedFiles.Clear(room.Database, id, stop);
    }

    /// <summary>Nobody else's statements are to be planned for the few rows that there were.</summary>
    async Task AnalyzeGrown(CancellationToken stop)
    {
        await using var analyze = room.Database.Source.CreateCommand("select analyze_grown()");
        await analyze.ExecuteNonQueryAsync(stop);
    }

    Task<ImportRun?> Step(ImportRun run, LaidAhead ahead, Action<ImportRun>? look, CancellationToken stop) =>
        run.State switch
        {
            ImportState.Staging => StageFiles.All(room, open, run, look, stop),
            ImportState.Planning => PlanBatch.Next(room, ahead, run, stop),
            ImportState.Loading => LoadBatch.Next(room, ahead, run, stop),
            ImportState.Withdrawing => WithdrawBatch.Next(room, run, stop),
            ImportState.Undoing => UndoBatch.Next(room, run, stop),
            _ => throw new System.Diagnostics.UnreachableException($"Nothing is to be done for {run.State}."),
        };

    static async Task<bool> Hold(NpgsqlConnection connection, ImportRun run, CancellationToken stop)
    {
        await using var hold = new NpgsqlCommand("select pg_try_advisory_lock($1, hashtext($2))", connection).With(
            LockClass,
            run.Terms.Supplier
        );
        return await hold.ExecuteScalarAsync(stop) is true;
    }

    static async Task Release(NpgsqlConnection connection, ImportRun run)
    {
        if (connection.FullState != System.Data.ConnectionState.Open)
            return;
        await using var release = new NpgsqlCommand("select pg_advisory_unlock($1, hashtext($2))", connection).With(
            LockClass,
            run.Terms.Supplier
        );
        await release.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
