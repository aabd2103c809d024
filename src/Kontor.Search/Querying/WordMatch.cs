using Kontor.Search.Segments;

namespace Kontor.Search.Querying;

/// <summary>A word of a query and the products that have it, by segment.</summary>
/// <param name="Lists">For each segment its postings; the impact says how well the word fits.</param>
/// <param name="Weight">What an impact of 1 adds to a score: rare words more.</param>
sealed record WordMatch(ReadOnlyMemory<uint>[] Lists, long Weight)
{
    public static WordMatch Of(Standing standing, ReadOnlyMemory<uint>[] lists) =>
        new(lists, WeightOf(standing.Live, LiveIn(standing, lists)));

    /// <summary>In whole numbers, so that each process gives a product the same score.</summary>
    /// <param name="with">How many products have it.</param>
    public static long WeightOf(int all, int with) =>
        Math.Max(1, (long)Math.Round(32 * Math.Log(1 + ((all - with + 0.5) / (with + 0.5)))));

    /// <summary>How many products that are there have it: what is struck out does not count, or a score would hang on when
    /// segments are merged.</summary>
    public static int LiveIn(Standing standing, ReadOnlyMemory<uint>[] lists)
    {
        var live = 0;
        for (var i = 0; i < lists.Length; i++)
            live += Live(standing.Views[i], lists[i].Span);
        return live;
    }

    static int Live(SegmentView view, ReadOnlySpan<uint> postings)
    {
        if (view.Deleted is null)
            return postings.Length;
        var live = 0;
        foreach (var posting in postings)
            if (view.Has(Posting.Product(posting)))
                live++;
        return live;
    }
}

/// <summary>One list of several: each product once, with its best impact.</summary>
static class Union
{
    /// <summary>Above so many a table of all products is quicker than sorting.</summary>
    const int Many = 4_096;

    public static ReadOnlyMemory<uint> Of(IReadOnlyList<(ReadOnlyMemory<uint> List, int Percent)> lists, int products)
    {
        var filled = lists.Where(list => !list.List.IsEmpty).ToList();
        if (filled.Count == 0)
            return default;
        if (filled is [{ Percent: 100 } only])
            return only.List;
        var count = filled.Sum(list => list.List.Length);
        return count > Many ? ByTable(filled, products) : BySorting(filled, count);
    }

    static uint[] BySorting(List<(ReadOnlyMemory<uint> List, int Percent)> lists, int count)
    {
        var all = new uint[count];
        var at = 0;
        foreach (var (list, percent) in lists)
        foreach (var posting in list.Span)
            all[at++] = Posting.Of(Posting.Product(posting), Part(Posting.Impact(posting), percent));
        Array.Sort(all);
        var kept = 0;
        // Of one product the greatest impact stands last.
        for (var i = 0; i < count; i++)
            if (i + 1 == count || Posting.Product(all[i + 1]) != Posting.Product(all[i]))
                all[kept++] = all[i];
        return all[..kept];
    }

    static uint[] ByTable(List<(ReadOnlyMemory<uint> List, int Percent)> lists, int products)
    {
        var best = new byte[products];
        var count = 0;
        foreach (var (list, percent) in lists)
        foreach (var posting in list.Span)
        {
            ref var impact = ref best[Posting.Product(posting)];
            count += impact == 0 ? 1 : 0;
            impact = (byte)Math.Max(impact, Part(Posting.Impact(posting), percent));
        }
        var all = new uint[count];
        for (var (product, at) = (0, 0); at < count; product++)
            if (best[product] != 0)
                all[at++] = Posting.Of(product, best[product]);
        return all;
    }

    /// <summary>At least 1: what is found has a score.</summary>
    static int Part(int impact, int percent) => Math.Max(1, impact * percent / 100);
}
