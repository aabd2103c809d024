using Kontor.Kernel;

namespace Kontor.Catalog.Bulk;

/// <summary>A line that could be read.</summary>
interface IReadLine
{
    /// <summary>Counts from 1.</summary>
    long Line { get; }

    /// <summary>What it is about: two of one batch are not about the same.</summary>
    string About { get; }

    int Bytes { get; }
}

/// <summary>Lines that are written together: as many as make one transaction short, and no two about the same.</summary>
class LineBatch<T>(int maxLines)
    where T : IReadLine
{
    const int MaxBytes = 4 << 20;

    readonly List<T> wanted = [];
    readonly List<BulkLine> rejected = [];
    readonly HashSet<string> abouts = new(StringComparer.Ordinal);
    int bytes;

    public IReadOnlyList<T> Wanted => wanted;

    /// <summary>Lines that could not be read, to be told among the others.</summary>
    public IReadOnlyList<BulkLine> Rejected => rejected;

    public virtual bool IsFull => wanted.Count + rejected.Count >= maxLines || bytes >= MaxBytes;

    /// <summary>A second line about the same sees what the first has left: it waits for the next batch.</summary>
    public virtual bool HasRoomFor(T line) => !abouts.Contains(line.About);

    public virtual void Add(T line)
    {
        wanted.Add(line);
        abouts.Add(line.About);
        bytes += line.Bytes;
    }

    public LineBatch<T> Reject(long line, Rejection why, string? key = null)
    {
        rejected.Add(BulkLine.Rejected(line, key, why));
        return this;
    }

    public virtual void Clear()
    {
        wanted.Clear();
        rejected.Clear();
        abouts.Clear();
        bytes = 0;
    }
}
