using Kontor.Catalog.Imports.Runs;
using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>The products of a run, batch by batch: while one batch is worked off, the next is read, laid and hashed.</summary>
/// <remarks>What was read ahead counts only for the step and the place that it was read for: whoever lost the run, or plans
/// anew, reads again.</remarks>
sealed class LaidAhead(CatalogDatabase database) : IAsyncDisposable
{
    (ImportState Step, string Position, Task<IReadOnlyList<LaidProduct>> Laid)? ahead;

    /// <summary>The next products behind where the run is, as <see cref="StagedParts.Next"/> has them.</summary>
    public async Task<IReadOnlyList<LaidProduct>> Next(ImportRun run, int limit, CancellationToken stop)
    {
        var isKnown = ahead is { } read && read.Step == run.State && read.Position == run.Position;
        var laid = await (isKnown ? ahead!.Value.Laid : StagedParts.Next(database, run, limit, stop));
        await DisposeAsync();
        if (laid.Count == 0)
            return laid;
        var then = run with { Position = laid[^1].Key };
        ahead = (run.State, then.Position, Task.Run(() => StagedParts.Next(database, then, limit, stop), stop));
        return laid;
    }

    /// <summary>What was read in vain has ended; what it failed with is of no account.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ahead is { } read)
            await ((Task)read.Laid).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ahead = null;
    }
}
