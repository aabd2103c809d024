using Kontor.Kernel;

namespace Kontor.Catalog.Bulk;

/// <summary>Lines that are written together: as many as make one transaction short, and no key twice.</summary>
sealed class BulkBatch
{
    const int MaxLines = 200;
    const int MaxVariants = 2_000;
    const int MaxBytes = 4 << 20;

    readonly List<WantedLine> wanted = [];
    readonly List<BulkLine> rejected = [];
    readonly HashSet<string> keys = new(StringComparer.Ordinal);
    int variants;
    int bytes;

    public IReadOnlyList<WantedLine> Wanted => wanted;

    /// <summary>Lines that could not be read, to be told among the others.</summary>
    public IReadOnlyList<BulkLine> Rejected => rejected;

    public bool IsFull => wanted.Count + rejected.Count >= MaxLines || variants >= MaxVariants || bytes >= MaxBytes;

    /// <summary>A second line of a product sees what the first has left: it waits for the next batch.</summary>
    public bool HasRoomFor(WantedLine line) =>
        !keys.Contains(line.Product.Key)
        && (wanted.Count == 0 || variants + line.Product.Variants.Count <= MaxVariants);

    public void Add(WantedLine line)
    {
        wanted.Add(line);
        keys.Add(line.Product.Key);
        variants += line.Product.Variants.Count;
        bytes += line.Bytes;
    }

    public BulkBatch Reject(long line, Rejection why, string? key = null)
    {
        rejected.Add(BulkLine.Rejected(line, key, why));
        return this;
    }

    public void Clear()
    {
        wanted.Clear();
        rejected.Clear();
        keys.Clear();
        (variants, bytes) = (0, 0);
    }
}
