namespace Kontor.Search.Segments;

/// <summary>Products that were written together. Nothing of it changes but what <see cref="Moving"/> holds.</summary>
sealed class Segment
{
    readonly int[] byProduct;

    public Segment(Rows rows, Terms terms, IReadOnlyDictionary<int, SortTexts> sorts, Moving moving)
    {
        (Rows, Terms, Sorts, Moving) = (rows, terms, sorts, moving);
        Words = WordPostings.Of(rows);
        byProduct = rows.ByProduct();
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
        + (4L * byProduct.Length)
        + Sorts.Values.Sum(sort => sort.Bytes);

    public Guid IdOf(int product) => Rows.Ids[Rows.Products[product]];

    public int? Find(Guid id)
    {
        var (low, high) = (0, byProduct.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            switch (IdOf(byProduct[middle]).CompareTo(id))
            {
                case 0:
                    return byProduct[middle];
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }
        return null;
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
