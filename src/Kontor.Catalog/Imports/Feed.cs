using Kontor.Kernel;

namespace Kontor.Catalog.Imports;

/// <summary>The form of a supplier's file.</summary>
public enum FeedFormat
{
    /// <summary>Delimited text with a header line.</summary>
    Csv,

    /// <summary>One JSON object a line; members are its columns.</summary>
    Ndjson,
}

/// <summary>A row of a file: the values of the mapped columns, or why it cannot be read.</summary>
/// <param name="Line">The line of the file that it begins on, from 1.</param>
sealed record FeedRow(long Line, IReadOnlyList<string?> Values, Rejection? Broken = null);

/// <summary>A supplier's file, read from front to back and never held as a whole.</summary>
abstract class Feed(FileStream file, TextReader text) : IAsyncDisposable
{
    /// <summary>Longest row, in characters.</summary>
    public const int MaxRow = 1 << 20;

    protected TextReader Text => text;

    public long BytesRead => file.Position;

    public long TotalBytes => file.Length;

    /// <summary>Mapped columns that the header, or no row so far, has.</summary>
    public abstract IReadOnlyCollection<string> NeverSeen { get; }

    /// <summary>Throws <see cref="FeedBrokenException"/> where nothing behind a place can be read.</summary>
    public abstract IAsyncEnumerable<FeedRow> Rows(CancellationToken stop);

    public static async Task<Feed> Open(string path, FeedFormat format, ImportMap map, CancellationToken stop)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, useAsync: true);
        var text = new StreamReader(await Gunzip.Of(file, stop), map.Encoding);
        return format switch
        {
            FeedFormat.Csv => await CsvFeed.Open(file, text, map, stop),
            _ => new NdjsonFeed(file, text, map),
        };
    }

    public virtual async ValueTask DisposeAsync()
    {
        text.Dispose();
        await file.DisposeAsync();
    }
}

/// <summary>The file cannot be read any further.</summary>
sealed class FeedBrokenException(long line, string reason, Exception inner) : Exception(reason, inner)
{
    public long Line => line;
}
