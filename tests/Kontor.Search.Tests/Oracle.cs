namespace Kontor.Search.Tests;

/// <summary>The index by brute force: every product is looked at for every question, and nothing is kept ready.</summary>
/// <remarks>It knows texts of small Latin letters and spaces in the toy language and in none. What it shares with the index
/// is the meaning of the records, and no code.</remarks>
sealed class Oracle(SearchSchema schema)
{
    readonly SortedDictionary<Guid, SearchDocument> documents = [];

    public SearchSchema Schema => schema;

    public IEnumerable<Guid> Ids => documents.Keys;

    public IReadOnlyCollection<SearchDocument> All => documents.Values;

    public SearchDocument? Of(Guid id) => documents.GetValueOrDefault(id);

    public void Apply(IReadOnlyList<SearchDocument> written, IReadOnlyList<Guid> removed)
    {
        foreach (var id in removed)
            documents.Remove(id);
        foreach (var document in written)
            documents[document.Id] = document;
    }

    public bool Change(Guid product, IReadOnlyList<VariantChange> changes)
    {
        if (!documents.TryGetValue(product, out var document))
            return false;
        if (changes.Any(change => document.Variants.All(variant => variant.Id != change.Variant)))
            return false;
        foreach (var change in changes)
            document = document with
            {
                Variants = [.. document.Variants.Select(one => one.Id == change.Variant ? Changed(one, change) : one)],
            };
        documents[product] = document;
        return true;
    }

    static SearchVariant Changed(SearchVariant variant, VariantChange change) =>
        variant with
        {
            Availability = change.Availability ?? variant.Availability,
            Prices =
            [
                .. variant.Prices.Where(price => change.Prices?.Any(other => other.Book == price.Book) != true),
                .. change.Prices ?? [],
            ],
        };

    public bool NeedsAll(SearchQuery query) => new OracleWords(documents.Values, schema, query).NeedsAll;

    /// <summary>All that match, in order, whatever the limit; and the counts.</summary>
    public (IReadOnlyList<Candidate> Hits, IReadOnlyList<FacetCounts> Facets) Find(SearchQuery query)
    {
        var words = new OracleWords(documents.Values, schema, query);
        var candidates = documents
            .Values.Where(document => IsShown(document, query))
            .Select(document => (Document: document, Pin: PinOf(document, query), Score: words.ScoreOf(document)))
            .Where(one => one.Pin < int.MaxValue || one.Score is not null)
            .ToList();
        var hits = candidates
            .Select(one => (one, Variants: Passing(one.Document, query, null).ToList()))
            .Where(one => one.Variants.Count > 0)
            .Select(one => Candidate.Of(one.one.Document, one.Variants, one.one.Pin, one.one.Score ?? 0, query))
            .Order(Comparer<Candidate>.Create((one, other) => Candidate.Compare(one, other, query)))
            .ToList();
        var facets = query
            .Facets.Select(facet => Counts(facet, candidates.Select(one => one.Document), query))
            .ToList();
        return (hits, facets);
    }

    static int PinOf(SearchDocument document, SearchQuery query) =>
        query.Pins.Contains(document.Id) ? query.Pins.ToList().IndexOf(document.Id) : int.MaxValue;

    internal static bool IsShown(SearchDocument document, SearchQuery query) =>
        (document.Visibility.From is not { } from || from <= query.At)
        && (document.Visibility.Until is not { } until || until > query.At)
        && (
            document.Visibility.Channels is null
            || (query.Channel is { } channel && document.Visibility.Channels.Contains(channel))
        );

    /// <summary>The variants that pass, leaving out the selections on one field; a product without variants is one.</summary>
    static IEnumerable<SearchVariant?> Passing(SearchDocument document, SearchQuery query, string? ignored)
    {
        var filters = query.Within.Concat(query.Filters.Where(filter => filter.Field != ignored)).ToList();
        IReadOnlyList<SearchVariant?> variants = document.Variants;
        if (variants.Count == 0)
            variants = [null];
        return variants.Where(variant =>
            filters.TrueForAll(filter => Holds(filter, document, variant, query) != filter.IsNot)
        );
    }

    static bool Holds(SearchFilter filter, SearchDocument document, SearchVariant? variant, SearchQuery query) =>
        filter switch
        {
            SearchFilter.Terms terms => WordsOf(terms.Field, document, variant).Intersect(terms.Values).Any(),
            SearchFilter.Range range => NumbersOf(range.Field, document, variant, query)
                .Any(number => range.Ranges.Any(one => IsIn(one, number))),
            _ => throw new InvalidOperationException(),
        };

    static bool IsIn(NumberRange range, double number) =>
        !(number < range.From) && !(number > range.To) && (number != range.To || range.IncludesTo);

    static IEnumerable<string> WordsOf(string field, SearchDocument document, SearchVariant? variant)
    {
        if (field == SearchFields.Availability)
            return variant is null
                ? []
                : [char.ToLowerInvariant($"{variant.Availability}"[0]) + $"{variant.Availability}"[1..]];
        return document
            .Words.Concat(variant?.Words ?? [])
            .Where(word => word.Field == field)
            .Select(word => word.Value);
    }

