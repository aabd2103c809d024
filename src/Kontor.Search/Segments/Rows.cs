namespace Kontor.Search.Segments;

/// <summary>What products of a segment have, in rows: a product's own, then one for each of its variants. Never changes.</summary>
/// <remarks>Values stand in one array for all rows, where each row has a stretch: a row costs what it has, and all of a
/// product lies together.</remarks>
sealed class Rows
{
    /// <summary>First row of each product, and one more at the end.</summary>
    public required int[] Products { get; init; }

    /// <summary>Of the product or the variant.</summary>
    public required Guid[] Ids { get; init; }

    /// <summary>Where each product's words begin in <see cref="Facts"/>, and one more at the end.</summary>
    public required int[] FactStarts { get; init; }

    /// <summary>Product after product: how many words are its own, how many variants it has, its words; then for each variant
    /// how many words it has that are not its product's, and those. Words are numbers in the dictionary, ascending, none twice.</summary>
    public required int[] Facts { get; init; }

    /// <summary>Fields of words that products have themselves.</summary>
    public required IReadOnlySet<int> OwnFields { get; init; }

    /// <summary>Fields of words that variants have.</summary>
    public required IReadOnlySet<int> VariantFields { get; init; }

    public required int[] NumberStarts { get; init; }

    public required double[] Numbers { get; init; }

    public required ushort[] NumberFields { get; init; }

    public required long[] Created { get; init; }

    /// <summary>First moment and first moment over, in ticks, for the few products that have them.</summary>
    public required IReadOnlyDictionary<int, (long From, long Until)> Windows { get; init; }

    public int Count => Products.Length - 1;

    public long Bytes =>
        (4L * (Products.Length + FactStarts.Length + Facts.Length + NumberStarts.Length))
        + (16L * Ids.Length)
        + (2L * NumberFields.Length)
        + (8L * (Numbers.Length + Created.Length))
        + (48L * Windows.Count);

    /// <summary>All that is said of a product's words.</summary>
    public ReadOnlySpan<int> FactsOf(int product) => Facts.AsSpan(FactStarts[product]..FactStarts[product + 1]);

    public ReadOnlySpan<int> OwnWords(int product) =>
        Facts.AsSpan(FactStarts[product] + Header, Facts[FactStarts[product]]);

    public int VariantsOf(int product) => Products[product + 1] - Products[product] - 1;

    /// <summary>How many numbers stand before a product's words.</summary>
    public const int Header = 2;

    /// <summary>By id, for those who look a product up.</summary>
    public int[] ByProduct()
    {
        var order = new int[Count];
        var ids = new Guid[Count];
        for (var product = 0; product < Count; product++)
            (order[product], ids[product]) = (product, Ids[Products[product]]);
        Array.Sort(ids, order);
        return order;
    }
}

/// <summary>Writes rows, product after product.</summary>
sealed class RowsWriter
{
    readonly List<int> products = [0];
    readonly List<Guid> ids = [];
    readonly List<int> factStarts = [0];
    readonly List<int> facts = [];
    readonly HashSet<int> ownFields = [];
    readonly HashSet<int> variantFields = [];
    readonly List<int> numberStarts = [0];
    readonly List<double> numbers = [];
    readonly List<ushort> numberFields = [];
    readonly List<long> created = [];
    readonly Dictionary<int, (long From, long Until)> windows = [];
    readonly List<int> row = [];
    readonly List<int> own = [];

