namespace Kontor.Imports.Extracting;

/// <summary>A stream that is read from front to back and watched while it is.</summary>
abstract class WatchedStream(Stream inner) : Stream
{
    protected Stream Inner => inner;

    /// <summary>Called after each read; 0 is the end.</summary>
    protected abstract void Seen(ReadOnlySpan<byte> bytes);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        if (buffer.Length > 0)
            Seen(buffer.Span[..count]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        if (buffer.Length > 0)
            Seen(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Counts what is read of the source itself, and remembers its last bytes.</summary>
sealed class CountedStream(Stream inner, Action<int> count) : WatchedStream(inner)
{
    readonly byte[] tail = new byte[4];

    public long Count { get; private set; }

    /// <summary>The last four bytes that were read: of gzip, the length of what it holds.</summary>
    public ReadOnlySpan<byte> Tail => tail;

    protected override void Seen(ReadOnlySpan<byte> bytes)
    {
        Count += bytes.Length;
        count(bytes.Length);
        if (bytes.Length >= 4)
            bytes[^4..].CopyTo(tail);
        else if (bytes.Length > 0)
        {
            tail.AsSpan(bytes.Length).CopyTo(tail);
            bytes.CopyTo(tail.AsSpan(4 - bytes.Length));
        }
    }
}

/// <summary>Refuses what unpacks to more than it should; and gzip that was cut off, which the unpacker takes for its end.</summary>
sealed class BoundedStream(Stream unpacked, Func<long> packed, Func<uint>? wanted) : WatchedStream(unpacked)
{
    long count;

    protected override void Seen(ReadOnlySpan<byte> bytes)
    {
        count += bytes.Length;
        if (count > Limits.UnpackedBytes || (count > Limits.RatioFrom && count / Limits.Ratio > packed()))
            throw new FeedBrokenException(
                "ARCHIVE_TOO_LARGE",
                0,
                $"The archive unpacks to more than {Limits.Ratio} times what it takes, or to more than {Limits.UnpackedBytes >> 30} GiB."
            );
        if (bytes.IsEmpty && wanted is not null && (uint)(count & uint.MaxValue) != wanted())
            throw new InvalidDataException(
                "it does not have the length that it names; several archives in one are not read either."
            );
    }
}

/// <summary>What was read ahead, then the rest.</summary>
sealed class PrefixedStream(ReadOnlyMemory<byte> ahead, Stream rest) : WatchedStream(rest)
{
    ReadOnlyMemory<byte> ahead = ahead;

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => ahead.IsEmpty ? await Inner.ReadAsync(buffer, cancellationToken) : Take(buffer.Span);

    public override int Read(Span<byte> buffer) => ahead.IsEmpty ? Inner.Read(buffer) : Take(buffer);

    protected override void Seen(ReadOnlySpan<byte> bytes) { }

    int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, ahead.Length);
        ahead.Span[..count].CopyTo(buffer);
        ahead = ahead[count..];
        return count;
    }
}
