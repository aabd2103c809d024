using System.Buffers.Binary;
using System.IO.Compression;

namespace Kontor.Imports.Extracting;

/// <summary>What a source holds, out of its gzip or zip if it is in one; archives in archives are refused.</summary>
/// <param name="Name">The name of what is held: of the entry of a zip, without the ending of a gzip.</param>
/// <param name="Workbook">The whole source, where it is XLSX.</param>
sealed record Unpacked(string Name, Stream Content, ReadOnlyMemory<byte> Sample, Stream? Workbook) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        if (Workbook is not null)
            await Workbook.DisposeAsync();
    }

    public static async Task<Unpacked> Of(string name, Stream source, Action<int> count, CancellationToken stop)
    {
        if (IsZip(await Peek(source, 4, stop)))
            return await OfZip(name, source, count, stop);
        var counted = new CountedStream(source, count);
        var start = await Ahead(counted, 4, stop);
        Stream content = new PrefixedStream(start, counted);
        if (IsZip(start.Span))
            throw Refused("A zip can be read from a file only, which can be read at any place.");
        if (!IsGzip(start.Span))
            return await Plain(name, content, isInArchive: false, stop);
        var unpacked = new BoundedStream(
            new GZipStream(content, CompressionMode.Decompress),
            () => counted.Count,
            () => BinaryPrimitives.ReadUInt32LittleEndian(counted.Tail)
        );
        return await Plain(WithoutEnding(name), unpacked, isInArchive: true, stop);
    }

    static async Task<Unpacked> OfZip(string name, Stream source, Action<int> count, CancellationToken stop)
    {
        await Bound(source, stop);
        var archive = await ZipArchive.CreateAsync(source, ZipArchiveMode.Read, leaveOpen: false, null, stop);
        var files = archive.Entries.Where(entry => entry.Length > 0 && !entry.FullName.EndsWith('/')).ToList();
        if (files.Exists(entry => entry.FullName == "xl/workbook.xml"))
        {
            if (
                files.Sum(entry => Math.Min(entry.Length, Limits.UnpackedBytes)) is var all
                && (all > Limits.WorkbookBytes || (all > Limits.RatioFrom && all / Limits.Ratio > source.Length))
            )
                throw new FeedBrokenException(
                    "ARCHIVE_TOO_LARGE",
                    0,
                    $"The workbook unpacks to more than {Limits.Ratio} times what it takes, or to more than {Limits.WorkbookBytes >> 20} MiB."
                );
            source.Position = 0;
            return new(name, Stream.Null, default, source);
        }
        // What systems put beside the files that people pack.
        files.RemoveAll(entry =>
            entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) || entry.Name is ".DS_Store"
        );
        if (files is not [var only])
            throw Refused($"The zip holds {files.Count} files; pack one, or send them one by one.");
        var content = new BoundedStream(await only.OpenAsync(stop), () => only.CompressedLength, null);
        return await Plain(only.Name, new OwningStream(new CountedStream(content, _ => count(0)), archive), true, stop);
    }

    static async Task<Unpacked> Plain(string name, Stream content, bool isInArchive, CancellationToken stop)
    {
        var sample = await Ahead(content, Limits.SampleBytes, stop);
        if (isInArchive && (IsZip(sample.Span) || IsGzip(sample.Span)))
            throw Refused("There is an archive in the archive; unpack it once.");
        return new(name, new PrefixedStream(sample, content), sample, null);
    }

    /// <summary>The directory of a zip is held in memory: not one with a million entries.</summary>
    static async Task Bound(Stream source, CancellationToken stop)
    {
        var end = new byte[(int)Math.Min(source.Length, 66_000)];
        source.Position = source.Length - end.Length;
        await source.ReadExactlyAsync(end, stop);
        source.Position = 0;
        var at = end.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || at + 22 > end.Length)
            throw new InvalidDataException("the zip has no directory.");
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(at + 10));
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(at + 12));
        if (entries > Limits.ArchiveEntries || bytes > Limits.RowBytes)
            throw Refused($"The zip holds {entries} files or more; at most {Limits.ArchiveEntries} are looked at.");
    }

    static async Task<ReadOnlyMemory<byte>> Ahead(Stream content, int length, CancellationToken stop)
    {
        var ahead = new byte[length];
        var count = await content.ReadAtLeastAsync(ahead, length, throwOnEndOfStream: false, stop);
        return ahead.AsMemory(0, count);
    }

    /// <summary>The first bytes, without going on; none of a stream that cannot go back.</summary>
    static async Task<byte[]> Peek(Stream source, int length, CancellationToken stop)
    {
        if (!source.CanSeek)
            return [];
        var start = await Ahead(source, length, stop);
        source.Position = 0;
        return start.ToArray();
    }

    static bool IsZip(ReadOnlySpan<byte> start) =>
        start is [0x50, 0x4b, 0x03, 0x04, ..] or [0x50, 0x4b, 0x05, 0x06, ..];

    static bool IsGzip(ReadOnlySpan<byte> start) => start is [0x1f, 0x8b, ..];

    static string WithoutEnding(string name) =>
        name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;

    static FeedBrokenException Refused(string why) => new("ARCHIVE_REFUSED", 0, why);
}

/// <summary>Closes the archive with the entry that is read of it.</summary>
sealed class OwningStream(Stream entry, ZipArchive archive) : WatchedStream(entry)
{
    protected override void Seen(ReadOnlySpan<byte> bytes) { }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            archive.Dispose();
    }
}
