using Kontor.Catalog.Bulk;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Texts;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>What all steps of imports work with.</summary>
sealed record ImportRoom(CatalogDatabase Database, TypeBook Types, Languages Languages, TimeProvider Clock)
{
    const int Attempts = 8;

    public BulkProducts Products(ImportRun run) => new(Database, Types, Clock, run.CreatedBy);

    /// <summary>A batch in one transaction with the run's row, begun anew where it lost a race; null, and nothing written,
    /// where somebody else has moved the run.</summary>
    /// <param name="batch">Writes, and says where the run is then.</param>
    public async Task<ImportRun?> Batch(ImportRun seen, Func<Work, bool, Task<ImportRun>> batch, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var connection = await Database.Source.OpenConnectionAsync(stop);
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var work = new Work(Database, transaction) { Actor = seen.CreatedBy };
                var now = await batch(work, attempt == Attempts);
                if (await RunTable.Move(work, seen, now, Clock, stop) is not { } moved)
                    return null;
                await work.Append(stop);
                stop.ThrowIfCancellationRequested();
                await work.Commit();
                return moved;
            }
            catch (Exception lost) when (attempt < Attempts && BulkProducts.IsLostRace(lost))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2 << attempt), Clock, stop);
            }
    }

    /// <summary>The run in another state, with nothing else written.</summary>
    public Task<ImportRun?> Move(ImportRun seen, ImportRun now, CancellationToken stop) =>
        Batch(seen, (_, _) => Task.FromResult(now), stop);

    /// <summary>Writes in a transaction of its own.</summary>
    public async Task<T> Write<T>(Func<Work, Task<T>> write, CancellationToken stop)
    {
        await using var connection = await Database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(Database, transaction);
        var written = await write(work);
        await work.Append(stop);
        await work.Commit();
        return written;
    }

    /// <summary>Looks, in a transaction that writes nothing.</summary>
    public async Task<T> Look<T>(Func<Work, Task<T>> look, CancellationToken stop)
    {
        await using var connection = await Database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        return await look(new Work(Database, transaction));
    }
}
