using System.Buffers;
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
    struct Lane
    {
        const int Near = 8;
        readonly uint[] items;
        readonly int first;
        readonly int end;
        readonly long weight;
        int at;

        public Lane(ReadOnlyMemory<uint> list, long weight)
        {
            // All lists of the index are parts of arrays; an empty one may be of none.
            MemoryMarshal.TryGetArray(list, out var part);
            (items, at, end, this.weight) = (part.Array ?? [], part.Offset, part.Offset + part.Count, weight);
            first = at;
        }

        public readonly int Length => end - first;

        public readonly ReadOnlySpan<uint> Items => items.AsSpan(first..end);

        public readonly long Weight => weight;

        public readonly bool IsOver => at == end;

        /// <summary>Goes on to the product, which is mostly near; false where it is not there.</summary>
        /// <param name="score">Gets what the word adds.</param>
        public bool Has(int product, ref long score)
        {
            var all = items;
            var wanted = Posting.Of(product, 0);
            var (here, near) = (at, Math.Min(end, at + Near));
            while (here < near && all[here] < wanted)
                here++;
            if (here == near)
                here = Posting.Seek(all.AsSpan(0, end), here, product);
            at = here;
            if (here == end || Posting.Product(all[here]) != product)
                return false;
            score += weight * Posting.Impact(all[here]);
            return true;
        }
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
        var isLoose = words.Least < words.Wanted.Count;
        if (isLoose)
            lanes.Clear();
        var taken = Require(view.Segment);
        lanes.Sort(static (one, other) => one.Length.CompareTo(other.Length));
        if (lanes is [{ Length: 0 }, ..])
            return;
        judge.Enter(view.Segment, index, taken);
        if (isLoose)
            Mostly(view, index);
        else if (lanes.Count > 0)
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
            afresh.Has(product, ref score);
        }
        return new Lane(words.Codes[index], 0).Has(product, ref score) ? score + Ranking.CodeScore : score;
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

    /// <summary>Products that have so many of the words as are needed, whichever.</summary>
    void Mostly(SegmentView view, int index)
    {
        var count = view.Segment.Count;
        var (has, scores) = (ArrayPool<byte>.Shared.Rent(count), ArrayPool<long>.Shared.Rent(count));
        has.AsSpan(0, count).Clear();
        scores.AsSpan(0, count).Clear();
        foreach (var word in words.Wanted)
        foreach (var posting in word.Lists[index].Span)
        {
            has[Posting.Product(posting)]++;
            scores[Posting.Product(posting)] += word.Weight * Posting.Impact(posting);
        }
        var required = CollectionsMarshal.AsSpan(lanes);
        var nothing = 0L;
        for (var product = 0; product < count; product++)
            if (has[product] >= words.Least && HaveAll(required, product, ref nothing) && IsWanted(view, product))
                judge.Add(product, scores[product]);
        ArrayPool<byte>.Shared.Return(has);
        ArrayPool<long>.Shared.Return(scores);
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
            if (!lane.Has(product, ref score))
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
        var nothing = 0L;
        foreach (ref var lane in CollectionsMarshal.AsSpan(excluded))
            if (lane.Has(product, ref nothing))
                return false;
        return true;
    }
}
