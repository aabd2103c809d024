using Kontor.Catalog.Search.Following;
using Kontor.Catalog.Texts;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Kontor.Search;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kontor.Catalog.Search.Asked;

/// <summary>What the index answered.</summary>
/// <param name="Position">How far it had come, at least.</param>
/// <param name="IsStale">It had not come as far as was asked for in time, or hears nothing of the journal.</param>
sealed record Searched(SearchedShop Shop, MadeQuery Made, SearchAnswer Answer, Position Position, bool IsStale);

/// <summary>Completions, and how old they may be, as of what is found.</summary>
sealed record Suggested(IReadOnlyList<Completion> Words, Position Position, bool IsStale);

/// <summary>Searches the index of this process, or the engine beside it: the one way for every door.</summary>
sealed partial class Searching(SearchStanding standing, Languages languages, TimeProvider clock, ILogger<Searching> log)
{
    /// <summary>How long a read waits for the position that it asks for; then it is answered and told so.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<Result<Searched>> Find(AskedSearch asked, Position? atLeast, CancellationToken stop)
    {
        if (await At(atLeast, stop) is not var (shop, position, isStale))
            return Rejections.SearchNotReady;
        var made = QueryMaker.Make(shop, asked, languages, clock.GetUtcNow());
        if (!made.Is(out var query, out var rejection))
            return rejection;
        try
        {
            var answer = await shop.Engine.Find(query.Query, stop);
            return new Searched(shop, query, answer, position, isStale);
        }
        catch (Exception away) when (IsAway(away))
        {
            return Away(away);
        }
    }

    /// <summary>Completions of the last word that was typed.</summary>
    public async Task<Result<Suggested>> Suggest(
        (string Text, int Limit, string? Channel) typed,
        LocaleChain? chain,
        Position? atLeast,
        CancellationToken stop
    )
    {
        if (await At(atLeast, stop) is not var (shop, position, isStale))
            return Rejections.SearchNotReady;
        var query = new SuggestQuery(clock.GetUtcNow(), typed.Text)
        {
            Language = chain?.Locales[0] ?? languages.Default,
            Channel = typed.Channel,
            Limit = typed.Limit,
        };
        try
        {
            var words = await shop.Engine.Suggest(query, stop);
            // What has no text in this language is shown in the shop's own.
            if (words.Count == 0)
                words = await shop.Engine.Suggest(query with { Language = languages.Default }, stop);
            return new Suggested(words, position, isStale);
        }
        catch (Exception away) when (IsAway(away))
        {
            return Away(away);
        }
    }

    static bool IsAway(Exception fault) =>
        fault is SearchEngineException or BrokenCircuitException or TimeoutRejectedException;

    /// <summary>An engine beside the process does not answer, or asks for less.</summary>
    Rejection Away(Exception fault)
    {
        if (fault is SearchEngineException { Kind: "too_many_buckets_exception" })
            return Refusals.ValidationFailed.At("facet", "More intervals than can be counted: take a greater width.");
        IndexMeter.Unanswered();
        // While the breaker is open nothing new is learned of it.
        if (fault is not BrokenCircuitException)
            LogAway(fault);
        return Rejections.SearchAway;
    }

    /// <summary>The index, when it has come so far; null where there is none yet.</summary>
    public async Task<(SearchedShop Shop, Position Position, bool IsStale)?> At(
        Position? atLeast,
        CancellationToken stop
    )
    {
        if (standing.Now is null)
            return null;
        if (atLeast is { } wanted && !standing.Now.Reach.Has(wanted))
            await standing.Now.Reach.Wait(wanted, Patience, stop);
        // Another index may have taken its place meanwhile.
        var now = standing.Now;
        var position = now.Reach.Position;
        var isStale = now.Reach.IsBlind || (atLeast is { } least && !now.Reach.Has(least));
        return (now.Shop, position, isStale);
    }

    [LoggerMessage(1, LogLevel.Warning, "The search engine did not answer a question")]
    partial void LogAway(Exception fault);
}
