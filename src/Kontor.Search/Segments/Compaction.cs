namespace Kontor.Search.Segments;

/// <summary>Which segments to make one of. Pure.</summary>
static class Compaction
{
    /// <summary>So many of about one size become one.</summary>
    const int Width = 8;

    /// <summary>A segment is written anew when a quarter of it is gone.</summary>
    const int DeadShare = 4;

    /// <summary>The places of the segments to merge next, empty where all is well.</summary>
    /// <param name="most">Most products of a merged segment.</param>
    public static IReadOnlyList<int> Next(IReadOnlyList<SegmentView> views, int most)
    {
        for (var i = 0; i < views.Count; i++)
            if ((views[i].Segment.Count - views[i].Live) * DeadShare >= views[i].Segment.Count)
                return [i];
        var levels = Enumerable
            .Range(0, views.Count)
            // A segment beyond half of the most finds no partner that fits.
            .Where(i => views[i].Live <= most / 2)
            .GroupBy(i => (int)Math.Log(views[i].Live, Width))
            .Where(level => level.Count() >= Width)
            .OrderBy(level => level.Key);
        foreach (var level in levels)
            if (Fitting(level, views, most) is { Count: > 1 } fitting)
                return fitting;
        return [];
    }

    /// <summary>All that fit into one, the smallest first: for when nobody waits.</summary>
    public static IReadOnlyList<int> Most(IReadOnlyList<SegmentView> views, int most)
    {
        var fitting = Fitting(Enumerable.Range(0, views.Count).OrderBy(i => views[i].Live), views, most);
        if (fitting.Count > 1)
            return fitting;
        var dirty = Enumerable.Range(0, views.Count).Where(i => views[i].Live < views[i].Segment.Count);
        return [.. dirty.Take(1)];
    }

    static List<int> Fitting(IEnumerable<int> these, IReadOnlyList<SegmentView> views, int most)
    {
        var (fitting, sum) = (new List<int>(), 0);
        foreach (var i in these)
            if (sum + views[i].Live <= most)
            {
                fitting.Add(i);
                sum += views[i].Live;
            }
        return fitting;
    }
}
