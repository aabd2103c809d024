namespace Kontor.Imports;

/// <summary>A file of a feed, wherever it lies.</summary>
/// <param name="Name">Its name, by which the mapping finds what to do with it.</param>
public abstract record FeedSource(string Name)
{
    /// <summary>Bytes as they lie there, packed or not; null where nobody knows.</summary>
    public virtual long? Length => null;

    /// <summary>A stream from its beginning. Zip and XLSX need one that can seek: spool what comes over a network.</summary>
    public abstract ValueTask<Stream> Open(CancellationToken stop);
}

/// <summary>A file of this machine.</summary>
public sealed record FeedFile(string Path) : FeedSource(System.IO.Path.GetFileName(Path))
{
    public override long? Length => new FileInfo(Path).Length;

    public override ValueTask<Stream> Open(CancellationToken stop) =>
        new(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true));
}

/// <summary>A small file in memory.</summary>
public sealed record FeedBytes(string Name, ReadOnlyMemory<byte> Content) : FeedSource(Name)
{
    public override long? Length => Content.Length;

    public override ValueTask<Stream> Open(CancellationToken stop) =>
        new(new MemoryStream(Content.ToArray(), writable: false));
}

/// <summary>How far the reading of a feed is. Written by one thread, read by any.</summary>
/// <param name="BytesRead">Of the files as they lie there.</param>
/// <param name="BytesTotal">Null where the length of a file is unknown.</param>
/// <param name="Rows">All that were read, skipped and broken ones too.</param>
/// <param name="Skipped">Rows for which no product of the mapping has a matching <c>when</c>.</param>
public sealed record FeedProgress(long BytesRead, long? BytesTotal, long Rows, long Skipped);

/// <summary>A file of the feed could not be read beyond a place: what comes behind it is missing, so nothing may be concluded
/// from its absence.</summary>
/// <param name="File">Which file, from 0.</param>
/// <param name="Line">The line, or row, at which it ended; 0: nothing of it was read.</param>
/// <param name="Code">The reason, as a stable code: <c>FILE_EMPTY</c>, <c>FILE_MALFORMED</c>, <c>ARCHIVE_TOO_LARGE</c> …</param>
public sealed record FeedBroken(int File, string Name, long Line, string Code, string Message);

/// <summary>Something about a file as a whole that a person should know.</summary>
public sealed record FeedNotice(int File, string Name, string Code, string Message);
