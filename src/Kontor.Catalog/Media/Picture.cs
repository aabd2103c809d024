using Kontor.Kernel;
using SkiaSharp;

namespace Kontor.Catalog.Media;

/// <summary>A picture as it is shown, in one of its sizes.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="WebP">The file.</param>
sealed record Rendition(int Width, byte[] WebP);

/// <summary>An upload, read, turned upright and encoded anew in the sizes that shops show.</summary>
/// <remarks>
/// Nothing of the upload's own bytes is kept: what a camera wrote beside the picture (EXIF: where and when, whose device) or
/// somebody hid in it goes with them. The size in pixels stands in the first bytes and is looked at before anything is
/// unpacked: a file of some kilobytes may ask for gigabytes. Of what moves, the first frame is taken.
/// </remarks>
/// <param name="Width">Of the upload, upright, in pixels.</param>
sealed record Picture(int Width, int Height, IReadOnlyList<Rendition> Renditions)
{
    public const int MaxBytes = 20 << 20;
    public const int MaxPixels = 40_000_000;
    public const int MaxSide = 16_000;
    const int Quality = 82;

    /// <summary>Of one size: encoding takes a second for four million pixels, and a photograph of 2 × 3 at 2,560 fits.</summary>
    const int MaxShownPixels = 2_560 * 4_096;

    static readonly int[] Widths = [320, 640, 1280, 2560];

    static readonly SKEncodedImageFormat[] Known =
    [
        SKEncodedImageFormat.Jpeg,
        SKEncodedImageFormat.Png,
        SKEncodedImageFormat.Webp,
        SKEncodedImageFormat.Gif,
    ];

    static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    /// <summary>CPU-bound, for up to some seconds, and takes four bytes for each pixel: one at a time.</summary>
    public static Result<Picture> Read(byte[] upload)
    {
        using var data = SKData.CreateCopy(upload);
        using var codec = SKCodec.Create(data);
        if (codec is null || !Known.Contains(codec.EncodedFormat))
            return Rejections.MediaUnreadable;
        var size = codec.Info.Size;
        if (size.Width > MaxSide || size.Height > MaxSide || (long)size.Width * size.Height > MaxPixels)
            return Rejections.MediaTooLarge.Because($"It has {size.Width} × {size.Height} pixels.");
        var origin = OriginOf(codec, upload);
        var (width, height) = IsTurned(origin) ? (size.Height, size.Width) : (size.Width, size.Height);
        var widths = WidthsOf(width, height);
        using var whole = Decode(codec, (float)widths[^1] / width);
        if (whole is null)
            return Rejections.MediaUnreadable;
        using var upright = Upright(whole, origin, widths[^1], width, height);
        return new Picture(width, height, [.. widths.Select(wanted => Encode(upright, wanted, width, height))]);
    }

    /// <summary>The sizes of a picture: those that are smaller than it, and itself where it is smaller than the largest. One
    /// that is very tall has no size of more than so many pixels, which bounds what developing it takes.</summary>
    internal static int[] WidthsOf(int width, int height)
    {
        var most = (int)Math.Min(Math.Min(width, Widths[^1]), Math.Sqrt((double)MaxShownPixels * width / height));
        return [.. Widths.Where(wanted => wanted < most), Math.Max(1, most)];
    }

    static SKEncodedOrigin OriginOf(SKCodec codec, byte[] upload) =>
        codec is { EncodedFormat: SKEncodedImageFormat.Png, EncodedOrigin: SKEncodedOrigin.TopLeft }
            ? PngExif.OriginOf(upload)
            : codec.EncodedOrigin;

    /// <summary>In the one colour space that screens assume, as small as its format can give and still large enough.</summary>
    /// <param name="least">How large it will be shown at most, of what it is. A JPEG comes in eighths, the nearest.</param>
    static SKBitmap? Decode(SKCodec codec, float least)
    {
        var scaled = codec.GetScaledDimensions(Math.Clamp(least + (1f / 16), 0.01f, 1f));
        var info = new SKImageInfo(
            scaled.Width,
            scaled.Height,
            SKColorType.Rgba8888,
            SKAlphaType.Premul,
            SKColorSpace.CreateSrgb()
        );
        var bitmap = new SKBitmap(info);
        // What breaks off in the middle is refused, though the decoder would show its upper half.
        if (codec.GetPixels(info, bitmap.GetPixels()) == SKCodecResult.Success)
            return bitmap;
        bitmap.Dispose();
        return null;
    }

    static bool IsTurned(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>The picture as whoever took it saw it (EXIF orientation, TIFF 6.0 tag 274), at its largest size.</summary>
    static SKImage Upright(SKBitmap stored, SKEncodedOrigin origin, int largest, int width, int height)
    {
        var wanted = SizeOf(largest, width, height);
        using var surface = SKSurface.Create(
            new SKImageInfo(
                wanted.Width,
                wanted.Height,
                SKColorType.Rgba8888,
                SKAlphaType.Premul,
                SKColorSpace.CreateSrgb()
            )
        );
        var (w, h) = IsTurned(origin) ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        surface.Canvas.Clear(SKColors.Transparent);
        surface.Canvas.Scale((float)wanted.Width / w, (float)wanted.Height / h);
        surface.Canvas.Concat(Turn(origin, w, h));
        using var image = SKImage.FromBitmap(stored);
        surface.Canvas.DrawImage(image, 0, 0, Smooth);
        return surface.Snapshot();
    }

    /// <param name="w">The width of the upright picture.</param>
    static SKMatrix Turn(SKEncodedOrigin origin, int w, int h) =>
        origin switch
        {
            SKEncodedOrigin.TopRight => new(-1, 0, w, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new(-1, 0, w, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new(0, -1, w, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new(0, -1, w, -1, 0, h, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, h, 0, 0, 1),
            _ => SKMatrix.Identity,
        };

    static Rendition Encode(SKImage upright, int wanted, int width, int height)
    {
        var size = SizeOf(wanted, width, height);
        using var surface = SKSurface.Create(upright.Info.WithSize(size.Width, size.Height));
        surface.Canvas.Clear(SKColors.Transparent);
        surface.Canvas.DrawImage(upright, new SKRect(0, 0, size.Width, size.Height), Smooth);
        using var shown = surface.Snapshot();
        using var webp = shown.Encode(SKEncodedImageFormat.Webp, Quality);
        return new(wanted, webp.ToArray());
    }

    static SKSizeI SizeOf(int wanted, int width, int height) =>
        new(wanted, (int)Math.Max(1, Math.Round((double)height * wanted / width)));
}
