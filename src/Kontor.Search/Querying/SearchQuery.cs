namespace Kontor.Search;

/// <summary>What is looked for.</summary>
/// <param name="At">The moment that visibility is judged at.</param>
public sealed record SearchQuery(DateTimeOffset At)
{
    public const int MaxWords = 12;
    public const int MaxTextRead = 1_000;
    public const int MaxFilters = 32;
    public const int MaxFacets = 64;
    public const int MaxLimit = 1_000;
    public const int MaxPins = 1_000;
    public const int MaxBoosts = 100;
    public const int MaxBooks = 16;
    public const int MaxSynonyms = 100;
    public const int MaxLanguages = 10;
    public const int MaxValues = 1_000;

    /// <summary>Words as people type them: each must be there; <c>"two words"</c> as they stand; <c>-word</c> must not be.
    /// Where no product at all has each of them, those are found that have as many as any product has, if these are at least
    /// half. A number with its unit (<c>8gb</c>) is found however it is written.
    /// A text with letters of which none says anything (only stop words) finds what is written so, mostly nothing; one
    /// without letters is no condition. What is beyond 1,000 characters or 12 words is not read.</summary>
    public string Text { get; init; } = "";

    /// <summary>A language tag. Texts of this language and of none are looked in.</summary>
    public string Language { get; init; } = "";

    /// <summary>Languages that are looked in too: those in which a product is shown that has no text of the first.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];

    /// <summary>The last word may be just begun.</summary>
    public bool CompletesLastWord { get; init; } = true;

    /// <summary>A word that is nowhere is looked for with one letter wrong, from eight letters on two.</summary>
    public bool ForgivesTypos { get; init; } = true;

    /// <summary>The channel looked in; null: what is shown in every channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Where a price is looked for: the first of these that has the variant.</summary>
    public IReadOnlyList<string> Books { get; init; } = [];

    /// <summary>What the page is about, a category for instance: facets are counted within it.</summary>
    public IReadOnlyList<SearchFilter> Within { get; init; } = [];

    /// <summary>What was selected: the facet of a field ignores the filters on that field.</summary>
    public IReadOnlyList<SearchFilter> Filters { get; init; } = [];

    public IReadOnlyList<SearchFacet> Facets { get; init; } = [];

    public SearchOrder Order { get; init; } = SearchOrder.Relevance;

    /// <summary>Products of which no matching variant can be had come last.</summary>
    public bool UnavailableLast { get; init; }

    /// <summary>1 or more.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>The cursor of the page before.</summary>
    public SearchCursor? After { get; init; }

    /// <summary>Words that mean the same, by the word as it is typed, in small letters.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Synonyms { get; init; }

    /// <summary>Products that come first, in this order, whether or not the words find them; filters and visibility hold for them too.</summary>
    public IReadOnlyList<Guid> Pins { get; init; } = [];

    /// <summary>What counts for more or less when sorted by relevance.</summary>
    public IReadOnlyList<SearchBoost> Boosts { get; init; } = [];

    /// <summary>What is wrong with it, by member; empty where nothing is.</summary>
    public IEnumerable<(string Path, string Reason)> Faults()
    {
        if (Limit is < 1 or > MaxLimit)
            yield return ("limit", $"1 to {MaxLimit}.");
        if (Within.Count + Filters.Count > MaxFilters - 1)
            yield return ("filters", $"At most {MaxFilters - 1}.");
        if (Facets.Count > MaxFacets)
            yield return ("facets", $"At most {MaxFacets}.");
        if (Facets.DistinctBy(facet => (facet.Field, facet.GetType())).Count() < Facets.Count)
            yield return ("facets", "A field has one facet of a kind.");
        if (Pins.Count > MaxPins)
            yield return ("pins", $"At most {MaxPins}.");
        if (Boosts.Count > MaxBoosts)
            yield return ("boosts", $"At most {MaxBoosts}.");
        if (Books.Count > MaxBooks)
            yield return ("books", $"At most {MaxBooks}.");
        if (Synonyms?.Count > MaxSynonyms || Synonyms?.Any(words => words.Value.Count > MaxSynonyms) == true)
            yield return ("synonyms", $"At most {MaxSynonyms}, each of at most {MaxSynonyms} words.");
        foreach (var reason in Within.Concat(Filters).Select(filter => filter.Fault).OfType<string>())
            yield return ("filters", reason);
        foreach (var reason in Facets.Select(facet => facet.Fault).OfType<string>())
            yield return ("facets", reason);
        if (AlsoIn.Count > MaxLanguages)
            yield return ("alsoIn", $"At most {MaxLanguages}.");
        if (Boosts.Any(boost => boost.Percent is < 1 or > 10_000))
            yield return ("boosts", "1 to 10,000 percent.");
        if (After is not null && After.IsText != (Order.By == SearchSort.Text))
            yield return ("after", "The cursor is of another order.");
    }
}

