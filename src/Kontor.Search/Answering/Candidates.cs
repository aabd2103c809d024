using Kontor.Search.Querying;
using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Gives the judge each product of a segment that can match, once.</summary>
sealed class Candidates(Plan plan, FoundWords words, Judge judge)
{
    readonly List<(ReadOnlyMemory<uint> List, long Weight)> wanted = [];
    readonly List<ReadOnlyMemory<uint>> excluded = [];
    readonly Dictionary<int, int> direct = [];
    int[] heads = [];
    int[] outs = [];

    public void In(SegmentView view, int index)
    {
        judge.Enter(view.Segment, index);
        wanted.Clear();
        wanted.AddRange(
            words.Wanted.Select(word => (word.Lists[index], word.Weight)).OrderBy(word => word.Item1.Length)
        );
        excluded.Clear();
        excluded.AddRange(words.Excluded.Select(lists => lists[index]));
        Direct(view, index);
        foreach (var (product, pin) in direct)
            if (view.Has(product))
                judge.Look(product, ScoreOf(product, index), pin);
        (heads, outs) = (new int[wanted.Count], new int[excluded.Count]);
        Rest(view);
    }

    /// <summary>Products that are there whether or not the words find them: the pinned, and those whose code was typed.</summary>
    void Direct(SegmentView view, int index)
    {
        direct.Clear();
        foreach (var posting in words.Codes[index].Span)
            direct[Posting.Product(posting)] = Found.NoPin;
        for (var pin = plan.Query.Pins.Count - 1; pin >= 0; pin--)
            // From the last on: of an id that is named twice the first place counts.
            if (view.Segment.Find(plan.Query.Pins[pin]) is { } product)
                direct[product] = pin;
    }

    long ScoreOf(int product, int index)
    {
        var score = 0L;
        foreach (var (list, weight) in wanted)
        {
            var at = Posting.Seek(list.Span, 0, product);
            if (at < list.Length && Posting.Product(list.Span[at]) == product)
                score += weight * Posting.Impact(list.Span[at]);
        }
        var codes = words.Codes[index].Span;
        var code = Posting.Seek(codes, 0, product);
        return code < codes.Length && Posting.Product(codes[code]) == product ? score + Ranking.CodeScore : score;
    }

    void Rest(SegmentView view)
    {
        if (plan.IsEmpty)
            return;
        var fewest = Fewest(view.Segment);
        if (wanted.Count > 0 && (fewest is not { } those || wanted[0].List.Length <= those.Length))
        {
            foreach (var posting in wanted[0].List.Span)
                Try(view, Posting.Product(posting));
        }
        else if (fewest is { } few)
        {
            foreach (var product in few.Span)
                Try(view, product);
        }
        else
        {
            for (var product = 0; product < view.Segment.Count; product++)
                Try(view, product);
        }
    }

    /// <summary>The shortest list of those that every hit is in; null where there is none.</summary>
    ReadOnlyMemory<int>? Fewest(Segment segment)
    {
        ReadOnlyMemory<int>? fewest = null;
        foreach (var word in plan.Required)
            if (segment.Words.ListOf(word) is var list && (fewest is not { } best || list.Length < best.Length))
                fewest = list;
        return fewest;
    }

    /// <summary>Products come in their order: each list is gone through once.</summary>
    void Try(SegmentView view, int product)
    {
        if (!view.Has(product))
            return;
        var score = 0L;
        for (var i = 0; i < heads.Length; i++)
        {
            var list = wanted[i].List.Span;
            var at = heads[i] = Posting.Seek(list, heads[i], product);
            if (at == list.Length || Posting.Product(list[at]) != product)
                return;
            score += wanted[i].Weight * Posting.Impact(list[at]);
        }
        for (var i = 0; i < outs.Length; i++)
        {
            var list = excluded[i].Span;
            var at = outs[i] = Posting.Seek(list, outs[i], product);
            if (at < list.Length && Posting.Product(list[at]) == product)
                return;
        }
        if (direct.Count == 0 || !direct.ContainsKey(product))
            judge.Look(product, score, Found.NoPin);
    }
}
