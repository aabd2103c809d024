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

    public static IReadOnlyList<Completion> Run(Standing standing, Shared shared, SuggestQuery query)
    {
        var text = query.Text.Length > MostTyped ? query.Text[..MostTyped] : query.Text;
        var clauses = QueryText.Read(text);
        if (clauses is not [.., { IsBegun: true, IsNot: false } last])
            return [];
        var tongue = shared.Tongues.Asked(query.Language);
        var beginning = tongue.FormOf(last.Words[0]).Surface;
        var typed = text[..^last.Words[0].Length];
        var earlier = clauses.Count == 1 ? null : Earlier(standing, shared, query, typed);
        var shown = new Shown(shared, query);
        return
        [
            .. Considered(standing, shared.Tongues, tongue, beginning)
                .Select(word => (Word: word, Count: Count(standing, shared.Tongues, tongue, word, earlier, shown)))
                .Where(word => word.Count > 0)
                .OrderByDescending(word => word.Count)
                .ThenBy(word => word.Word, StringComparer.Ordinal)
                .Take(Math.Clamp(query.Limit, 1, MostConsidered))
                .Select(word => new Completion(typed + word.Word, word.Count)),
        ];
    }

    /// <summary>The lists of the words before the last, which must be there too.</summary>
    static FoundWords Earlier(Standing standing, Shared shared, SuggestQuery query, string typed) =>
        QueryWords.In(
            standing,
            shared.Tongues,
            new(query.At)
            {
                Text = typed,
                Language = query.Language,
                CompletesLastWord = false,
            }
        );

    static IEnumerable<ushort> Spaces(Tongues tongues, Tongue tongue) =>
        tongue == tongues.None ? [tongue.Surfaces] : [tongue.Surfaces, tongues.None.Surfaces];

    static IEnumerable<string> Considered(Standing standing, Tongues tongues, Tongue tongue, string beginning)
    {
        var lengths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var space in Spaces(tongues, tongue))
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
            .Select(word => word.Key);
    }

    static IEnumerable<(string Word, int Length)> Longest(Terms terms, byte[] key)
    {
        var best = new PriorityQueue<int, int>();
        for (var term = terms.From(key); term < terms.Count && terms.KeyOf(term).StartsWith(key); term++)
            if (best.Count < MostConsidered)
                best.Enqueue(term, terms.PostingsOf(term).Length);
            else
                best.EnqueueDequeue(term, terms.PostingsOf(term).Length);
        foreach (var (term, length) in best.UnorderedItems)
            yield return (Terms.TermOf(terms.KeyOf(term)), length);
    }

    static int Count(Standing standing, Tongues tongues, Tongue tongue, string word, FoundWords? earlier, Shown shown)
    {
        var count = 0;
        for (var i = 0; i < standing.Views.Count && count < MostCounted; i++)
        {
            var view = standing.Views[i];
            var lists = Spaces(tongues, tongue)
                .Select(space => view.Segment.Terms.Find(Terms.Key(space, word)))
                .OfType<int>()
                .Select(term => (view.Segment.Terms.ListOf(term), 100))
                .ToList();
            foreach (var posting in Union.Of(lists, view.Segment.Count).Span)
            {
                var product = Posting.Product(posting);
                if (view.Has(product) && shown.Has(view.Segment.Rows, product) && HasAll(earlier, i, product))
                    if (++count == MostCounted)
                        break;
            }
        }
        return count;
    }

    static bool HasAll(FoundWords? earlier, int segment, int product) =>
        earlier is null
        || (
            earlier.Wanted.All(word => Has(word.Lists[segment].Span, product))
            && !earlier.Excluded.Any(lists => Has(lists[segment].Span, product))
        );

    static bool Has(ReadOnlySpan<uint> list, int product)
    {
        var at = Posting.Seek(list, 0, product);
        return at < list.Length && Posting.Product(list[at]) == product;
    }

    /// <summary>Which products may be seen: words of others are suggested to nobody.</summary>
    sealed class Shown(Shared shared, SuggestQuery query)
    {
        readonly long at = query.At.UtcTicks;
        readonly int? everywhere = Word(shared, SearchFields.EveryChannel);
        readonly int? here = query.Channel is null ? null : Word(shared, query.Channel);

        public bool Has(Rows rows, int product)
        {
            if (rows.Windows.TryGetValue(product, out var window) && (at < window.From || at >= window.Until))
                return false;
            var words = rows.OwnWords(product);
            return (everywhere is { } all && words.BinarySearch(all) >= 0)
                || (here is { } its && words.BinarySearch(its) >= 0);
        }

        static int? Word(Shared shared, string channel) =>
            shared.Fields.Find(SearchFields.Channel) is { } field ? shared.Words.Find(field, channel) : null;
    }
}
