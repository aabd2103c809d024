namespace Kontor.Search.Segments;

/// <summary>The texts of a field to sort by: each text once, in order, and each product's place among them. Never changes.</summary>
sealed record SortTexts(string[] Texts, int[] Ranks)
{
    public const int None = -1;

    public string? Of(int product) => Ranks[product] is var rank && rank != None ? Texts[rank] : null;

    /// <summary>Where a text stands among them, by odd numbers for texts that are here and even ones between: so texts of
    /// several segments compare by the number each has in one of them.</summary>
    public long Place(string text)
    {
        var at = Array.BinarySearch(Texts, text, StringComparer.Ordinal);
        return at >= 0 ? (2L * at) + 1 : 2L * ~at;
    }

    public static SortTexts Of(IReadOnlyList<string?> texts)
    {
        var sorted = texts.OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        var ranks = new int[texts.Count];
        for (var product = 0; product < ranks.Length; product++)
            ranks[product] = texts[product] is { } text
                ? Array.BinarySearch(sorted, text, StringComparer.Ordinal)
                : None;
        return new(sorted, ranks);
    }

    public long Bytes => (4L * Ranks.Length) + Texts.Sum(text => 30L + (2L * text.Length));
}

/// <summary>Texts to sort by, collected product after product.</summary>
sealed class SortTextsWriter
{
    readonly Dictionary<int, List<string?>> fields = [];
    int products;

    public void Add(IEnumerable<(int Field, string Text)> texts)
    {
        foreach (var (number, text) in texts)
        {
            if (!fields.TryGetValue(number, out var column))
                fields[number] = column = [];
            if (column.Count > products)
                continue;
            while (column.Count < products)
                column.Add(null);
            column.Add(text);
        }
        products++;
    }

    public IReadOnlyDictionary<int, SortTexts> Write()
    {
        foreach (var column in fields.Values)
            while (column.Count < products)
                column.Add(null);
        return fields.ToDictionary(column => column.Key, column => SortTexts.Of(column.Value));
    }
}
