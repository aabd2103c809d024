using System.Runtime.InteropServices;
using Kontor.Search.Querying;
using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Gives the judge each product of a segment that can match, once.</summary>
sealed class Candidates(Plan plan, FoundWords words, Judge judge)
{
    readonly List<Lane> lanes = [];
    readonly List<Lane> excluded = [];
    readonly Dictionary<int, int> direct = [];

    /// <summary>A list of products, and how far it was gone through.</summary>
    struct Lane(ReadOnlyMemory<uint> list, long weight)
    {
        // All lists of the index are parts of arrays.
        readonly ArraySegment<uint> items = MemoryMarshal.TryGetArray(list, out var array)
            ? array
            : throw new ArgumentException("Not of an array.", nameof(list));
        int at;

        public readonly int Length => items.Count;

        public readonly ReadOnlySpan<uint> Items => items;

        /// <summary>Goes on to the product; null where it is not there, else what the word adds to its score.</summary>
        public long? ScoreOf(int product)
        {
            at = Posting.Seek(items, at, product);
            return at < items.Count && items[at] is var posting && Posting.Product(posting) == product
                ? weight * Posting.Impact(posting)
                : null;
        }

        public readonly long Weight => weight;

        public readonly bool IsOver => at == items.Count;
    }

    public void In(SegmentView view, int index)
    {
        excluded.Clear();
        excluded.AddRange(words.Excluded.Select(lists => new Lane(lists[index], 0)));
        lanes.Clear();
        lanes.AddRange(words.Wanted.Select(word => new Lane(word.Lists[index], word.Weight)));
        Direct(view, index);
        if (direct.Count > 0)
        {
            judge.Enter(view.Segment, index, 0);
            foreach (var (product, pin) in direct)
                if (view.Has(product))
                    judge.Look(product, ScoreOf(product, index), pin);
        }
        if (plan.IsEmpty)
            return;
        var taken = Require(view.Segment);
        lanes.Sort(static (one, other) => one.Length.CompareTo(other.Length));
        if (lanes is [{ Length: 0 }, ..])
            return;
        judge.Enter(view.Segment, index, taken);
        if (lanes.Count > 0)
            Listed(view);
        else
            Every(view);
        judge.Finish();
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

    /// <summary>Each of them has its own place in the lists.</summary>
    long ScoreOf(int product, int index)
    {
        var score = 0L;
        foreach (var lane in lanes)
        {
            var afresh = lane;
            score += afresh.ScoreOf(product) ?? 0;
        }
        var codes = new Lane(words.Codes[index], 0);
        return codes.ScoreOf(product) is null ? score : score + Ranking.CodeScore;
    }

    /// <summary>Adds the lists of words that every hit has; gives the filters that all products of the lists satisfy.</summary>
    uint Require(Segment segment)
    {
        var taken = 0u;
        foreach (var filter in plan.Words)
        {
            if (filter is not { IsRequired: true, Words: [var word] })
                continue;
            var list = segment.Words.ListOf(word);
            if (!segment.Rows.VariantFields.Contains(filter.Field))
                taken |= filter.Bit;
            if (list.Length < segment.Count)
                lanes.Add(new(list, 0));
        }
        return taken;
    }

    void Listed(SegmentView view)
    {
        var all = CollectionsMarshal.AsSpan(lanes);
        var others = all[1..];
        var weight = all[0].Weight;
        foreach (var posting in all[0].Items)
        {
            var product = Posting.Product(posting);
            var score = weight * Posting.Impact(posting);
            if (!HaveAll(others, product, ref score))
            {
                if (AreOver(others))
                    return;
            }
            else if (IsWanted(view, product))
                judge.Add(product, score);
        }
    }

    void Every(SegmentView view)
    {
        for (var product = 0; product < view.Segment.Count; product++)
            if (IsWanted(view, product))
                judge.Add(product, 0);
    }

    static bool HaveAll(Span<Lane> lanes, int product, ref long score)
    {
        foreach (ref var lane in lanes)
            if (lane.ScoreOf(product) is { } more)
                score += more;
            else
                return false;
        return true;
    }

    static bool AreOver(Span<Lane> lanes)
    {
        foreach (ref var lane in lanes)
            if (lane.IsOver)
                return true;
        return false;
    }

    /// <summary>Products come in their order: each list is gone through once.</summary>
    bool IsWanted(SegmentView view, int product)
    {
        if (!view.Has(product) || (direct.Count > 0 && direct.ContainsKey(product)))
            return false;
        foreach (ref var lane in CollectionsMarshal.AsSpan(excluded))
            if (lane.ScoreOf(product) is not null)
                return false;
        return true;
    }
}
