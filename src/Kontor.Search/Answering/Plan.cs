using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>A query made ready for the looks at many products: each filter is a bit.</summary>
sealed class Plan
{
    public uint All { get; private set; }

    public uint Negated { get; private set; }

    /// <summary>Filters that no facet ignores: what fails one of them is not counted anywhere.</summary>
    public uint Fatal { get; private set; }

    /// <summary>Filters by words.</summary>
    public List<WordFilter> Words { get; } = [];

    public List<(int Field, uint Bit, Bounds[] Ranges)> Numbers { get; } = [];

    public List<(uint Bit, Bounds[] Ranges)> Prices { get; } = [];

    /// <summary>For facets by numbers, prices first.</summary>
    public List<NumberCounter> Counters { get; } = [];

    public int PriceCounters { get; }

    /// <summary>Nothing can match, nor be counted.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Whether a filter asks for prices or availability.</summary>
    public bool FiltersMoving { get; }

    /// <summary>Whether prices or availability decide anything before the page is cut.</summary>
    public bool NeedsMoving { get; }

    public bool CountsWords { get; private set; }

    public bool CountsAvailability { get; private set; }

    public SearchQuery Query { get; }

    /// <summary>The words of the classes of availability.</summary>
    public IReadOnlyList<int> Availabilities { get; }

    public int AvailabilityField { get; }

    /// <summary>The field of each block of words.</summary>
    public ushort[] FieldOfBlock { get; }

    readonly Shared shared;
    readonly Workspace workspace;

    /// <summary>Filters that the facet of their field ignores, by field.</summary>
    public List<Selection> Selections { get; } = [];

    /// <param name="Words">Those of its values that some product has or had.</param>
    /// <param name="IsRequired">Every hit has one of the words.</param>
    public sealed record WordFilter(int Field, uint Bit, IReadOnlyList<int> Words, bool IsRequired);

    /// <param name="Field">Null where no product has it.</param>
    public sealed record Selection(string Name, int? Field)
    {
        public uint Bits { get; set; }
    }

    public Plan(Shared shared, SearchQuery query, Workspace workspace)
    {
        (this.shared, Query, this.workspace) = (shared, query, workspace);
        (Availabilities, AvailabilityField) = (shared.Availabilities, shared.AvailabilityField);
        FieldOfBlock = shared.Words.FieldOfBlock;
        workspace.Books.Ask([.. query.Books.Select(shared.Books.Find).OfType<int>().Select(book => (ushort)book)]);
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
        Counters.Sort((one, other) => other.IsPrice.CompareTo(one.IsPrice));
        PriceCounters = Counters.Count(counter => counter.IsPrice);
        FiltersMoving = Prices.Count > 0 || Words.Exists(filter => filter.Field == shared.AvailabilityField);
        NeedsMoving =
            query.UnavailableLast
            || query.Order.By is SearchSort.Price
            || FiltersMoving
            || CountsAvailability
            || PriceCounters > 0;
    }

    /// <summary>Whose facet counts a variant that fails these filters and no others; null where none does.</summary>
    public Selection? CountedFor(uint fails)
    {
        foreach (var selection in Selections)
            if ((fails & ~selection.Bits) == 0)
                return selection;
        return null;
    }

    void Add(SearchFilter filter, bool isFatal)
    {
        var bit = 1u << System.Numerics.BitOperations.PopCount(All);
        All |= bit;
        if (isFatal)
            Fatal |= bit;
        else
            Select(filter.Field, bit);
        if (filter.IsNot)
            Negated |= bit;
        var field = shared.Fields.Find(filter.Field);
        if (filter is SearchFilter.Range { Field: SearchFields.Price } price)
            Prices.Add((bit, [.. price.Ranges.Select(Bounds.Of)]));
        else if (filter is SearchFilter.Range range && field is { } number)
            Numbers.Add((number, bit, [.. range.Ranges.Select(Bounds.Of)]));
        else if (filter is SearchFilter.Terms terms)
            Add(terms, field, bit, isFatal);
    }

    void Select(string field, uint bit)
    {
        var selection = SelectionOf(field);
        if (selection is null)
            Selections.Add(selection = new(field, shared.Fields.Find(field)));
        selection.Bits |= bit;
    }

    Selection? SelectionOf(string field) =>
        Selections.Find(one => string.Equals(one.Name, field, StringComparison.Ordinal));

    void Add(SearchFilter.Terms terms, int? field, uint bit, bool isFatal)
    {
        var known = terms
            .Values.Select(value => field is { } its ? shared.Words.Find(its, value) : null)
            .OfType<int>()
            .Where(word => word < workspace.Satisfies.Length)
            .ToList();
        IsEmpty |= isFatal && !terms.IsNot && known.Count == 0;
        foreach (var word in known)
            workspace.Satisfy(word, bit);
        if (field is { } number)
            Words.Add(new(number, bit, known, isFatal && !terms.IsNot && number != shared.AvailabilityField));
    }

    void Add(SearchFacet facet)
    {
        var isPrice = facet.Field == SearchFields.Price;
        var field = shared.Fields.Find(facet.Field);
        if (facet is not SearchFacet.Terms)
        {
            if (isPrice || field is not null)
                Counters.Add(new(facet, isPrice ? null : field, SelectionOf(facet.Field)?.Bits ?? 0));
        }
        else if (field is { } number)
        {
            workspace.Count(shared.Words.BlocksOf(number));
            CountsAvailability |= number == shared.AvailabilityField;
            CountsWords = true;
        }
    }
}
