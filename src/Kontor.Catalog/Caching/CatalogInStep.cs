using System.Text.Json;
using Kontor.Journal;
using Kontor.Platform.Caching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Caching;

/// <summary>Evicts from memory, and from the second level, what the catalogue's journal says is old.</summary>
sealed partial class CatalogInStep(CatalogDatabase database, BodyShelf shelf, ILogger<CatalogInStep> log)
    : InStep(database.Journal)
{
    /// <summary>Told of evictions after memory has done them; null where every process keeps for itself.</summary>
    public ISecondLevel? Second { get; set; }

    protected override async Task<JournalHead> Begin(CancellationToken stop)
    {
        var head = await Journal.Head(stop);
        shelf.Begin(head);
        return head;
    }

    protected override void Renamed(JournalHead standing) => shelf.Begin(standing);

    protected override Task Apply(EventBatch batch, CancellationToken stop)
    {
        var evictions = batch
            .Events.SelectMany(happened => Decide(happened).Select(tag => new Eviction(tag, happened.Sequence)))
            .ToList();
        shelf.Evict(evictions);
        Second?.Evict(batch.Incarnation, batch.Events[0].Sequence - 1, batch.Events[^1].Sequence, evictions);
        return Task.CompletedTask;
    }

    /// <summary>A newer version beside this one may write events that this one does not know: they evict everything, so that
    /// it stays right and does not stand still.</summary>
    IReadOnlyList<string> Decide(RecordedEvent happened)
    {
        try
        {
            return Evictions.Of(happened.Type, happened.Body);
        }
        catch (Exception strange) when (strange is InvalidOperationException or JsonException)
        {
            LogStrange(strange, happened.Type, happened.Sequence);
            return [Eviction.Everything];
        }
    }

    protected override void Broke(Exception fault) => LogBroke(fault.Message);

    [LoggerMessage(1, LogLevel.Warning, "Event {Sequence}, {Type}, is not known here; all that was kept is evicted")]
    partial void LogStrange(Exception fault, string type, long sequence);

    [LoggerMessage(2, LogLevel.Warning, "The cache hears nothing of the catalogue's journal: {Reason}")]
    partial void LogBroke(string reason);
}

/// <summary>Runs it as long as the process serves.</summary>
sealed class KeepInStep(CatalogInStep inStep, BehindMemory behind, CacheSettings settings) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Megabytes == 0)
            return Task.CompletedTask;
        inStep.Second = behind.Redis;
        return Task.WhenAll(inStep.Run(stoppingToken), behind.Redis?.Run(stoppingToken) ?? Task.CompletedTask);
    }
}
