using System.Text.Json;
using Kontor.Imports;
using Kontor.Imports.Survivorship;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>A product as all rows of a run say it together.</summary>
/// <param name="Json">UTF-8 JSON, in the form in which a product is created.</param>
/// <param name="From">Which of its values each row has brought.</param>
sealed record LaidProduct(string Key, ReadOnlyMemory<byte> Json, IReadOnlyList<Brought> From)
{
    internal static readonly JsonDocumentOptions Depth = new() { MaxDepth = KontorJson.MaxDepth };

    /// <summary>It has more parts than are read; it does not come in.</summary>
    public bool IsCut { get; init; }

    /// <summary>Of what is said, in whatever order its members stand.</summary>
    public byte[] Hash { get; } = CanonicalHash.Of(Json);

    /// <param name="parts">Of one key, in the order of their rows; at least one.</param>
    public static LaidProduct Of(string supplier, IReadOnlyList<Draft> parts)
    {
        var laid = Laying.Together(supplier, parts);
        return new(
            parts[0].Key,
            laid.Product,
            parts.Count == 1 ? [new(parts[0].At.File, parts[0].At.Line)] : RowsOf(laid)
        );
    }

    static List<Brought> RowsOf(Laid laid)
    {
        using var product = JsonDocument.Parse(laid.Product, Depth);
        var variants =
            product.RootElement.TryGetProperty("variants", out var list) && list.ValueKind == JsonValueKind.Array
                ? list
                : default;
        return
        [
            .. laid
                .Origins.GroupBy(origin => origin.At)
                .OrderBy(row => row.Key.File)
                .ThenBy(row => row.Key.Line)
                .Select(row => new Brought(
                    row.Key.File,
                    row.Key.Line,
                    [.. row.Select(origin => WithSku(origin.Path, variants))]
                )),
        ];
    }

    /// <summary>The number of a variant says nothing once variants have come and gone; its SKU does.</summary>
    static string WithSku(string path, JsonElement variants) =>
        path.Split('/') is ["", "variants", var number, .. var rest]
        && int.TryParse(number, out var at)
        && variants[at].ValueKind == JsonValueKind.Object
        && variants[at].TryGetProperty("sku", out var sku)
        && sku.ValueKind == JsonValueKind.String
            ? string.Join('/', ["", "variants", sku.GetString()!, .. rest])
            : path;
}

/// <summary>A row, and what of a product is from it.</summary>
/// <param name="Paths">JSON Pointers into the product, with the SKU of a variant in place of its number; null: all of it.</param>
sealed record Brought(int File, long Line, IReadOnlyList<string>? Paths = null);
