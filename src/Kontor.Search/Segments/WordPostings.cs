namespace Kontor.Search.Segments;

/// <summary>For each word of a segment the products that have it, themselves or in a variant. Never changes.</summary>
sealed class WordPostings
{
    readonly int[] words;
    readonly int[] starts;
    readonly int[] products;

    WordPostings(int[] words, int[] starts, int[] products) =>
        (this.words, this.starts, this.products) = (words, starts, products);

    public long Bytes => 4L * (words.Length + starts.Length + products.Length);

    public ReadOnlyMemory<int> ListOf(int word)
    {
        var at = Array.BinarySearch(words, word);
        return at < 0 ? default : products.AsMemory(starts[at]..starts[at + 1]);
    }

    public static WordPostings Of(Rows rows)
    {
        var pairs = new List<ulong>(rows.Words.Length);
        for (var product = 0; product < rows.Count; product++)
        {
            var has = rows.Words.AsSpan(
                rows.WordStarts[rows.Products[product]]..rows.WordStarts[rows.Products[product + 1]]
            );
            foreach (var word in has)
                pairs.Add(((ulong)(uint)word << 32) | (uint)product);
        }
        pairs.Sort();
        var (words, starts, products) = (new List<int>(), new List<int>(), new List<int>(pairs.Count));
        for (var at = 0; at < pairs.Count; at++)
        {
            if (at > 0 && pairs[at] == pairs[at - 1])
                continue;
            var word = (int)(pairs[at] >> 32);
            if (words.Count == 0 || words[^1] != word)
            {
                words.Add(word);
                starts.Add(products.Count);
            }
            products.Add((int)(pairs[at] & uint.MaxValue));
        }
        starts.Add(products.Count);
        return new([.. words], [.. starts], [.. products]);
    }
}
