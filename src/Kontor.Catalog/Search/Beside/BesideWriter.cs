using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Following;
using Kontor.Journal;
using Kontor.Search;
using Kontor.Search.OpenSearch;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Search.Beside;

/// <summary>Writes what happens to the products to the engine: in one process at a time, and two do no harm.</summary>
/// <remarks>
/// A product is always written whole, read after all events up to the version that it is written under. So what stands at
/// version 7 holds everything up to 7, whoever wrote it; the engine keeps the later version, and the position moves when all
/// before it is written. Whoever comes after a writer that died goes on at the position, and what it writes again does no harm.
/// decisions/0014-opensearch.md says more.
/// </remarks>
sealed partial class BesideWriter(
    CatalogDatabase database,
    OpenSearchEngine engine,
    DocumentReader documents,
    TimeProvider clock,
    ILogger<BesideWriter> log
) : IDisposable
{
    /// <summary>The incarnation of the journal that the position is of.</summary>
    public const string JournalNote = "journal";

    /// <summary>Until when prices and availability that change by the clock are written, in milliseconds since 1970.</summary>
    const string MomentsNote = "moments";

    const int ReadAtOnce = 1_000;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan BeforeRetrying = TimeSpan.FromSeconds(1);

    /// <summary>What was refused will be again until somebody changes something, and a build reads all products.</summary>
    static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(30);

    /// <summary>Clocks of this machine and of the database may differ so much.</summary>
    static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    /// <summary>Reading and writing are one step, so that of two in this process what was read earlier is not written later.</summary>
    readonly SemaphoreSlim gate = new(1, 1);
    readonly Dictionary<string, string?> parents = new(StringComparer.Ordinal);
    ChangeMoments moments = new();
    bool isAway;
    bool isForked;
    bool knowsMoments;

    /// <summary>All events up to it were read before what is written under it.</summary>
    long version;

    /// <summary>The position in the engine.</summary>
    long applied;

    /// <summary>Until it is told to stop.</summary>
    public async Task Lead(CancellationToken stop)
    {
        // Another may have written since: what it learned of moments is not known here.
        knowsMoments = false;
        while (!stop.IsCancellationRequested)
            try
            {
                await Go(stop);
            }
            catch (JournalForkedException forked)
            {
                LogForked(forked.Fork);
                isForked = true;
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                // The door of a background task: told once, however long it lasts.
                if (!isAway)
                    LogBroke(fault);
                isAway = true;
                var wait = fault is SearchEngineException { MayPass: false } ? AfterRefusal : BeforeRetrying;
                await Task.Delay(wait, TimeProvider.System, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    /// <summary>From where the engine stands.</summary>
    async Task Go(CancellationToken stop)
    {
        if (isForked || await engine.PositionIfAny(stop) is null || await engine.Noted(JournalNote, stop) is null)
            await Build(stop);
        isForked = false;
        var incarnation = await engine.Noted(JournalNote, stop) ?? "";
        applied = await engine.Position(stop);
        version = applied;
        parents.Clear();
        // What another wrote before it died may be of later versions than the position; no later ones than these.
        var settled = (await database.Journal.Head(stop)).Sequence;
        if (!knowsMoments)
            await ReadMoments(stop);
        knowsMoments = true;
        // An engine that is read may still not be written to, as one whose disk is full.
        await engine.Reached(applied, stop);
        var isGoing = false;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = Watch(settled, both.Token);
        try
        {
            await foreach (var batch in new Follower(database.Journal).Look(incarnation, applied, both.Token))
            {
                if (batch.Incarnation != incarnation)
                    await engine.Note(JournalNote, incarnation = batch.Incarnation, applied, stop);
                if (batch.Events.Count > 0)
                    await Apply(batch, stop);
                if (watching.IsCompleted)
                    await watching;
                if (!isGoing)
                    LogGoesOn(applied);
                (isGoing, isAway) = (true, false);
            }
        }
        finally
        {
            await both.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Apply(EventBatch batch, CancellationToken stop)
    {
        var last = batch.Events[^1].Sequence;
        var ahead = new Ahead(last);
        version = Math.Max(version, last);
        var affected = Affected.Of(batch.Events, 0);
        await Reread(await Narrow(affected, stop), engine.Write, stop);
        foreach (var wide in affected.Wide)
            await Widely(wide, ahead, stop);
        await engine.Reached(last, stop);
        applied = last;
        // What was looked at ahead is read again in its turn: that does no harm, and is seldom much.
    }

    /// <summary>The products that events are about one by one.</summary>
    async Task<IReadOnlyCollection<Guid>> Narrow(Affected affected, CancellationToken stop)
    {
        var products = affected.Products;
        if (affected.HasParts)
            products.UnionWith(await documents.Ids(DocumentSql.BundlesOf, [products.ToArray()], stop));
        if (affected.Repriced.Count > 0)
            products.UnionWith(
                await documents.Ids(
                    DocumentSql.PricedBefore,
                    [
                        affected.Repriced.Select(price => price.Stream).ToArray(),
                        affected.Repriced.Select(price => price.Version).ToArray(),
                    ],
                    stop
                )
            );
        products.UnionWith(affected.Priced);
        if (affected.Stocked.Count > 0)
            products.UnionWith(
                (await documents.Classes([.. affected.Classed], [.. affected.Stocked], stop)).Products.Keys
            );
        return products;
    }

    async Task Widely(WideChange change, Ahead ahead, CancellationToken stop)
    {
        // Nothing stands in a new category yet, and nothing in an old one any more. A title says nothing of what stands in it;
        // whether it is only that, is known once its parent was told by an event.
        if (change.Kind == WideKind.OldCategory)
            parents.Remove(change.Key);
        else if (change.Kind == WideKind.NewCategory)
            parents[change.Key] = change.Parent;
        if (change.Kind is WideKind.NewCategory or WideKind.OldCategory)
            return;
        if (
            change.Kind == WideKind.Category
            && parents.TryGetValue(change.Key, out var parent)
            && parent == change.Parent
        )
            return;
        var products = await documents.Ids(change.Sql, [change.Key], stop);
        foreach (var some in products.Chunk(ReadAtOnce))
        {
            await Reread(some, engine.Write, stop);
            if (products.Count > ReadAtOnce)
                await LookAhead(ahead, stop);
        }
        if (change.Kind == WideKind.Category)
            parents[change.Key] = change.Parent;
    }

    /// <summary>Writes what happened since, but for what is about very many; the position stays until their turn comes.</summary>
    async Task LookAhead(Ahead ahead, CancellationToken stop)
    {
        var next = await database.Journal.Read(ahead.Sequence, EventJournal.MaxRead, stop);
        if (next.Events.Count == 0)
            return;
        ahead.Sequence = next.Events[^1].Sequence;
        // From now on what is about many is written under this version too, or it would be refused as older.
        version = Math.Max(version, ahead.Sequence);
        await Reread(await Narrow(Affected.Of(next.Events, 0), stop), engine.Write, stop);
    }

    delegate Task Write(
        IReadOnlyList<SearchDocument> written,
        IReadOnlyList<Guid> removed,
        long version,
        CancellationToken stop
    );

    async Task Reread(IReadOnlyCollection<Guid> products, Write write, CancellationToken stop)
    {
        foreach (var some in products.Chunk(ReadAtOnce))
        {
            await gate.WaitAsync(stop);
            try
            {
                var under = Volatile.Read(ref version);
                await WriteRead(await documents.Read(DocumentChoice.Of(some), stop), some, under, write, stop);
            }
            finally
            {
                gate.Release();
            }
        }
    }

    /// <param name="asked">Those that were not found are gone.</param>
    async Task WriteRead(
        DocumentBatch batch,
        IReadOnlyCollection<Guid> asked,
        long under,
        Write write,
        CancellationToken stop
    )
    {
        var found = batch.Documents.Select(document => document.Id).ToHashSet();
        await write(
            [.. batch.Documents.Select(BesideShop.Renamed)],
            [.. asked.Where(id => !found.Contains(id))],
            under,
            stop
        );
        moments.Add(batch.Moments);
    }

    sealed class Ahead(long sequence)
    {
        public long Sequence { get; set; } = sequence;
    }

    public void Dispose() => gate.Dispose();

    [LoggerMessage(1, LogLevel.Information, "This process writes products to OpenSearch, from {Sequence} on")]
    partial void LogGoesOn(long sequence);

    [LoggerMessage(2, LogLevel.Warning, "OpenSearch is not written to for a while; it is tried again and again")]
    partial void LogBroke(Exception fault);

    [LoggerMessage(3, LogLevel.Warning, "The journal began anew after {Fork}: the index is built anew")]
    partial void LogForked(long fork);

    [LoggerMessage(4, LogLevel.Information, "The index was built: {Products} products, up to {Sequence}")]
    partial void LogBuilt(long products, long sequence);
}
