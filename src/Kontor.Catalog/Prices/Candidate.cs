using Kontor.Kernel;

namespace Kontor.Catalog.Prices;

/// <summary>A row that could win, as the rule sees it: a base price has no key.</summary>
/// <param name="List">The list that it is in.</param>
sealed record Candidate(Price Price, long Rank, CandidateList? List)
{
    public bool IsBase => Price.Key.Length == 0;
}

/// <summary>A price list, as far as it decides.</summary>
sealed record CandidateList(
    string? Channel,
    string? CustomerGroup,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil
);

/// <summary>Why a price won, or did not.</summary>
/// <param name="Key">Its key; absent for the base price.</param>
/// <param name="Rank">The precedence as one number; the highest that applies wins.</param>
/// <param name="Verdict"><c>won</c>, or what it lost by: <c>outranked</c>, <c>quantityNotReached</c>,
/// <c>otherCountry</c>, <c>otherChannel</c>, <c>otherCustomerGroup</c>, <c>notYetValid</c>, <c>noLongerValid</c>,
/// <c>listOfOtherChannel</c>, <c>listOfOtherCustomerGroup</c>, <c>listNotYetValid</c>, <c>listNoLongerValid</c>.</param>
/// <param name="Because">The same in words.</param>
sealed record PriceVerdict(
    string? Key,
    Money Price,
    Money? CompareAt,
    string? PriceList,
    string? CustomerGroup,
    string? Channel,
    string? Country,
    int MinQuantity,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil,
    long Rank,
    string Verdict,
    string Because
)
{
    /// <summary>Judges the candidates of one variant in one currency, the highest rank first.</summary>
    public static IReadOnlyList<PriceVerdict> Of(
        IReadOnlyList<Candidate> candidates,
        PriceContext context,
        DateTimeOffset now
    )
    {
        Candidate? winner = null;
        var verdicts = new List<PriceVerdict>(candidates.Count);
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Rank))
        {
            var (verdict, because) = Lost(candidate, context, now);
            if (verdict is null && winner is null)
            {
                winner = candidate;
                (verdict, because) = ("won", "Of the prices that apply it has the highest rank.");
            }
            else if (verdict is null)
                (verdict, because) = ("outranked", Outranked(candidate, winner!));
            verdicts.Add(Of(candidate, verdict, because));
        }
        return verdicts;
    }

    static (string? Verdict, string Because) Lost(Candidate candidate, PriceContext context, DateTimeOffset now)
    {
        var (price, list) = (candidate.Price, candidate.List);
        if (price.MinQuantity > context.Quantity)
            return (
                "quantityNotReached",
                $"It begins at {price.MinQuantity} pieces; {context.Quantity} are asked for."
            );
        if (price.CustomerGroup is not null && price.CustomerGroup != context.CustomerGroup)
            return ("otherCustomerGroup", $"It is for '{price.CustomerGroup}' only.");
        if (price.Channel is not null && price.Channel != context.Channel)
            return ("otherChannel", $"It is for '{price.Channel}' only.");
        if (price.Country is not null && price.Country != context.Country)
            return ("otherCountry", $"It is for {price.Country} only.");
        if (price.ValidFrom > now)
            return ("notYetValid", "Its time has not come.");
        if (price.ValidUntil <= now)
            return ("noLongerValid", "Its time is over.");
        return list is null ? default : LostByList(list, context, now);
    }

    static (string? Verdict, string Because) LostByList(CandidateList list, PriceContext context, DateTimeOffset now)
    {
        if (list.CustomerGroup is not null && list.CustomerGroup != context.CustomerGroup)
            return ("listOfOtherCustomerGroup", $"Its list is for '{list.CustomerGroup}' only.");
        if (list.Channel is not null && list.Channel != context.Channel)
            return ("listOfOtherChannel", $"Its list is for '{list.Channel}' only.");
        if (list.ValidFrom > now)
            return ("listNotYetValid", "The time of its list has not come.");
        return list.ValidUntil <= now ? ("listNoLongerValid", "The time of its list is over.") : default;
    }

    /// <summary>The first step of the precedence at which the two differ.</summary>
    static string Outranked(Candidate candidate, Candidate winner)
    {
        var (lost, won) = (candidate.Price, winner.Price);
        var name = $"'{won.Key}'";
        if (candidate.IsBase)
            return $"It is the base price, and {name} applies.";
        if (lost.PriceList != won.PriceList)
            return lost.PriceList is null
                ? $"{name} is in the price list '{won.PriceList}', and this is in none."
                : $"The price list '{won.PriceList}' of {name} stands before '{lost.PriceList}'.";
        if (lost.CustomerGroup != won.CustomerGroup)
            return $"{name} names the customer group, and this does not.";
        if (lost.Channel != won.Channel)
            return $"{name} names the channel, and this does not.";
        if (lost.Country != won.Country)
            return $"{name} names the country, and this does not.";
        return $"{name} begins at {won.MinQuantity} pieces, and this at {lost.MinQuantity}.";
    }

    static PriceVerdict Of(Candidate candidate, string verdict, string because)
    {
        var price = candidate.Price;
        return new(
            candidate.IsBase ? null : price.Key,
            price.Amount,
            price.CompareAt,
            price.PriceList,
            price.CustomerGroup,
            price.Channel,
            price.Country,
            price.MinQuantity,
            price.ValidFrom,
            price.ValidUntil,
            candidate.Rank,
            verdict,
            because
        );
    }
}
