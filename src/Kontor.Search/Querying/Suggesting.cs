using System.Buffers;
using Kontor.Search.Languages;
using Kontor.Search.Segments;

namespace Kontor.Search.Querying;

/// <summary>Completes what is typed by words of products that are shown.</summary>
static class Suggesting
{
    /// <summary>Counted so far and no further: what many have needs no exact number.</summary>
    const int MostCounted = 1_000;

    /// <summary>Words that are looked at closely: those with the longest lists.</summary>
    const int MostConsidered = 100;

    const int MostTyped = 200;

    /// <param name="Length">Of its lists, with what is struck out: no fewer than products have it.</param>
    readonly record struct Counted(string Word, int Length, int Count);

    public static IReadOnlyList<Completion> Run(Standing standing, Shared shared, SuggestQuery query)
    {
        var text = query.Text.Length > MostTyped ? query.Text[..MostTyped] : query.Text;
        var clauses = QueryText.Read(text);
        if (clauses is not [.., { IsBegun: true, IsNot: false } last])
            return [];
        var tongue = shared.Tongues.Asked(query.Language);
        var beginning = tongue.FormOf(last.Words[0]).Surface;
        var typed = text[..^last.Words[0].Length];
        var spaces = Spaces(shared.Tongues, tongue);
        using var among = clauses.Count == 1 ? null : Among(standing, shared, query, typed);
        var shown = standing.Views.Select(view => new Shown(view.Segment, shared, query.At, query.Channel)).ToList();
        var limit = Math.Clamp(query.Limit, 1, MostConsidered);
        var best = new List<Counted>();
        foreach (var (word, length) in Considered(standing, spaces, beginning))
        {
            // The longest list first: what comes now has no chance against so many that have more.
            if (best.Count(one => one.Count == MostCounted || one.Count > length) >= limit)
                break;
            if (Count(standing, spaces, word, among, shown) is var count and > 0)
                best.Add(new(word, length, count));
        }
        return
        [
            .. best.OrderByDescending(one => one.Count)
                .ThenByDescending(one => one.Count == MostCounted ? one.Length : 0)
                .ThenBy(one => one.Word, StringComparer.Ordinal)
                .Take(limit)
                .Select(one => new Completion(typed + one.Word, one.Count)),
        ];
    }

    /// <summary>The products that have the words before the last.</summary>
    static Products Among(Standing standing, Shared shared, SuggestQuery query, string typed)
    {
        var words = QueryWords.In(
            standing,
            shared,
            new(query.At)
            {
                Text = typed,
                Channel = query.Channel,
                Language = query.Language,
                CompletesLastWord = false,
            }
        );
        return new(standing, words);
    }

    static ushort[] Spaces(Tongues tongues, Tongue tongue) =>
        tongue == tongues.None ? [tongue.Surfaces] : [tongue.Surfaces, tongues.None.Surfaces];

    /// <summary>The words that begin so, those of most products first.</summary>
    static IEnumerable<(string Word, int Length)> Considered(Standing standing, ushort[] spaces, string beginning)
    {
        var lengths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var space in spaces)
        {
            var key = Terms.Key(space, beginning);
            foreach (var view in standing.Views)
            foreach (var (word, length) in Longest(view.Segment.Terms, key))
                lengths[word] = lengths.GetValueOrDefault(word) + length;
        }
        return lengths
            .OrderByDescending(word => word.Value)
            .ThenBy(word => word.Key, StringComparer.Ordinal)
            .Take(MostConsidered)
            .Select(word => (word.Key, word.Value));
    }

    static IEnumerable<(string Word, int Length)> Longest(Terms terms, byte[] key)
    {
        var best = new PriorityQueue<int, int>(MostConsidered);
        for (var term = terms.From(key); term < terms.Count && terms.KeyOf(term).StartsWith(key); term++)
            if (terms.PostingsOf(term).Length is var length && best.Count < MostConsidered)
                best.Enqueue(term, length);
            else if (best.TryPeek(out _, out var least) && length > least)
                best.EnqueueDequeue(term, length);
        foreach (var (term, length) in best.UnorderedItems)
            yield return (Terms.TermOf(terms.KeyOf(term)), length);
    }

    static int Count(Standing standing, ushort[] spaces, string word, Products? among, List<Shown> shown)
    {
        var count = 0;
        for (var i = 0; i < standing.Views.Count && count < MostCounted; i++)
        {
            var view = standing.Views[i];
            var lists = spaces
                .Select(space => view.Segment.Terms.Find(Terms.Key(space, word)))
                .OfType<int>()
                .Select(term => (view.Segment.Terms.ListOf(term), 100))
                .ToList();
            foreach (var posting in Union.Of(lists, view.Segment.Count).Span)
            {
                var product = Posting.Product(posting);
                if (among?.Has(i, product) == false || !view.Has(product) || !shown[i].Has(product))
                    continue;
                if (++count == MostCounted)
                    break;
            }
        }
        return count;
    }

    /// <summary>A bit for each product of each segment.</summary>
    sealed class Products : IDisposable
    {
        readonly List<ulong[]> segments = [];

        public Products(Standing standing, FoundWords words)
        {
            for (var i = 0; i < standing.Views.Count; i++)
            {
                var length = (standing.Views[i].Segment.Count + 63) >> 6;
                var bits = ArrayPool<ulong>.Shared.Rent(length);
                segments.Add(bits);
                bits.AsSpan(0, length).Fill(ulong.MaxValue);
                foreach (var word in words.Wanted)
                    Keep(bits.AsSpan(0, length), word.Lists[i].Span);
                foreach (var lists in words.Excluded)
                foreach (var posting in lists[i].Span)
                    bits[Posting.Product(posting) >> 6] &= ~(1UL << (Posting.Product(posting) & 63));
            }
        }

        static void Keep(Span<ulong> bits, ReadOnlySpan<uint> list)
        {
            var (word, has) = (0, 0UL);
            foreach (var posting in list)
            {
                var product = Posting.Product(posting);
                if (product >> 6 != word)
                {
                    bits[word] &= has;
                    bits[(word + 1)..(product >> 6)].Clear();
                    (word, has) = (product >> 6, 0);
                }
                has |= 1UL << (product & 63);
            }
            bits[word] &= has;
            bits[(word + 1)..].Clear();
        }

        public bool Has(int segment, int product) => (segments[segment][product >> 6] >> (product & 63) & 1) != 0;

        public void Dispose() => segments.ForEach(bits => ArrayPool<ulong>.Shared.Return(bits));
    }
}
