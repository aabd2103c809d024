using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.Products;

/// <summary>RFC 7396 on attributes: members left out stay, null takes away, objects are merged, all else is replaced.</summary>
static class MergePatch
{
    public static IReadOnlyDictionary<string, JsonElement> Of(
        IReadOnlyDictionary<string, JsonElement> standing,
        IReadOnlyDictionary<string, JsonElement> patch
    )
    {
        var merged = new Dictionary<string, JsonElement>(standing, StringComparer.Ordinal);
        foreach (var (key, value) in patch)
            if (value.ValueKind == JsonValueKind.Null)
                merged.Remove(key);
            else
                merged[key] = merged.TryGetValue(key, out var old) ? Of(old, value) : Of(default, value);
        return merged;
    }

    static JsonElement Of(JsonElement standing, JsonElement patch) =>
        patch.ValueKind == JsonValueKind.Object && ProductTypes.ValueForms.IsStorable(patch)
            ? JsonSerializer.SerializeToElement(Of(Members(standing), Members(patch)), KontorJson.Options)
            : patch;

    static IReadOnlyDictionary<string, JsonElement> Members(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? value
                .EnumerateObject()
                .DistinctBy(member => member.Name, StringComparer.Ordinal)
                .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal)
            : ProductTypes.Attributes.None;

    /// <summary>The same attributes with the same values.</summary>
    public static bool IsSame(
        IReadOnlyDictionary<string, JsonElement> before,
        IReadOnlyDictionary<string, JsonElement> after
    ) =>
        before.Count == after.Count
        && before.All(value =>
            after.TryGetValue(value.Key, out var other) && JsonElement.DeepEquals(value.Value, other)
        );
}
