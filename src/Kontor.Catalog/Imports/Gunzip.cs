using System.Buffers.Binary;
using System.IO.Compression;

namespace Kontor.Catalog.Imports;

/// <summary>Unpacks a gzip file and holds it to the length that its last bytes name: GZipStream takes an archive that was
/// cut off for one that ends there.</summary>
sealed class Gunzip(FileStream file, uint wanted) : Stream
{
    readonly GZipStream unpacked = new(file, CompressionMode.Decompress);
    ulong read;

    /// <summary>The file's content: unpacked where it begins as gzip does, else as it is.</summary>
    public static async Task<Stream> Of(FileStream file, CancellationToken stop)
    {
        var bytes = new byte[4];
        var isZipped =
            await file.ReadAtLeastAsync(bytes, 4, throwOnEndOfStream: false, stop) == 4 && bytes is [0x1f, 0x8b, ..];
        if (isZipped)
        {
            file.Seek(-4, SeekOrigin.End);
            await file.ReadExactlyAsync(bytes, stop);
        }
        file.Position = 0;
        return isZipped ? new Gunzip(file, BinaryPrimitives.ReadUInt32LittleEndian(bytes)) : file;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await unpacked.ReadAsync(buffer, cancellationToken);
        read += (ulong)count;
        if (count == 0 && buffer.Length > 0 && (uint)(read & uint.MaxValue) != wanted)
            throw new InvalidDataException("The archive does not have the length that it names.");
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
            unpacked.Dispose();
        base.Dispose(disposing);
    }
}
