namespace Kontor.Catalog.Bulk;

/// <summary>Products that are written together, of not too many variants.</summary>
sealed class BulkBatch() : LineBatch<WantedLine>(maxLines: 200)
{
    const int MaxVariants = 2_000;

    int variants;

    public override bool IsFull => base.IsFull || variants >= MaxVariants;

    public override bool HasRoomFor(WantedLine line) =>
        base.HasRoomFor(line) && (Wanted.Count == 0 || variants + line.Product.Variants.Count <= MaxVariants);

    public override void Add(WantedLine line)
    {
        base.Add(line);
        variants += line.Product.Variants.Count;
    }

    public override void Clear()
    {
        base.Clear();
        variants = 0;
    }
}
