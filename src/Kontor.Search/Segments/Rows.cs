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

    public required int[] WordStarts { get; init; }

    /// <summary>Numbers in the dictionary; ascending within a row, none twice.</summary>
    public required int[] Words { get; init; }

    /// <summary>The field of the word at the same place: a row is read without a look at each word.</summary>
    public required ushort[] WordFields { get; init; }

    public required int[] NumberStarts { get; init; }

    public required double[] Numbers { get; init; }

    public required ushort[] NumberFields { get; init; }

    public required long[] Created { get; init; }

    /// <summary>First moment and first moment over, in ticks, for the few products that have them.</summary>
    public required IReadOnlyDictionary<int, (long From, long Until)> Windows { get; init; }

    public int Count => Products.Length - 1;

    public long Bytes =>
        (4L * (Products.Length + WordStarts.Length + Words.Length + NumberStarts.Length))
        + (16L * Ids.Length)
        + (2L * (WordFields.Length + NumberFields.Length))
        + (8L * (Numbers.Length + Created.Length))
        + (48L * Windows.Count);

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
    readonly List<int> wordStarts = [0];
    readonly List<int> words = [];
    readonly List<ushort> wordFields = [];
    readonly List<int> numberStarts = [0];
    readonly List<double> numbers = [];
    readonly List<ushort> numberFields = [];
    readonly List<long> created = [];
    readonly Dictionary<int, (long From, long Until)> windows = [];
    readonly List<int> row = [];

    public void Add(SearchDocument document, Shared shared)
    {
        if (document.Visibility is { From: not null } or { Until: not null })
            windows[created.Count] = (
                document.Visibility.From?.UtcTicks ?? long.MinValue,
                document.Visibility.Until?.UtcTicks ?? long.MaxValue
            );
        created.Add(document.CreatedAt.UtcTicks);
        IReadOnlyList<string> channels = document.Visibility.Channels ?? [SearchFields.EveryChannel];
        AddRow(
            document.Id,
            document.Words.Concat(channels.Select(channel => new FieldWord(SearchFields.Channel, channel))),
            document.Numbers,
            shared
        );
        foreach (var variant in document.Variants)
            AddRow(variant.Id, variant.Words, variant.Numbers, shared);
        products.Add(ids.Count);
    }

    void AddRow(Guid id, IEnumerable<FieldWord> has, IReadOnlyList<FieldNumber> counts, Shared shared)
    {
        ids.Add(id);
        row.Clear();
        foreach (var word in has)
            row.Add(shared.Words.NumberOf(shared.Fields.NumberOf(word.Field), word.Value));
        row.Sort();
        for (var at = 0; at < row.Count; at++)
            if (at == 0 || row[at] != row[at - 1])
            {
                words.Add(row[at]);
                wordFields.Add((ushort)shared.Words[row[at]].Field);
            }
        wordStarts.Add(words.Count);
        foreach (var number in counts)
        {
            if (!double.IsFinite(number.Value))
                throw new ArgumentException($"'{number.Field}' of {id} is no finite number.", nameof(counts));
            numbers.Add(number.Value);
            numberFields.Add((ushort)shared.Fields.NumberOf(number.Field));
        }
        numberStarts.Add(numbers.Count);
    }

    /// <summary>Takes a product over from another segment.</summary>
    public void Add(Rows from, int product)
    {
        if (from.Windows.TryGetValue(product, out var window))
            windows[created.Count] = window;
        created.Add(from.Created[product]);
        for (var at = from.Products[product]; at < from.Products[product + 1]; at++)
        {
            ids.Add(from.Ids[at]);
            words.AddRange(from.Words.AsSpan(from.WordStarts[at]..from.WordStarts[at + 1]));
            wordFields.AddRange(from.WordFields.AsSpan(from.WordStarts[at]..from.WordStarts[at + 1]));
            wordStarts.Add(words.Count);
            numbers.AddRange(from.Numbers.AsSpan(from.NumberStarts[at]..from.NumberStarts[at + 1]));
            numberFields.AddRange(from.NumberFields.AsSpan(from.NumberStarts[at]..from.NumberStarts[at + 1]));
            numberStarts.Add(numbers.Count);
        }
        products.Add(ids.Count);
    }

    public Rows Write() =>
        new()
        {
            Products = [.. products],
            Ids = [.. ids],
            WordStarts = [.. wordStarts],
            Words = [.. words],
            WordFields = [.. wordFields],
            NumberStarts = [.. numberStarts],
            Numbers = [.. numbers],
            NumberFields = [.. numberFields],
            Created = [.. created],
            Windows = windows,
        };
}
