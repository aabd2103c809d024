namespace Kontor.Search.Segments;

/// <summary>The index at one moment. Never changes, but for what changes in place.</summary>
/// <param name="Position">How far the caller's journal is applied.</param>
sealed record Standing(IReadOnlyList<SegmentView> Views, long Position)
{
    public static Standing Empty { get; } = new([], 0);

    public int Live => Views.Sum(view => view.Live);

    public long Bytes => Views.Sum(view => view.Segment.Bytes + (8L * (view.Deleted?.Length ?? 0)));
}

/// <summary>Where a product stands, for the writer. Not for several threads.</summary>
sealed class Places
{
    readonly Dictionary<Guid, (Segment Segment, int Product)> places = [];

    public (Segment Segment, int Product)? Find(Guid id) => places.TryGetValue(id, out var place) ? place : null;

    public void Add(Segment segment)
    {
        for (var product = 0; product < segment.Count; product++)
            places[segment.IdOf(product)] = (segment, product);
    }

    public void Remove(Guid id) => places.Remove(id);
}
