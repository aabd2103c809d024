namespace Kontor.Search.Segments;

/// <summary>Products that were written together. Nothing of it changes but what <see cref="Moving"/> holds.</summary>
sealed class Segment
{
    readonly int[] byProduct;
    readonly int[] places;

    public Segment(Rows rows, Terms terms, IReadOnlyDictionary<int, SortTexts> sorts, Moving moving)
    {
        (Rows, Terms, Sorts, Moving) = (rows, terms, sorts, moving);
        Words = WordPostings.Of(rows);
        byProduct = rows.ByProduct();
        places = new int[byProduct.Length];
        for (var place = 0; place < places.Length; place++)
            places[byProduct[place]] = place;
    }

    public Rows Rows { get; }

    public Terms Terms { get; }

    public WordPostings Words { get; }

    public IReadOnlyDictionary<int, SortTexts> Sorts { get; }

    public Moving Moving { get; }

    public int Count => Rows.Count;

    public long Bytes =>
        Rows.Bytes
        + Terms.Bytes
        + Words.Bytes
        + Moving.Bytes
        + (8L * byProduct.Length)
        + Sorts.Values.Sum(sort => sort.Bytes);

    public Guid IdOf(int product) => Rows.Ids[Rows.Products[product]];

    /// <summary>Where a product stands among those of the segment by its id.</summary>
    public int PlaceOf(int product) => places[product];

    public int? Find(Guid id) =>
        PlaceOf(id) is var place && place < byProduct.Length && IdOf(byProduct[place]) == id ? byProduct[place] : null;

    /// <summary>How many products have an id before this one.</summary>
    public int PlaceOf(Guid id)
    {
        var (low, high) = (0, byProduct.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (IdOf(byProduct[middle]).CompareTo(id) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}

/// <summary>A segment and which of its products are no more, as it stood at one moment. Never changes.</summary>
/// <param name="Deleted">A bit for each product; null: all are there.</param>
/// <param name="Live">How many are there.</param>
sealed record SegmentView(Segment Segment, ulong[]? Deleted, int Live)
{
    public static SegmentView Of(Segment segment) => new(segment, null, segment.Count);

    public bool Has(int product) => Deleted is null || (Deleted[product >> 6] >> (product & 63) & 1) == 0;

    /// <summary>Without these products, none of them twice; the view itself stays as it is.</summary>
    public SegmentView Without(IReadOnlyCollection<int> products)
    {
        var deleted = Deleted is null ? new ulong[(Segment.Count + 63) >> 6] : [.. Deleted];
        var live = Live;
        foreach (var product in products)
        {
            ref var bits = ref deleted[product >> 6];
            if ((bits >> (product & 63) & 1) != 0)
                continue;
            bits |= 1UL << (product & 63);
            live--;
        }
        return this with { Deleted = deleted, Live = live };
    }
}
