using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.Media;

/// <summary>The pictures of products within a statement that reads products.</summary>
static class ShownMedia
{
    /// <summary>The pictures of a product, in order, as one JSON text.</summary>
    /// <param name="bound">How many: <c>limit 5</c>, or nothing.</param>
    public static string Of(string product, string bound) =>
        $"""
            coalesce((
                select jsonb_agg(jsonb_build_object('key', m.key, 'file', m.file, 'width', m.width, 'height', m.height,
                    'widths', m.widths, 'alt', m.alt, 'version', m.version) order by m.position)
                from (
                    select m.*, s.position from product_media s join media m on m.key = s.media
                    where s.product = {product} order by s.position {bound}
                ) m
            ), '[]')::text
            """;

    public static IReadOnlyList<MediaView> Read(string text) =>
        text == "[]"
            ? []
            :
            [
                .. JsonSerializer
                    .Deserialize<List<Row>>(text, KontorJson.Options)!
                    .Select(row =>
                        MediaView.Of(row.Key, row.File, (row.Width, row.Height), row.Widths, row.Alt, row.Version)
                    ),
            ];

    sealed record Row(string Key, Guid File, int Width, int Height, int[] Widths, string? Alt, long Version);
}
