namespace Kontor.Search.Segments;

/// <summary>For each word of a segment the products that have it, themselves or in a variant. Never changes.</summary>
sealed class WordPostings
{
    readonly int[] words;
    readonly int[] starts;
    readonly uint[] products;

    WordPostings(int[] words, int[] starts, uint[] products) =>
        (this.words, this.starts, this.products) = (words, starts, products);

    public long Bytes => 4L * (words.Length + starts.Length + products.Length);

    /// <summary>In order of products, as postings that say nothing of how much.</summary>
    public ReadOnlyMemory<uint> ListOf(int word)
    {
        var at = Array.BinarySearch(words, word);
        return at < 0 ? default : products.AsMemory(starts[at]..starts[at + 1]);
    }

    public static WordPostings Of(Rows rows)
    {
        var pairs = new List<ulong>(rows.Facts.Length);
        for (var product = 0; product < rows.Count; product++)
        {
            var facts = rows.FactsOf(product);
            var (own, variants) = (facts[0], facts[1]);
            var at = Rows.Header;
            for (var v = -1; v < variants; v++)
            {
                var count = v < 0 ? own : facts[at++];
                foreach (var word in facts.Slice(at, count))
                    pairs.Add(((ulong)(uint)word << 32) | (uint)product);
                at += count;
            }
        }
        pairs.Sort();
        var (words, starts, products) = (new List<int>(), new List<int>(), new List<uint>(pairs.Count));
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
            products.Add(Posting.Of((int)(pairs[at] & uint.MaxValue), 0));
        }
        starts.Add(products.Count);
        return new([.. words], [.. starts], [.. products]);
    }
}