/// <summary>A condition. All that hang on what a variant has must hold for one and the same variant, which has what its product has.</summary>
/// <param name="Field">A field of the documents, or of <see cref="SearchFields"/>.</param>
public abstract record SearchFilter(string Field)
{
    /// <summary>It must not hold.</summary>
    public bool IsNot { get; init; }

    internal abstract string? Fault { get; }

    /// <summary>Has one of these values.</summary>
    public sealed record Terms(string Field, IReadOnlyList<string> Values) : SearchFilter(Field)
    {
        internal override string? Fault =>
            Values.Count > SearchQuery.MaxValues ? $"At most {SearchQuery.MaxValues} values." : null;
    }

    /// <summary>Has a number in one of these ranges.</summary>
    public sealed record Range(string Field, IReadOnlyList<NumberRange> Ranges) : SearchFilter(Field)
    {
        internal override string? Fault => Ranges.Count > 100 ? "At most 100 ranges." : null;
    }
}

/// <summary>A range of numbers; null: no bound.</summary>
/// <param name="To">In the range where <paramref name="IncludesTo"/>.</param>
public readonly record struct NumberRange(double? From, double? To, bool IncludesTo = false)
{
    public bool Has(double number) =>
        (From is null || number >= From) && (To is null || number < To || (IncludesTo && number <= To));
}

/// <summary>What is to be counted: products, each once for a value.</summary>
public abstract record SearchFacet(string Field)
{
    internal virtual string? Fault => null;

    /// <summary>How many products have each value.</summary>
    /// <param name="Limit">The most frequent so many.</param>
    public sealed record Terms(string Field, int Limit = 100) : SearchFacet(Field)
    {
        internal override string? Fault => Limit is < 1 or > 10_000 ? "1 to 10,000 values." : null;
    }

    /// <summary>How many products have a number in each range.</summary>
    public sealed record Ranges(string Field, IReadOnlyList<NumberRange> Of) : SearchFacet(Field)
    {
        internal override string? Fault => Of.Count is < 1 or > 100 ? "1 to 100 ranges." : null;
    }

    /// <summary>How many products have a number in each interval of one width, and the least and greatest number.</summary>
    public sealed record Histogram(string Field, double Width) : SearchFacet(Field)
    {
        /// <summary>Intervals that are counted; numbers that would open another are not.</summary>
        public const int MaxIntervals = 1_000;

        internal override string? Fault => Width > 0 && double.IsFinite(Width) ? null : "A width is more than 0.";
    }
}

public enum SearchSort
{
    Relevance,
    Price,
    Newest,
    Number,
    Text,
}

/// <summary>An order; ids decide between equals. What has no value comes last in both directions.</summary>
/// <param name="Field">Of a number or a text to sort by.</param>
public sealed record SearchOrder(SearchSort By, string? Field = null, bool IsDescending = false)
{
    /// <summary>The best first.</summary>
    public static SearchOrder Relevance { get; } = new(SearchSort.Relevance);

    public static SearchOrder Newest { get; } = new(SearchSort.Newest);

    /// <summary>By the lowest price among the matching variants, in both directions.</summary>
    public static SearchOrder Price(bool isDescending = false) => new(SearchSort.Price, null, isDescending);

    /// <summary>By a number of the product or a matching variant: the least, descending the greatest.</summary>
    public static SearchOrder Number(string field, bool isDescending = false) =>
        new(SearchSort.Number, field, isDescending);

    public static SearchOrder Text(string field, bool isDescending = false) =>
        new(SearchSort.Text, field, isDescending);
}

/// <summary>Counts products that have a value as more, or less, relevant.</summary>
/// <param name="Percent">100: no difference. Several that apply multiply.</param>
public readonly record struct SearchBoost(string Field, string Value, int Percent);

/// <summary>What is typed so far.</summary>
public sealed record SuggestQuery(DateTimeOffset At, string Text)
{
    public string Language { get; init; } = "";

    public string? Channel { get; init; }

    public int Limit { get; init; } = 8;
}

/// <summary>What may have been meant.</summary>
/// <param name="Text">What was typed, its last word complete.</param>
/// <param name="Products">How many products have it all; counted up to 1,000.</param>
public readonly record struct Completion(string Text, int Products);
