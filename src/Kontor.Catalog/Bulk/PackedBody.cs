using System.IO.Compression;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.Bulk;

/// <summary>A body as it was before it was packed, of at most so many bytes: some kilobytes may unfold to gigabytes.</summary>
sealed class PackedBody(Stream packed, long maxBytes) : Stream
{
    long read;

    /// <summary>The body to read, unpacked where it is packed in a way that is known here.</summary>
    public static Result<Stream> Of(HttpRequest request, long maxBytes) =>
        request.Headers.ContentEncoding.ToString() switch
        {
            "" => request.Body,
            { } known when known.Equals("identity", StringComparison.OrdinalIgnoreCase) => request.Body,
            { } known when known.Equals("gzip", StringComparison.OrdinalIgnoreCase) => new PackedBody(
                new GZipStream(request.Body, CompressionMode.Decompress),
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
            some = await packed.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException broken)
        {
            throw new BadHttpRequestException("The body is not what gzip makes.", broken);
        }
        read += some;
        return read <= maxBytes
            ? some
            : throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
    }

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            packed.Dispose();
        base.Dispose(disposing);
    }
}
