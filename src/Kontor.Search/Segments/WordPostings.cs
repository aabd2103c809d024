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
        var (most, pairs) = (0, 0);
        foreach (var (_, word) in new Pairs(rows))
            (most, pairs) = (Math.Max(most, word), pairs + 1);
        // A table of all words is quicker than sorting, unless there are few products.
        return pairs * Few < most ? BySorting(rows, pairs) : ByTable(rows, most);
    }

    const int Few = 4;

    static WordPostings BySorting(Rows rows, int count)
    {
        var pairs = new List<ulong>(count);
        foreach (var (product, word) in new Pairs(rows))
            pairs.Add(((ulong)(uint)word << 32) | (uint)product);
        pairs.Sort();
        var (words, starts, lists) = (new List<int>(), new List<int>(), new List<uint>(count));
        for (var at = 0; at < pairs.Count; at++)
        {
            if (at > 0 && pairs[at] == pairs[at - 1])
                continue;
            var word = (int)(pairs[at] >> 32);
            if (words.Count == 0 || words[^1] != word)
            {
                words.Add(word);
                starts.Add(lists.Count);
            }
            lists.Add(Posting.Of((int)(pairs[at] & uint.MaxValue), 0));
        }
        starts.Add(lists.Count);
        return new([.. words], [.. starts], [.. lists]);
    }

    /// <summary>Goes through all products twice: to count, and to write.</summary>
    static WordPostings ByTable(Rows rows, int most)
    {
        // By word: one more than the product that was seen last, and where the next goes.
        var last = new int[most + 1];
        var next = new int[most + 1];
        foreach (var (product, word) in new Pairs(rows))
            if (last[word] != product + 1)
                (last[word], next[word]) = (product + 1, next[word] + 1);
        var (words, starts, all) = (new List<int>(), new List<int>(), 0);
        for (var word = 0; word <= most; word++)
            if (next[word] is var count and > 0)
            {
                words.Add(word);
                starts.Add(all);
                next[word] = all;
                all += count;
            }
        starts.Add(all);
        var lists = new uint[all];
        Array.Clear(last);
        foreach (var (product, word) in new Pairs(rows))
            if (last[word] != product + 1)
            {
                last[word] = product + 1;
                lists[next[word]++] = Posting.Of(product, 0);
            }
        return new([.. words], [.. starts], lists);
    }

    /// <summary>Each word of each product, as often as its variants have it.</summary>
    ref struct Pairs(Rows rows)
    {
        int product = -1;
        int at;
        int left;
        int variants;

        public readonly Pairs GetEnumerator() => this;

        public readonly (int Product, int Word) Current => (product, rows.Facts[at]);

        public bool MoveNext()
        {
            at++;
            while (left == 0)
                if (variants > 0)
                    (left, variants, at) = (rows.Facts[at], variants - 1, at + 1);
                else if (++product == rows.Count)
                    return false;
                else
                {
                    at = rows.FactStarts[product];
                    (left, variants, at) = (rows.Facts[at], rows.Facts[at + 1], at + Rows.Header);
                }
            left--;
            return true;
        }
    }
}
