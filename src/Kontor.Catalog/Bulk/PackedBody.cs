using System.IO.Compression;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.Bulk;

/// <summary>A body as it was before it was packed with gzip (RFC 1952), of at most so many bytes: some kilobytes may unfold to
/// gigabytes.</summary>
/// <remarks>It ends with the number of bytes that were packed. The unpacker takes a body that was cut off before that for a
/// whole one, so the number is looked at here: half a body must not be answered as a whole. One member is taken, not several
/// behind each other.</remarks>
sealed class PackedBody : ForwardStream
{
    readonly RememberedEnd end;
    readonly GZipStream unpacked;
    readonly long maxBytes;
    long read;

    PackedBody(Stream packed, long maxBytes)
    {
        end = new(packed);
        unpacked = new(end, CompressionMode.Decompress);
        this.maxBytes = maxBytes;
    }

    /// <summary>The body to read, unpacked where it is packed in a way that is known here.</summary>
    public static Result<Stream> Of(HttpRequest request, long maxBytes) =>
        request.Headers.ContentEncoding.ToString() switch
        {
            "" => request.Body,
            { } known when known.Equals("identity", StringComparison.OrdinalIgnoreCase) => request.Body,
            { } known when known.Equals("gzip", StringComparison.OrdinalIgnoreCase) => new PackedBody(
                request.Body,
                maxBytes
            ),
            { } unknown => Refusals.UnsupportedMediaType with
            {
                Message = "Send the body as it is, or packed with gzip.",
                Detail = $"It came with Content-Encoding: {unknown}.",
            },
        };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int some;
        try
        {
            some = await unpacked.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException broken)
        {
            throw new UnreadableBodyException("The body is not what gzip makes.", broken);
        }
        if (some == 0 && buffer.Length > 0 && end.Number != (uint)(read & uint.MaxValue))
            throw new UnreadableBodyException("The body breaks off before gzip's end, or goes on after it.");
        read += some;
        return read <= maxBytes
            ? some
            : throw new UnreadableBodyException("The body is too large.", status: StatusCodes.Status413PayloadTooLarge);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            unpacked.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The rest of a body cannot be read, through whoever packed it.</summary>
sealed class UnreadableBodyException(
    string message,
    Exception? inner = null,
    int status = StatusCodes.Status400BadRequest
) : BadHttpRequestException(message, status, inner!);

/// <summary>A stream that remembers the last four bytes that were read of it.</summary>
sealed class RememberedEnd(Stream inner) : ForwardStream
{
    /// <summary>As gzip writes numbers.</summary>
    public uint Number { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var some = await inner.ReadAsync(buffer, cancellationToken);
        for (var i = Math.Max(0, some - 4); i < some; i++)
            Number = (Number >> 8) | ((uint)buffer.Span[i] << 24);
        return some;
    }
}

/// <summary>What is read once, from its beginning.</summary>
abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
