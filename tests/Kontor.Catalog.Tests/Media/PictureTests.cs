using System.Text;
using Kontor.Catalog.Media;
using SkiaSharp;

namespace Kontor.Catalog.Tests.Media;

/// <summary>What becomes of an upload.</summary>
public sealed class PictureTests
{
    [Fact]
    public void Nothing_that_the_camera_wrote_is_kept()
    {
        var jpeg = Pictures.Halves(800, 600, SKEncodedImageFormat.Jpeg);
        var upload = Pictures.FromCamera(jpeg, orientation: 1, "59.3293N 18.0686E");

        Assert.True(Picture.Read(upload).Is(out var picture, out _));

        Assert.Contains("18.0686E", Encoding.Latin1.GetString(upload), StringComparison.Ordinal);
        Assert.Equal([320, 640, 800], picture.Renditions.Select(rendition => rendition.Width));
        Assert.All(
            picture.Renditions,
            rendition =>
            {
                var bytes = Encoding.Latin1.GetString(rendition.WebP);
                Assert.StartsWith("RIFF", bytes, StringComparison.Ordinal);
                Assert.DoesNotContain("18.0686E", bytes, StringComparison.Ordinal);
                Assert.DoesNotContain("EXIF", bytes, StringComparison.OrdinalIgnoreCase);
            }
        );
    }

    /// <summary>Stored with red on the left: where red is for the eye says the orientation.</summary>
    [Theory]
    [InlineData(1, 800, 400, "left")]
    [InlineData(2, 800, 400, "right")]
    [InlineData(3, 800, 400, "right")]
    [InlineData(4, 800, 400, "left")]
    [InlineData(5, 400, 800, "top")]
    [InlineData(6, 400, 800, "top")]
    [InlineData(7, 400, 800, "bottom")]
    [InlineData(8, 400, 800, "bottom")]
    public void A_picture_is_shown_as_it_was_seen(ushort orientation, int width, int height, string red)
    {
        var jpeg = Pictures.Halves(800, 400, SKEncodedImageFormat.Jpeg);

        Assert.True(Picture.Read(Pictures.FromCamera(jpeg, orientation, "n")).Is(out var picture, out _));

        Assert.Equal((width, height), (picture.Width, picture.Height));
        foreach (var rendition in picture.Renditions)
        {
            using var shown = SKBitmap.Decode(rendition.WebP);
            Assert.Equal((rendition.Width, rendition.Width * height / width), (shown.Width, shown.Height));
            Assert.Equal(red, WhereRedIs(shown));
        }
    }

    /// <summary>The same of a PNG, whose eXIf chunk stands before its picture or behind it.</summary>
    [Theory]
    [InlineData(1, false, false, 800, 400, "left")]
    [InlineData(3, true, false, 800, 400, "right")]
    [InlineData(6, false, false, 400, 800, "top")]
    [InlineData(6, true, true, 400, 800, "top")]
    [InlineData(8, false, true, 400, 800, "bottom")]
    [InlineData(9, false, false, 800, 400, "left")]
    public void A_png_is_shown_as_it_was_seen(
        ushort orientation,
        bool isBig,
        bool isBehind,
        int width,
        int height,
        string red
    )
    {
        var upload = Pictures.PngFromCamera(Pictures.Halves(800, 400), orientation, isBig, isBehind);

        Assert.True(Picture.Read(upload).Is(out var picture, out _));

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.All(
            picture.Renditions,
            rendition =>
            {
                using var shown = SKBitmap.Decode(rendition.WebP);
                Assert.Equal(red, WhereRedIs(shown));
                Assert.DoesNotContain("18.0686E", Encoding.Latin1.GetString(rendition.WebP), StringComparison.Ordinal);
                Assert.DoesNotContain("EXIF", Encoding.Latin1.GetString(rendition.WebP), StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("II*\0")]
    [InlineData("II*\0\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("MM\0*\u00ff\u00ff\u00ff\u00f0\0\u0001")]
    [InlineData("II*\0\u0008\0\0\0\u00ff\u00ff")]
    [InlineData("anything at all, longer than a head")]
    public void An_orientation_that_cannot_be_read_is_none(string exif)
    {
        var upload = Pictures.WithChunk(
            Pictures.Halves(80, 40),
            "eXIf"u8,
            Encoding.Latin1.GetBytes(exif),
            isBehind: false
        );

        Assert.Equal(SKEncodedOrigin.TopLeft, PngExif.OriginOf(upload));
        Assert.True(Picture.Read(upload).Is(out var picture, out _));
        Assert.Equal((80, 40), (picture.Width, picture.Height));
        for (var length = 0; length < upload.Length; length++)
            PngExif.OriginOf(upload.AsSpan(0, length));
    }

    static string WhereRedIs(SKBitmap shown)
    {
        var (w, h) = (shown.Width, shown.Height);
        bool IsRed(int x, int y) => shown.GetPixel(x, y) is { Red: > 200, Blue: < 60 };
        return (IsRed(w / 8, h / 2), IsRed(w * 7 / 8, h / 2), IsRed(w / 2, h / 8), IsRed(w / 2, h * 7 / 8)) switch
        {
            (true, false, _, _) => "left",
            (false, true, _, _) => "right",
            (_, _, true, false) => "top",
            (_, _, false, true) => "bottom",
            _ => "nowhere",
        };
    }

    [Theory]
    [InlineData(3000, 1000, new[] { 320, 640, 1280, 2560 })]
    [InlineData(2560, 100, new[] { 320, 640, 1280, 2560 })]
    [InlineData(1000, 3000, new[] { 320, 640, 1000 })]
    [InlineData(320, 1, new[] { 320 })]
    [InlineData(1, 1, new[] { 1 })]
    [InlineData(2500, 16000, new[] { 320, 640, 1280 })]
    [InlineData(1, 16000, new[] { 1 })]
    public void It_comes_in_its_sizes_and_never_larger(int width, int height, int[] widths)
    {
        Assert.True(Picture.Read(Pictures.Halves(width, height)).Is(out var picture, out _));

        Assert.Equal(widths, picture.Renditions.Select(rendition => rendition.Width));
    }

    public static TheoryData<string, byte[]> Unreadable() =>
        new()
        {
            { "nothing", [] },
            { "text", "a picture of a cup"u8.ToArray() },
            { "svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray() },
            { "half a png", Pictures.Halves(900, 900)[..^400] },
            { "half a jpeg", Half(Pictures.Halves(900, 900, SKEncodedImageFormat.Jpeg)) },
            { "a head", Pictures.Bomb(100, 100) },
            { "zip", [.. "PK"u8, 3, 4, 20, 0] },
        };

    static byte[] Half(byte[] whole) => whole[..(whole.Length / 2)];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_to_its_end_is_refused(string what, byte[] upload)
    {
        Assert.False(Picture.Read(upload).Is(out _, out var refusal), what);

        Assert.Equal("MEDIA_UNREADABLE", refusal!.Code);
    }

    [Theory]
    [InlineData(10_000, 10_000)]
    [InlineData(1, 16_001)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_bomb_is_refused_before_it_is_unpacked(int width, int height)
    {
        Assert.False(Picture.Read(Pictures.Bomb(width, height)).Is(out _, out var refusal));

        Assert.Contains(refusal!.Code, (string[])["MEDIA_TOO_LARGE", "MEDIA_UNREADABLE"]);
        if (width < 20_000)
            Assert.Equal("MEDIA_TOO_LARGE", refusal.Code);
    }
}
