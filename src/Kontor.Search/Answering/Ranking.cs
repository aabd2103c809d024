using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Gives matching products their place in the order and keeps those of the page.</summary>
sealed class Ranking
{
    /// <summary>What a product has before words and boosts, so that boosts tell where no word was asked for.</summary>
    const long Base = 1_000;

    /// <summary>One whose code is the whole text stands before all that words found.</summary>
    public const long CodeScore = 1_000_000_000;

    readonly Plan plan;
    readonly Workspace workspace;
    readonly Conditions conditions;
    readonly IReadOnlyList<(int Word, int Percent)> boosts;
    readonly SearchOrder by;
    readonly int? field;
    readonly IReadOnlyList<SortTexts?>? texts;
    Rows rows = null!; // Enter is called before any product is offered.
    int segment;
    long afterKey;

    public Ranking(Standing standing, Shared shared, Plan plan, Workspace workspace, Conditions conditions)
    {
        (this.plan, this.workspace, this.conditions, by) = (plan, workspace, conditions, plan.Query.Order);
        field = by.Field is null ? null : shared.Fields.Find(by.Field);
        if (by.By is SearchSort.Text)
            texts =
            [
                .. standing.Views.Select(view =>
                    field is { } known ? view.Segment.Sorts.GetValueOrDefault(known) : null
                ),
            ];
        boosts =
        [
            .. plan
                .Query.Boosts.Select(boost =>
                    (
                        Word: shared.Fields.Find(boost.Field) is { } known
                            ? shared.Words.Find(known, boost.Value)
                            : null,
                        boost.Percent
                    )
                )
                .Where(boost => boost.Word is not null)
                .Select(boost => (boost.Word.GetValueOrDefault(), boost.Percent)),
        ];
        Order = new(standing, texts);
        Page = new(Order, plan.Query.Limit + 1);
    }

    public FoundOrder Order { get; }

    public Best Page { get; }

    /// <summary>Whether what a product has decides its place.</summary>
    public bool NeedsFacts => boosts.Count > 0 || by.By is SearchSort.Number;

    public void Enter(Segment entered, int index)
    {
        (rows, segment) = (entered.Rows, index);
        if (plan.Query.After is { } after)
            afterKey = KeyOf(after);
    }

    public void Offer(int product, long text, int pin, int variants)
    {
        var (price, isAvailable) = plan.NeedsMoving ? Now(variants) : (Moving.NoPrice, false);
        var score = by.By is SearchSort.Relevance ? ScoreOf(product, variants, text) : text;
        var isUnavailable = plan.Query.UnavailableLast && !isAvailable;
        var key = KeyOf(product, variants, score, price);
        // Most come too late for the page.
        if (Page.Refuses(pin, isUnavailable, key, segment, product))
            return;
        var found = new Found(pin, isUnavailable, key, segment, product, score, price, isAvailable);
        if (plan.Query.After is null || IsAfter(found, plan.Query.After))
            Page.Offer(found);
    }

    /// <summary>Price and availability of a product of the page, where nothing needed them before.</summary>
    public Found Settled(Standing standing, Found found)
    {
        if (plan.NeedsMoving)
            return found;
        var view = standing.Views[found.Segment].Segment;
        var facts = view.Rows.FactsOf(found.Product);
        workspace.Fit(facts[1]);
        view.Moving.Read(found.Product, facts[1], workspace.Books, workspace.Prices, workspace.Availabilities);
        conditions.Enter(view, 0);
        conditions.Fail(found.Product, facts);
        var (price, isAvailable) = Now(facts[1]);
        return found with { Price = price, IsAvailable = isAvailable };
    }

    (long Price, bool IsAvailable) Now(int variants)
    {
        var (least, isAvailable) = (long.MaxValue, false);
        for (var v = 0; v < variants; v++)
        {
            if (workspace.Fails[v] != 0)
                continue;
            isAvailable |= workspace.Availabilities[v] != (byte)Availability.OutOfStock;
            if (workspace.Prices[v] != Moving.NoPrice)
                least = Math.Min(least, workspace.Prices[v]);
        }
        return (least == long.MaxValue ? Moving.NoPrice : least, isAvailable);
    }

    long ScoreOf(int product, int variants, long text)
    {
        var score = Base + text;
        foreach (var (word, percent) in boosts)
            if (Has(product, variants, word))
                score = Math.Clamp(score * percent / 100, 0, 1_000_000_000_000_000);
        return score;
    }

    /// <summary>Whether the product or one of its variants that match has the word.</summary>
    bool Has(int product, int variants, int word)
    {
        var facts = rows.FactsOf(product);
        if (rows.OwnWords(product).BinarySearch(word) >= 0)
            return true;
        var at = Rows.Header + facts[0];
        for (var v = 0; v < variants; v++)
        {
            if (workspace.Fails[v] == 0 && facts.Slice(at + 1, facts[at]).BinarySearch(word) >= 0)
                return true;
            at += 1 + facts[at];
        }
        return false;
    }

    long KeyOf(int product, int variants, long score, long price) =>
        by.By switch
        {
            SearchSort.Relevance => -score,
            SearchSort.Newest => by.IsDescending ? rows.Created[product] : -rows.Created[product],
            SearchSort.Price => price == Moving.NoPrice ? Found.NoKey : Turned(price),
            SearchSort.Number => NumberOf(product, variants) is { } number ? Turned(Sortable(number)) : Found.NoKey,
            _ => texts?[segment]?.Ranks[product] is { } rank and not SortTexts.None
                ? Turned((2L * rank) + 1)
                : Found.NoKey,
        };

    long Turned(long key) => by.IsDescending ? -key : key;

    /// <summary>The least number of the product and of its matching variants; descending, the greatest.</summary>
    double? NumberOf(int product, int variants)
    {
        var own = rows.Products[product];
        double? best = null;
        for (var v = -1; v < variants; v++)
            if (v < 0 || workspace.Fails[v] == 0)
                for (var i = rows.NumberStarts[own + 1 + v]; i < rows.NumberStarts[own + 2 + v]; i++)
                    if (rows.NumberFields[i] == field)
                        best = Better(best, rows.Numbers[i]);
        return best;
    }

    double Better(double? best, double number)
    {
        if (best is not { } other)
            return number;
        return by.IsDescending ? Math.Max(other, number) : Math.Min(other, number);
    }

    /// <summary>A whole number in whose order the numbers are.</summary>
    static long Sortable(double number)
    {
        // There are two zeros, and they are equal.
        var bits = BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number);
        return bits < 0 ? bits ^ long.MaxValue : bits;
    }

    /// <summary>Where the last product of the page before stands among those of this segment.</summary>
    long KeyOf(SearchCursor after)
    {
        if (texts is null)
            return after.Key;
        if (after.Text is not { } text)
            return Found.NoKey;
        // Where no product has a text, all of them come after one that has.
        return texts[segment] is { } here ? Turned(here.Place(text)) : Found.NoKey - 1;
    }

    bool IsAfter(in Found found, SearchCursor after)
    {
        if (found.Pin != after.Pin)
            return found.Pin > after.Pin;
        if (found.IsUnavailable != after.IsUnavailable)
            return found.IsUnavailable;
        if (found.Key != afterKey)
            return found.Key > afterKey;
        return Order.IdOf(found).CompareTo(after.Id) > 0;
    }
}
