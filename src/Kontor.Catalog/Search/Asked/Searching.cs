using Kontor.Catalog.Search.Following;
using Kontor.Catalog.Texts;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Search;

namespace Kontor.Catalog.Search.Asked;

/// <summary>What the index answered.</summary>
/// <param name="Position">How far it had come, at least.</param>
/// <param name="IsStale">It had not come as far as was asked for in time, or hears nothing of the journal.</param>
sealed record Searched(ShopIndex Shop, MadeQuery Made, SearchAnswer Answer, Position Position, bool IsStale);

/// <summary>Completions, and how old they may be, as of what is found.</summary>
sealed record Suggested(IReadOnlyList<Completion> Words, Position Position, bool IsStale);

/// <summary>Searches the index of this process: the one way for every door.</summary>
sealed class Searching(SearchStanding standing, Languages languages, TimeProvider clock)
{
    /// <summary>How long a read waits for the position that it asks for; then it is answered and told so.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<Result<Searched>> Find(AskedSearch asked, Position? atLeast, CancellationToken stop)
    {
        if (await At(atLeast, stop) is not var (shop, position, isStale))
            return Rejections.SearchNotReady;
        var made = QueryMaker.Make(shop, asked, languages, clock.GetUtcNow());
        return made.Is(out var query, out var rejection)
            ? new Searched(shop, query, shop.Index.Find(query.Query), position, isStale)
            : rejection;
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
        var words = shop.Index.Suggest(query);
        // What has no text in this language is shown in the shop's own.
        if (words.Count == 0)
            words = shop.Index.Suggest(query with { Language = languages.Default });
        return new Suggested(words, position, isStale);
    }

    /// <summary>The index, when it has come so far; null where there is none yet.</summary>
    public async Task<(ShopIndex Shop, Position Position, bool IsStale)?> At(Position? atLeast, CancellationToken stop)
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
}
