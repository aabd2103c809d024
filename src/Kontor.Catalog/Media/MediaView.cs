namespace Kontor.Catalog.Media;

/// <summary>A picture.</summary>
/// <param name="Key">Its owner's name for it.</param>
/// <param name="Width">Of what was uploaded, upright, in pixels.</param>
/// <param name="Alt">What it shows, for those who do not see it; absent where nobody said.</param>
/// <param name="Files">The sizes that there are, the smallest first; WebP.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
public sealed record MediaView(
    string Key,
    int Width,
    int Height,
    string? Alt,
    IReadOnlyList<MediaFile> Files,
    long Version
)
{
    internal static MediaView Of(
        string key,
        Guid file,
        (int Width, int Height) size,
        int[] widths,
        string? alt,
        long version
    ) =>
        new(
            key,
            size.Width,
            size.Height,
            alt,
            [.. widths.Select(width => new MediaFile(width, UrlOf(file, width)))],
            version
        );

    internal static string UrlOf(Guid file, int width) => $"/api/v1/media/files/{file}/{width}.webp";
}

/// <param name="Width">In pixels.</param>
/// <param name="Url">Where it is; what is there never changes.</param>
public sealed record MediaFile(int Width, string Url);
