using Kontor.Journal;
using Kontor.Search.OpenSearch;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Search.Beside;

/// <summary>Indices of this shop in another shape, which an older or newer version of the program made.</summary>
/// <remarks>Those of a version that still runs move with the journal. One that has not moved between two looks, while this one
/// did, nobody keeps; and it is this shop's where its journal is.</remarks>
sealed partial class Leftovers(
    EventJournal journal,
    BesideSettings settings,
    Func<string, OpenSearchEngine> engineOf,
    ILogger<Leftovers> log
)
{
    readonly Dictionary<string, (long Its, long Ours)> seen = new(StringComparer.Ordinal);

    public async Task Run(TimeSpan every, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(every, TimeProvider.System, stop);
            try
            {
                await Look(stop);
            }
            catch (Exception away) when (!stop.IsCancellationRequested)
            {
                // The door of a background task. It is looked again; whoever writes tells that something is away.
                LogAway(away.Message);
            }
        }
    }

    internal async Task Look(CancellationToken stop)
    {
        var own = engineOf(settings.Options.Alias);
        if (await own.PositionIfAny(stop) is not { } ours)
            return;
        foreach (var alias in await own.Shapes(settings.Prefix, stop))
            if (alias != settings.Options.Alias)
                await Look(alias, ours, stop);
    }

    async Task Look(string alias, long ours, CancellationToken stop)
    {
        var engine = engineOf(alias);
        if (
            // One at 0 may be of any journal.
            await engine.PositionIfAny(stop) is not (> 0 and var its)
            || await engine.Noted(BesideWriter.JournalNote, stop) is not { } incarnation
            || await journal.Resolve(new(journal.Topic, incarnation, its, IsInsertion: false), TimeSpan.Zero, stop)
                is not ResolvedPosition.After
        )
            return;
        if (seen.TryGetValue(alias, out var before) && before.Its == its && its < before.Ours && before.Ours < ours)
        {
            await engine.Drop(stop);
            LogDropped(alias);
            seen.Remove(alias);
        }
        else if (!seen.ContainsKey(alias) || before.Its != its)
            seen[alias] = (its, ours);
    }

    [LoggerMessage(1, LogLevel.Information, "The index {Alias} of another version of the program was deleted")]
    partial void LogDropped(string alias);

    [LoggerMessage(2, LogLevel.Debug, "Leftovers were not looked for: {Reason}")]
    partial void LogAway(string reason);
}
