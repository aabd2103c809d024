namespace Kontor.Imports.Survivorship;

/// <summary>Where a value of a product came from.</summary>
/// <param name="Path">
/// A JSON Pointer into the product; empty for the whole. It speaks for everything below it, unless a longer path speaks for
/// that part.
/// </param>
public readonly record struct Origin(string Path, string Supplier, RowAt At);

/// <summary>A product, and for every value of it where it came from.</summary>
/// <param name="Product">UTF-8 JSON, as <c>POST /api/v1/products</c> takes it.</param>
/// <param name="Origins">No path twice.</param>
public sealed record Laid(ReadOnlyMemory<byte> Product, IReadOnlyList<Origin> Origins)
{
    Dictionary<string, Origin>? byPath;

    /// <summary>The row that the value at a JSON Pointer came from; null where there is no such row.</summary>
    public Origin? Of(string path)
    {
        byPath ??= Origins.ToDictionary(origin => origin.Path, StringComparer.Ordinal);
        for (var own = path; ; own = own[..own.LastIndexOf('/')])
            if (byPath.TryGetValue(own, out var origin))
                return origin;
            else if (!own.Contains('/'))
                return null;
    }
}

static class Pointer
{
    public static string Member(string path, string name) =>
        name.AsSpan().ContainsAny('~', '/')
            ? $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}"
            : $"{path}/{name}";

    public static string Item(string path, int index) => $"{path}/{index}";
}
