using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>A query made ready for the looks at many products: each filter is a bit.</summary>
sealed class Plan
{
    /// <summary>Fields whose words satisfy filters.</summary>
    public bool[] FilterWords { get; }

    /// <summary>Fields whose words are counted.</summary>
    public bool[] CountWords { get; }

    /// <summary>By field, the filters on it that its own facet ignores.</summary>
    public uint[] Own { get; }

    public uint All { get; private set; }

    public uint Negated { get; private set; }

    /// <summary>Filters that no facet ignores: what fails one of them is not counted anywhere.</summary>
    public uint Fatal { get; private set; }

    public List<(int Field, uint Bit, Bounds[] Ranges)> Numbers { get; } = [];

    public List<(uint Bit, Bounds[] Ranges)> Prices { get; } = [];

    public List<NumberCounter> Counters { get; } = [];

    /// <summary>Books in the order of the query; those that no product has left out.</summary>
    public int[] Books { get; }

    /// <summary>Words that every hit has: candidates can be taken from their lists.</summary>
    public List<int> Required { get; } = [];

    /// <summary>Nothing can match, nor be counted.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Whether a filter is about what a variant can have of its own; channels are the product's.</summary>
    public bool HasVariantFilters { get; }

    /// <summary>Whether prices or availability decide anything before the page is cut.</summary>
    public bool NeedsMoving { get; }

    public bool CountsAvailability { get; }

    public bool HasFacets { get; }

    public SearchQuery Query { get; }

    /// <summary>The words of the classes of availability.</summary>
    public IReadOnlyList<int> Availabilities { get; }

    public int AvailabilityField { get; }

    readonly Shared shared;
    readonly Workspace workspace;

    public Plan(Shared shared, SearchQuery query, Workspace workspace)
    {
        (this.shared, Query, this.workspace) = (shared, query, workspace);
        (Availabilities, AvailabilityField) = (shared.Availabilities, shared.AvailabilityField);
        var fields = shared.Fields.Count;
        (FilterWords, CountWords, Own) = (new bool[fields], new bool[fields], new uint[fields]);
        Books = [.. query.Books.Select(shared.Books.Find).OfType<int>()];
        var faceted = query.Facets.Select(facet => facet.Field).ToHashSet(StringComparer.Ordinal);
        Add(
            new SearchFilter.Terms(
                SearchFields.Channel,
                query.Channel is { } channel ? [channel, SearchFields.EveryChannel] : [SearchFields.EveryChannel]
            ),
            isFatal: true
        );
        foreach (var filter in query.Within)
            Add(filter, isFatal: true);
        foreach (var filter in query.Filters)
            Add(filter, isFatal: !faceted.Contains(filter.Field));
        foreach (var facet in query.Facets)
            Add(facet);
        var channels = shared.Fields.Find(SearchFields.Channel);
        HasVariantFilters =
            Numbers.Count > 0
            || FilterWords
                .Index()
                .Any(field => field.Item && field.Index != channels && field.Index != AvailabilityField);
        CountsAvailability = CountWords[AvailabilityField];
        HasFacets = query.Facets.Count > 0;
        NeedsMoving =
            query.UnavailableLast
            || query.Order.By is SearchSort.Price
            || Prices.Count > 0
            || CountsAvailability
            || FilterWords[AvailabilityField]
            || Counters.Exists(counter => counter.IsPrice);
    }

    uint Next => 1u << System.Numerics.BitOperations.PopCount(All);

    void Add(SearchFilter filter, bool isFatal)
    {
        var bit = Next;
        All |= bit;
        if (isFatal)
            Fatal |= bit;
        if (filter.IsNot)
            Negated |= bit;
        var field = shared.Fields.Find(filter.Field);
        if (field is { } known && known < Own.Length && !isFatal)
            Own[known] |= bit;
        if (filter is SearchFilter.Range { Field: SearchFields.Price } price)
            Prices.Add((bit, [.. price.Ranges.Select(Bounds.Of)]));
        else if (field is not { } number || number >= Own.Length)
            return;
        else if (filter is SearchFilter.Range range)
            Numbers.Add((number, bit, [.. range.Ranges.Select(Bounds.Of)]));
        else if (filter is SearchFilter.Terms terms)
            Add(terms, number, bit, isFatal);
    }

    void Add(SearchFilter.Terms terms, int field, uint bit, bool isFatal)
    {
        FilterWords[field] = true;
        var known = terms.Values.Select(value => shared.Words.Find(field, value)).OfType<int>().ToList();
        IsEmpty |= isFatal && !terms.IsNot && known.Count == 0;
        foreach (var word in known)
        {
            workspace.Satisfies(word, bit);
            if (isFatal && !terms.IsNot && terms.Values.Count == 1 && field != AvailabilityField)
                Required.Add(word);
        }
    }

    void Add(SearchFacet facet)
    {
        var isPrice = facet.Field == SearchFields.Price;
        if (shared.Fields.Find(facet.Field) is var field && (field is null || field >= Own.Length) && !isPrice)
            return;
        if (facet is SearchFacet.Terms)
            CountWords[field ?? 0] |= field is not null;
        else
            Counters.Add(new(facet, isPrice ? null : field, isPrice ? OwnPrice() : Own[field ?? 0]));
    }

    /// <summary>Prices have a field only where somebody asked for one by this name; their filters are known by their bits.</summary>
    uint OwnPrice()
    {
        var own = 0u;
        foreach (var (bit, _) in Prices)
            own |= bit;
        return own & ~Fatal;
    }
}
