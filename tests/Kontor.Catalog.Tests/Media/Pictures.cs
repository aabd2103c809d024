using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Kontor.Catalog.Tests.Media;

/// <summary>Pictures for tests.</summary>
static class Pictures
{
    /// <summary>The left half red, the right half blue.</summary>
    public static byte[] Halves(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.Blue);
        using var red = new SKPaint { Color = SKColors.Red };
        surface.Canvas.DrawRect(0, 0, width / 2f, height, red);
        using var image = surface.Snapshot();
        using var encoded = image.Encode(format, 95);
        return encoded.ToArray();
    }

    /// <summary>A JPEG as a camera that was turned writes it: with an orientation and a note (Exif 2.3, TIFF 6.0).</summary>
    public static byte[] FromCamera(byte[] jpeg, ushort orientation, string note)
    {
        var tiff = Tiff(orientation, note);
        byte[] head = [0xFF, 0xE1, 0, 0, .. "Exif\0\0"u8];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(head.Length - 2 + tiff.Length));
        return [.. jpeg[..2], .. head, .. tiff, .. jpeg[2..]];
    }

    /// <summary>The same as a PNG has it (third edition, 11.3.4.5).</summary>
    /// <param name="isBig">Big-endian, as some cameras write.</param>
    public static byte[] PngFromCamera(byte[] png, ushort orientation, bool isBig, bool isBehind)
    {
        var tiff = Tiff(orientation, "59.3293N 18.0686E");
        if (isBig)
            Turn(tiff);
        return WithChunk(png, "eXIf"u8, tiff, isBehind);
    }

    /// <summary>With another chunk, before the first of the picture or before the end.</summary>
    public static byte[] WithChunk(byte[] png, ReadOnlySpan<byte> type, byte[] data, bool isBehind)
    {
        var at = (isBehind ? png.AsSpan().LastIndexOf("IEND"u8) : png.AsSpan().IndexOf("IDAT"u8)) - 4;
        return [.. png[..at], .. Chunk(type, data), .. png[at..]];
    }

    /// <summary>Each number's bytes the other way round.</summary>
    static void Turn(byte[] tiff)
    {
        "MM\0*"u8.CopyTo(tiff);
        tiff.AsSpan(4, 4).Reverse();
        tiff.AsSpan(8, 2).Reverse();
        foreach (var entry in (int[])[10, 22])
        {
            tiff.AsSpan(entry, 2).Reverse();
            tiff.AsSpan(entry + 2, 2).Reverse();
            tiff.AsSpan(entry + 4, 4).Reverse();
            // A short stands on the left of its four bytes.
            tiff.AsSpan(entry + 8, entry == 10 ? 4 : 2).Reverse();
        }
    }

    static byte[] Tiff(ushort orientation, string note)
    {
        var text = Encoding.ASCII.GetBytes($"{note}\0");
        var tiff = new byte[38 + text.Length];
        "II*\0"u8.CopyTo(tiff);
        BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(8), 2);
        Entry(tiff.AsSpan(10), 0x010E, 2, (uint)text.Length, 38);
        Entry(tiff.AsSpan(22), 0x0112, 3, 1, orientation);
        text.CopyTo(tiff, 38);
        return tiff;
    }

    static void Entry(Span<byte> at, ushort tag, ushort type, uint count, uint value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], type);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(at[8..], value);
    }

    /// <summary>A PNG of some bytes that says it is so large.</summary>
    public static byte[] Bomb(int width, int height)
    {
        var size = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(size, width);
        BinaryPrimitives.WriteInt32BigEndian(size.AsSpan(4), height);
        (size[8], size[9]) = (8, 6);
        return
        [
            0x89,
            .. "PNG\r\n"u8,
            0x1A,
            0x0A,
            .. Chunk("IHDR"u8, size),
            .. Chunk("IDAT"u8, [0x78, 0x9C, 0x03, 0, 0, 0, 0, 1]),
            .. Chunk("IEND"u8, []),
        ];
    }

    static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>ISO 3309, as PNG has it.</summary>
    static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var octet in data)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }
        return ~crc;
    }
}