    public void Add(SearchDocument document, Shared shared)
    {
        if (document.Visibility is { From: not null } or { Until: not null })
            windows[created.Count] = (
                document.Visibility.From?.UtcTicks ?? long.MinValue,
                document.Visibility.Until?.UtcTicks ?? long.MaxValue
            );
        created.Add(document.CreatedAt.UtcTicks);
        row.Clear();
        foreach (var channel in document.Visibility.Channels ?? EveryChannel)
            row.Add(WordOf(new(SearchFields.Channel, channel), shared, ownFields));
        foreach (var word in document.Words)
            row.Add(WordOf(word, shared, ownFields));
        Sort(row);
        facts.Add(row.Count);
        facts.Add(document.Variants.Count);
        facts.AddRange(row);
        own.Clear();
        own.AddRange(row);
        AddRow(document.Id, document.Numbers, shared);
        foreach (var variant in document.Variants)
        {
            row.Clear();
            foreach (var word in variant.Words)
                if (WordOf(word, shared, variantFields) is var number && own.BinarySearch(number) < 0)
                    row.Add(number);
            Sort(row);
            facts.Add(row.Count);
            facts.AddRange(row);
            AddRow(variant.Id, variant.Numbers, shared);
        }
        factStarts.Add(facts.Count);
        products.Add(ids.Count);
    }

    static readonly string[] EveryChannel = [SearchFields.EveryChannel];

    static int WordOf(FieldWord word, Shared shared, HashSet<int> fields)
    {
        var field = shared.Fields.NumberOf(word.Field);
        fields.Add(field);
        return shared.Words.NumberOf(field, word.Value);
    }

    /// <summary>In order, none twice.</summary>
    static void Sort(List<int> row)
    {
        row.Sort();
        var kept = 0;
        for (var at = 0; at < row.Count; at++)
            if (at == 0 || row[at] != row[at - 1])
                row[kept++] = row[at];
        row.RemoveRange(kept, row.Count - kept);
    }

    void AddRow(Guid id, IReadOnlyList<FieldNumber> counts, Shared shared)
    {
        ids.Add(id);
        foreach (var number in counts)
        {
            if (!double.IsFinite(number.Value))
                throw new ArgumentException($"'{number.Field}' of {id} is no finite number.", nameof(counts));
            numbers.Add(number.Value);
            numberFields.Add((ushort)shared.Fields.NumberOf(number.Field));
        }
        numberStarts.Add(numbers.Count);
    }

    /// <summary>Room for all of these: long lists that grow are long arrays thrown away.</summary>
    public void Reserve(IReadOnlyList<SegmentView> views)
    {
        facts.EnsureCapacity(views.Sum(view => view.Segment.Rows.Facts.Length));
        ids.EnsureCapacity(views.Sum(view => view.Segment.Rows.Ids.Length));
        numbers.EnsureCapacity(views.Sum(view => view.Segment.Rows.Numbers.Length));
        numberStarts.EnsureCapacity(views.Sum(view => view.Segment.Rows.NumberStarts.Length));
        created.EnsureCapacity(views.Sum(view => view.Live));
    }

    /// <summary>Takes a product over from another segment.</summary>
    public void Add(Rows from, int product)
    {
        facts.AddRange(from.FactsOf(product));
        factStarts.Add(facts.Count);
        if (from.Windows.TryGetValue(product, out var window))
            windows[created.Count] = window;
        created.Add(from.Created[product]);
        for (var at = from.Products[product]; at < from.Products[product + 1]; at++)
        {
            ids.Add(from.Ids[at]);
            numbers.AddRange(from.Numbers.AsSpan(from.NumberStarts[at]..from.NumberStarts[at + 1]));
            numberFields.AddRange(from.NumberFields.AsSpan(from.NumberStarts[at]..from.NumberStarts[at + 1]));
            numberStarts.Add(numbers.Count);
        }
        products.Add(ids.Count);
    }

    /// <summary>Says what fields another segment has whose products are taken over.</summary>
    public void AddFields(Rows from)
    {
        ownFields.UnionWith(from.OwnFields);
        variantFields.UnionWith(from.VariantFields);
    }

    public Rows Write() =>
        new()
        {
            Products = [.. products],
            Ids = [.. ids],
            FactStarts = [.. factStarts],
            Facts = [.. facts],
            OwnFields = ownFields,
            VariantFields = variantFields,
            NumberStarts = [.. numberStarts],
            Numbers = [.. numbers],
            NumberFields = [.. numberFields],
            Created = [.. created],
            Windows = windows,
        };
}
