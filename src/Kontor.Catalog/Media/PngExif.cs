using System.Buffers.Binary;
using SkiaSharp;

namespace Kontor.Catalog.Media;

/// <summary>The orientation that a PNG's eXIf chunk tells (PNG, third edition, 11.3.4.5; TIFF 6.0, tag 274).</summary>
static class PngExif
{
    const int Head = 8; // The signature.
    const int Frame = 12; // Of each chunk: length, name, check.
    const int Entry = 12;
    const ushort Orientation = 0x0112;
    const ushort Short = 3;

    /// <summary>Upright where it tells none, or none that there is: an orientation never makes a picture unreadable.</summary>
    public static SKEncodedOrigin OriginOf(ReadOnlySpan<byte> png)
    {
        for (var at = Head; at + Frame <= png.Length; )
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - Frame)
                break;
            var data = png.Slice(at + 8, (int)length);
            if (png.Slice(at + 4, 4).SequenceEqual("eXIf"u8))
                return OfTiff(data);
            at += Frame + (int)length;
        }
        return SKEncodedOrigin.TopLeft;
    }

    static SKEncodedOrigin OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return SKEncodedOrigin.TopLeft;
        var isLittle = tiff.StartsWith("II*\0"u8);
        if (!isLittle && !tiff.StartsWith("MM\0*"u8))
            return SKEncodedOrigin.TopLeft;
        var first = isLittle
            ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (first > tiff.Length - 2)
            return SKEncodedOrigin.TopLeft;
        var entries = tiff[((int)first + 2)..];
        for (
            var i = Number(tiff[(int)first..], isLittle);
            i > 0 && entries.Length >= Entry;
            i--, entries = entries[Entry..]
        )
            if (Number(entries, isLittle) == Orientation && Number(entries[2..], isLittle) == Short)
                return Number(entries[8..], isLittle) is >= 1 and <= 8 and var told
                    ? (SKEncodedOrigin)told
                    : SKEncodedOrigin.TopLeft;
        return SKEncodedOrigin.TopLeft;
    }

    static ushort Number(ReadOnlySpan<byte> at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