    public static IEnumerable<double> NumbersOf(
        string field,
        SearchDocument document,
        SearchVariant? variant,
        SearchQuery query
    )
    {
        if (field == SearchFields.Price)
            return variant is not null && Candidate.PriceOf(variant, query) is { } price ? [price] : [];
        return document
            .Numbers.Concat(variant?.Numbers ?? [])
            .Where(number => number.Field == field)
            .Select(number => number.Value);
    }

    static FacetCounts Counts(SearchFacet facet, IEnumerable<SearchDocument> candidates, SearchQuery query)
    {
        var passing = candidates
            .Select(document => (document, Passing(document, query, facet.Field).ToList()))
            .ToList();
        var numbers = passing.ConvertAll(one =>
            one.Item2.SelectMany(variant => NumbersOf(facet.Field, one.document, variant, query)).Distinct().ToList()
        );
        switch (facet)
        {
            case SearchFacet.Terms terms:
                var values = passing
                    .SelectMany(one =>
                        one.Item2.SelectMany(variant => WordsOf(facet.Field, one.document, variant)).Distinct()
                    )
                    .GroupBy(value => value)
                    .Select(group => new ValueCount(group.Key, group.Count()))
                    .OrderByDescending(count => count.Products)
                    .ThenBy(count => count.Value, StringComparer.Ordinal);
                return new(facet.Field, [.. values.Take(terms.Limit)], []);
            case SearchFacet.Ranges ranges:
                return new(
                    facet.Field,
                    [],
                    [
                        .. ranges.Of.Select(range => new RangeCount(
                            range,
                            numbers.Count(of => of.Exists(number => IsIn(range, number)))
                        )),
                    ]
                );
            default:
                var width = ((SearchFacet.Histogram)facet).Width;
                var intervals = numbers
                    .SelectMany(of => of.Select(number => Math.Floor(number / width)).Distinct())
                    .GroupBy(interval => interval)
                    .OrderBy(group => group.Key)
                    .Select(group => new RangeCount(new(group.Key * width, (group.Key + 1) * width), group.Count()));
                var all = numbers.SelectMany(of => of).ToList();
                return new(
                    facet.Field,
                    [],
                    [.. intervals],
                    all.Count == 0 ? null : all.Min(),
                    all.Count == 0 ? null : all.Max()
                );
        }
    }
}

/// <summary>A product that matches, as the oracle sees it.</summary>
sealed record Candidate(
    Guid Id,
    int Pin,
    long Score,
    long? Price,
    bool IsAvailable,
    double? Number,
    string? Text,
    DateTimeOffset Created
)
{
    public static Candidate Of(
        SearchDocument document,
        List<SearchVariant?> passing,
        int pin,
        long text,
        SearchQuery query
    )
    {
        var numbers =
            query.Order.Field is { } field && query.Order.By == SearchSort.Number
                ? passing.SelectMany(variant => Oracle.NumbersOf(field, document, variant, query)).ToList()
                : [];
        var words = document.Words.Concat(passing.SelectMany(variant => variant?.Words ?? [])).ToHashSet();
        var score =
            query.Order.By == SearchSort.Relevance
                ? query
                    .Boosts.Where(boost => words.Contains(new(boost.Field, boost.Value)))
                    .Aggregate(1_000 + text, (score, boost) => score * boost.Percent / 100)
                : text;
        return new(
            document.Id,
            pin,
            score,
            passing.OfType<SearchVariant>().Min(variant => PriceOf(variant, query)),
            passing.OfType<SearchVariant>().Any(variant => variant.Availability != Availability.OutOfStock),
            numbers.Count == 0 ? null
                : query.Order.IsDescending ? numbers.Max()
                : numbers.Min(),
            document.Sorts.Where(sort => sort.Field == query.Order.Field).Select(sort => sort.Value).FirstOrDefault(),
            document.CreatedAt
        );
    }

    public static long? PriceOf(SearchVariant variant, SearchQuery query) =>
        query
            .Books.Select(book =>
                variant.Prices.Where(price => price.Book == book).Select(price => price.Amount).LastOrDefault()
            )
            .FirstOrDefault(amount => amount is not null);

    public static int Compare(Candidate one, Candidate other, SearchQuery query)
    {
        var turn = query.Order.IsDescending ? -1 : 1;
        int[] steps =
        [
            one.Pin.CompareTo(other.Pin),
            query.UnavailableLast ? other.IsAvailable.CompareTo(one.IsAvailable) : 0,
            query.Order.By switch
            {
                SearchSort.Relevance => other.Score.CompareTo(one.Score),
                SearchSort.Newest => turn * other.Created.CompareTo(one.Created),
                SearchSort.Price => Last(one.Price, other.Price)
                    ?? turn * one.Price!.Value.CompareTo(other.Price!.Value),
                SearchSort.Number => Last(one.Number, other.Number)
                    ?? turn * one.Number!.Value.CompareTo(other.Number!.Value),
                _ => Last(one.Text, other.Text) ?? turn * string.CompareOrdinal(one.Text, other.Text),
            },
            one.Id.CompareTo(other.Id),
        ];
        return steps.FirstOrDefault(step => step != 0);
    }

    /// <summary>What has none comes last; null where both have one.</summary>
    static int? Last(object? one, object? other) =>
        one is not null && other is not null ? null : (one is null).CompareTo(other is null);
}
