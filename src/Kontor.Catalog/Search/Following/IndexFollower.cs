using System.Diagnostics;
using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Fields;
using Kontor.Journal;
using Kontor.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Search.Following;

/// <summary>Loads an index of the products and keeps it in step with the journal.</summary>
/// <remarks>
/// What happened says only which products to look at: their state is read, after the event, and written. Reading and writing
/// are one step under one gate, so that what was read earlier is never written later.
/// Of a change that is about very many products (a category moves, a price list ends) a thousand at a time are read, and between
/// them what happened since is applied ahead. The position stays before such a change until all of it is applied.
/// </remarks>
sealed partial class IndexFollower(
    CatalogDatabase database,
    DocumentReader documents,
    SearchStanding standing,
    IndexRebuilds rebuilds,
    ILogger<IndexFollower> log
) : InStep(database.Journal), IDisposable
{
    /// <summary>Of a snapshot, by stretches of ids.</summary>
    const int LoadedAtOnce = 5_000;
    const int Loaders = 2;

    /// <summary>Of products that events are about.</summary>
    const int ReadAtOnce = 1_000;

    static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    readonly SemaphoreSlim gate = new(1, 1);
    readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Dictionary<string, string?> parents = new(StringComparer.Ordinal);
    volatile ShopIndex shop = new();
    long ahead;

    /// <summary>Whether what it loads is searched at once; else whoever made it says when.</summary>
    public bool IsServing { get; set; }

    public Task Loaded => loaded.Task;

    /// <summary>The last event of which something is applied.</summary>
    public long Ahead => Math.Max(Volatile.Read(ref ahead), Reach.Sequence);

    public Serving Serving => new(shop, Reach);

    protected override async Task<JournalHead> Begin(CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        // Before anything is read: what comes after it is applied again, and that does no harm.
        var head = await Journal.Head(stop);
        var made = new ShopIndex { Books = await ShopBooks.Read(database, stop) };
        await Load(made, stop);
        parents.Clear();
        foreach (var category in made.Books.Categories.All)
            parents[category.Key] = category.Parent;
        Volatile.Write(ref ahead, 0);
        shop = made;
        Reach.Begin(head);
        if (IsServing)
            standing.Serve(Serving);
        loaded.TrySetResult();
        LogReady(made.Index.Count, Stopwatch.GetElapsedTime(begun).TotalSeconds, head.Sequence);
        return head;
    }

    async Task Load(ShopIndex made, CancellationToken stop)
    {
        await Parallel.ForEachAsync(
            Stretches(stop),
            new ParallelOptions { MaxDegreeOfParallelism = Loaders, CancellationToken = stop },
            async (stretch, halt) => made.Write(await documents.Read(stretch, halt), [])
        );
        made.Index.Compact();
    }

    async IAsyncEnumerable<DocumentChoice> Stretches(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        for (var after = Guid.Empty; after != Last; )
        {
            await using var find = database
                .Source.CreateCommand("select id from products where id > $1 order by id offset $2 limit 1")
                .With(after, LoadedAtOnce - 1);
            var last = await find.ExecuteScalarAsync(stop) is Guid id ? id : Last;
            yield return DocumentChoice.Between(after, last);
            after = last;
        }
    }

    protected override async Task Apply(EventBatch batch, CancellationToken stop)
    {
        var affected = Affected.Of(batch.Events, Volatile.Read(ref ahead));
        await Narrow(affected, stop);
        foreach (var wide in affected.Wide)
            await Widely(wide, batch, stop);
        shop.Index.Reached(batch.Events[^1].Sequence);
        IndexMeter.Applied(batch.Events, shop.Index.Count);
    }

    async Task Narrow(Affected affected, CancellationToken stop)
    {
        if (affected.IsAboutBooks)
            shop.Books = await ShopBooks.Read(database, stop);
        if (affected.HasParts)
            affected.Products.UnionWith(
                await documents.Ids(DocumentSql.BundlesOf, [affected.Products.ToArray()], stop)
            );
        if (affected.Repriced.Count > 0)
            affected.Priced.UnionWith(await Before(affected.Repriced, stop));
        affected.Priced.ExceptWith(affected.Products);
        if (affected.Priced.Count > 0)
            affected.Products.UnionWith(
                await Move(halt => documents.Moved([.. affected.Priced], halt), withPrices: true, stop)
            );
        if (affected.Stocked.Count > 0)
            affected.Products.UnionWith(
                await Move(
                    halt => documents.Classes([.. affected.Classed], [.. affected.Stocked], halt),
                    withPrices: false,
                    stop
                )
            );
        await Reread([.. affected.Products], stop);
    }

    Task<IReadOnlyList<Guid>> Before(List<(string Stream, long Version)> prices, CancellationToken stop) =>
        documents.Ids(
            DocumentSql.PricedBefore,
            [prices.Select(price => price.Stream).ToArray(), prices.Select(price => price.Version).ToArray()],
            stop
        );

    async Task<IReadOnlyList<Guid>> Move(
        Func<CancellationToken, Task<MovedBatch>> read,
        bool withPrices,
        CancellationToken stop
    )
    {
        await gate.WaitAsync(stop);
        try
        {
            return shop.Move(await read(stop), withPrices);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Writes products as they stand now.</summary>
    async Task Reread(Guid[] products, CancellationToken stop)
    {
        foreach (var some in products.Chunk(ReadAtOnce))
        {
            await gate.WaitAsync(stop);
            try
            {
                shop.Write(await documents.Read(DocumentChoice.Of(some), stop), some);
            }
            finally
            {
                gate.Release();
            }
        }
    }

    async Task Widely(WideChange change, EventBatch batch, CancellationToken stop)
    {
        if (change.Kind == WideKind.OldCategory)
            parents.Remove(change.Key);
        else if (change.Kind == WideKind.NewCategory)
            parents[change.Key] = change.Parent;
        // A title or a place says nothing of what stands in it.
        if (
            change.Kind is WideKind.OldCategory or WideKind.NewCategory
            || (
                change.Kind == WideKind.Category
                && parents.TryGetValue(change.Key, out var parent)
                && parent == change.Parent
            )
        )
            return;
        var products = await documents.Ids(change.Sql, [change.Key], stop);
        if (change.Kind == WideKind.Type && products.Count > rebuilds.MostReread)
            await Replaced(change.Key, batch, stop);
        foreach (var some in products.Chunk(ReadAtOnce))
        {
            await Reread(some, stop);
            if (products.Count > ReadAtOnce)
                await LookAhead(batch, stop);
        }
        if (change.Kind == WideKind.Category)
            parents[change.Key] = change.Parent;
    }

    /// <summary>Applies what happened since, but for what is about very many; it is not said to be applied before its turn.</summary>
    async Task LookAhead(EventBatch batch, CancellationToken stop)
    {
        var after = Math.Max(batch.Events[^1].Sequence, Volatile.Read(ref ahead));
        var next = await Journal.Read(after, EventJournal.MaxRead, stop);
        if (next.Incarnation != batch.Incarnation || next.Events.Count == 0)
            return;
        await Narrow(Affected.Of(next.Events, after), stop);
        Volatile.Write(ref ahead, next.Events[^1].Sequence);
    }

    /// <summary>Another index is built beside this one, which goes on until it is taken out of service.</summary>
    async Task Replaced(string type, EventBatch batch, CancellationToken stop)
    {
        LogReplaced(type);
        rebuilds.Ask();
        while (true)
        {
            await LookAhead(batch, stop);
            await Task.Delay(Look, TimeProvider.System, stop);
        }
    }

    /// <summary>Reads products again whose prices or availability change by the clock.</summary>
    public async Task Watch(TimeProvider clock, CancellationToken stop)
    {
        var isMore = false;
        while (true)
        {
            if (!isMore)
                await Task.Delay(Look, TimeProvider.System, stop);
            stop.ThrowIfCancellationRequested();
            var at = shop;
            var due = at.Moments.Due(clock.GetUtcNow(), ReadAtOnce);
            isMore = due.Count >= ReadAtOnce;
            if (due.Count == 0)
                continue;
            try
            {
                await Reread([.. due], stop);
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                // They stay due: the next look reads them.
                at.Moments.Add(due.Select(product => (product, clock.GetUtcNow())));
                isMore = false;
                Broke(fault);
            }
        }
    }

    protected override void Broke(Exception fault) => LogBroke(fault);

    public void Dispose() => gate.Dispose();

    [LoggerMessage(
        1,
        LogLevel.Information,
        "The search index is ready: {Products} products in {Seconds:F2} s, at {Sequence}"
    )]
    partial void LogReady(int products, double seconds, long sequence);

    [LoggerMessage(2, LogLevel.Warning, "The search index does not follow the journal for a moment; it tries again")]
    partial void LogBroke(Exception fault);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "The type {Type} changed and has many products: another search index is built"
    )]
    partial void LogReplaced(string type);
}
