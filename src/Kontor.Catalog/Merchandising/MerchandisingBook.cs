using Kontor.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Merchandising;

/// <summary>Synonyms and search rules in memory, as they stand: a search asks nobody.</summary>
sealed class MerchandisingBook(CatalogDatabase database) : IDisposable
{
    readonly SemaphoreSlim gate = new(1, 1);
    volatile RuleBook standing = RuleBook.Empty;

    public RuleBook Standing => standing;

    /// <summary>Whether it is other after this.</summary>
    public static bool Touches(RecordedEvent happened) =>
        happened.Type.StartsWith("synonyms.", StringComparison.Ordinal)
        || happened.Type.StartsWith("search-rule.", StringComparison.Ordinal);

    /// <summary>Reads all of it. One after the other: what was read earlier never takes the place of what was read later.</summary>
    public async Task Reload(CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            standing = new(await SynonymSet.Table.All(database, stop), await SearchRule.Table.All(database, stop));
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}

/// <summary>Keeps the book in step with the journal.</summary>
sealed partial class FollowMerchandising(
    CatalogDatabase database,
    MerchandisingBook book,
    ILogger<FollowMerchandising> log
) : BackgroundService
{
    readonly Steps steps = new(database, book, log);

    /// <summary>Which writes the book has seen.</summary>
    public Reach Reach => steps.Reach;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => steps.Run(stoppingToken);

    sealed class Steps(CatalogDatabase database, MerchandisingBook book, ILogger log) : InStep(database.Journal)
    {
        protected override async Task<JournalHead> Begin(CancellationToken stop)
        {
            var head = await Journal.Head(stop);
            await book.Reload(stop);
            return head;
        }

        protected override async Task Apply(EventBatch batch, CancellationToken stop)
        {
            if (batch.Events.Any(MerchandisingBook.Touches))
                await book.Reload(stop);
        }

        protected override void Broke(Exception fault) => LogBroken(log, fault);
    }

    [LoggerMessage(41, LogLevel.Warning, "Synonyms and search rules could not be read; what is known of them stands")]
    static partial void LogBroken(ILogger log, Exception fault);
}
