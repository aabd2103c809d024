using System.Data.Common;
using Kontor.Contracts.Catalog;
using Kontor.Journal;
using Kontor.Kernel;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Carts;

/// <summary>What Catalog offers of the goods in a cart; without offers when it could not be asked.</summary>
sealed record Shelf(IReadOnlyDictionary<string, Offer>? Offers)
{
    public bool IsKnown => Offers is not null;

    public Offer? Find(string sku) => Offers?.GetValueOrDefault(sku);

    /// <summary>The price now; null where the variant is gone or not sold in this currency.</summary>
    public Money? PriceOf(string sku) =>
        Find(sku)?.Price is { Amount: >= 0 and <= CartLine.MaxUnitAmount } price ? price : null;
}

/// <summary>Asks Catalog, within bounds, and says plainly when it does not answer.</summary>
sealed partial class Goods(ICatalog catalog, TimeProvider clock, ILogger<Goods> log)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<Shelf> Ask(OfferQuestion question, CancellationToken stop)
    {
        if (question.Wishes.Count == 0)
            return new(new Dictionary<string, Offer>(StringComparer.Ordinal));
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return new(await catalog.Offers(question, either.Token));
        }
        catch (Exception away) when (!stop.IsCancellationRequested && IsAway(away))
        {
            LogAway(away.Message);
            return new((IReadOnlyDictionary<string, Offer>?)null);
        }
    }

    /// <summary>Whether this says that the other side is not there now, and not that it or we have a bug. What was
    /// asked of it may have happened all the same.</summary>
    public static bool IsAway(Exception exception) =>
        exception
            is HttpRequestException
                or TimeoutException
                or OperationCanceledException
                or CommitOutcomeUnknownException
                or DbException { IsTransient: true }
                or DbException { InnerException: IOException or System.Net.Sockets.SocketException or TimeoutException }
                or DbException { SqlState: ['5', '7', ..] or ['5', '3', ..] or ['0', '8', ..] };

    [LoggerMessage(1, LogLevel.Warning, "Catalog does not answer; carts show the last known prices: {Reason}")]
    partial void LogAway(string reason);
}
