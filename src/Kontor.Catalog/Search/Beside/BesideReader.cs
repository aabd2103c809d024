using System.Text.Json;
using Kontor.Catalog.Search.Fields;
using Kontor.Catalog.Search.Following;
using Kontor.Journal;
using Kontor.Search;
using Kontor.Search.OpenSearch;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Search.Beside;

/// <summary>Keeps what a process knows beside the engine in step with the journal, and says how far the engine is: it waits for
/// whichever process writes.</summary>
sealed partial class BesideReader(
    CatalogDatabase database,
    OpenSearchEngine engine,
    SearchStanding standing,
    ILogger<BesideReader> log
) : InStep(database.Journal)
{
    /// <summary>Then the journal is read again: it may have begun anew, and what is waited for never come.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(250);

    BesideShop? shop;
    bool isAway;

    /// <summary>Ready when the engine has all that stood when this process began.</summary>
    protected override async Task<JournalHead> Begin(CancellationToken stop)
    {
        // Before anything is read: what comes after it is applied again. All prices are looked at once the engine is there, and
        // not each second that it is away.
        var head = await Journal.Head(stop);
        await Until(async () => await Holds(head, stop), stop);
        var read = await BesideShop.Read(database, engine, stop);
        shop = read;
        Reach.Begin(head);
        standing.Serve(new(read, Reach));
        isAway = false;
        LogReady(head.Sequence);
        return head;
    }

    /// <summary>That it is of this journal, too: after one was restored, the index stands for what never happened.</summary>
    async Task<bool> Holds(JournalHead head, CancellationToken stop) =>
        await engine.PositionIfAny(stop) is { } position
        && position >= head.Sequence
        && await engine.Noted(BesideWriter.JournalNote, stop) is { } incarnation
        && await Journal.Resolve(new(Journal.Topic, incarnation, position, IsInsertion: false), TimeSpan.Zero, stop)
            is ResolvedPosition.After;

    protected override async Task Apply(EventBatch batch, CancellationToken stop)
    {
        if (shop is null)
            return;
        if (Affected.Of(batch.Events, 0).IsAboutBooks)
            shop.Books = await ShopBooks.Read(database, stop);
        foreach (var priced in batch.Events.Where(happened => happened.Type == "price.set.v1"))
        {
            using var body = JsonDocument.Parse(priced.Body);
            shop.Learn(body.RootElement.GetProperty("price").GetProperty("currency").GetString()!);
        }
        var last = batch.Events[^1].Sequence;
        await Until(async () => await engine.Position(stop) >= last, stop);
        IndexMeter.Applied(batch.Events, standing: null);
        isAway = false;
    }

    static async Task Until(Func<Task<bool>> isSo, CancellationToken stop)
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var look = FirstLook; !await isSo(); look = look * 2 < LastLook ? look * 2 : LastLook)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
                throw new SearchEngineException("Nobody wrote to the index what the journal has.", mayPass: true);
            await Task.Delay(look, TimeProvider.System, stop);
        }
    }

    /// <summary>Told once, however long it lasts.</summary>
    protected override void Broke(Exception fault)
    {
        if (!isAway)
            LogBroke(fault);
        isAway = true;
    }

    [LoggerMessage(1, LogLevel.Information, "Products are searched in OpenSearch, which has all up to {Sequence}")]
    partial void LogReady(long sequence);

    [LoggerMessage(2, LogLevel.Warning, "How far OpenSearch is, is not known for a while; it is asked again and again")]
    partial void LogBroke(Exception fault);
}
