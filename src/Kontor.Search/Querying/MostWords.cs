using System.Buffers;
using Kontor.Search.Segments;

namespace Kontor.Search.Querying;

/// <summary>How many of the words that are asked for a product must have.</summary>
static class MostWords
{
    /// <summary>All, if one product has all. Else as many as the product that has most, unless those are fewer than half:
    /// one word too many is no reason to show nothing, and what has hardly anything in common was not meant.</summary>
    /// <remarks>Products that may be seen count, whatever filters say: these narrow what was found, they do not change what
    /// words mean.</remarks>
    public static int Of(Standing standing, IReadOnlyList<WordMatch> wanted, Func<SegmentView, Shown> shownOf)
    {
        if (wanted.Count < 2)
            return wanted.Count;
        var shown = standing.Views.Select(shownOf).ToList();
        if (HasAll(standing, wanted, shown))
            return wanted.Count;
        var most = 0;
        for (var i = 0; i < standing.Views.Count; i++)
            most = Math.Max(most, Most(standing.Views[i], wanted, i, shown[i]));
        return 2 * most >= wanted.Count ? most : wanted.Count;
    }

    static bool HasAll(Standing standing, IReadOnlyList<WordMatch> wanted, List<Shown> shown)
    {
        for (var i = 0; i < standing.Views.Count; i++)
        {
            var lists = wanted.Select(word => word.Lists[i]).OrderBy(list => list.Length).ToList();
            var at = new int[lists.Count];
            foreach (var posting in lists[0].Span)
            {
                var (product, has) = (Posting.Product(posting), true);
                for (var other = 1; other < at.Length && has; other++)
                {
                    var list = lists[other].Span;
                    at[other] = Posting.Seek(list, at[other], product);
                    has = at[other] < list.Length && Posting.Product(list[at[other]]) == product;
                }
                if (has && standing.Views[i].Has(product) && shown[i].Has(product))
                    return true;
            }
        }
        return false;
    }

    static int Most(SegmentView view, IReadOnlyList<WordMatch> wanted, int segment, Shown shown)
    {
        var (counts, most) = (ArrayPool<byte>.Shared.Rent(view.Segment.Count), 0);
        counts.AsSpan(0, view.Segment.Count).Clear();
        foreach (var word in wanted)
        foreach (var posting in word.Lists[segment].Span)
            if (Posting.Product(posting) is var product && view.Has(product) && shown.Has(product))
                most = Math.Max(most, ++counts[product]);
        ArrayPool<byte>.Shared.Return(counts);
        return most;
    }
}
