using System.Security.Cryptography;
using System.Text.Json;
using Kontor.Imports;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>A product as all rows of a run say it together.</summary>
/// <param name="Json">UTF-8 JSON, in the form in which a product is created.</param>
/// <param name="From">Which of its members, and which variants, each row has brought.</param>
sealed record LaidProduct(string Key, ReadOnlyMemory<byte> Json, IReadOnlyList<Origin> From)
{
    /// <summary>It has more parts than are read; it does not come in.</summary>
    public bool IsCut { get; init; }

    public byte[] Hash { get; } = SHA256.HashData(Json.Span);
}

/// <summary>A row, and what of a product is from it.</summary>
/// <param name="Paths">Members (<c>title</c>, <c>attributes.brand</c>) and variants (<c>variants[SKU].prices</c>); null: all
/// of it.</param>
sealed record Origin(int File, long Line, IReadOnlyList<string>? Paths = null);

/// <summary>Lays parts of one product together: what an earlier row says of a member counts, variants are known by their
/// SKU.</summary>
static class Laying
{
    const string Variants = "variants";

    /// <param name="parts">Of one key, in the order of their rows; at least one.</param>
    public static LaidProduct Together(IReadOnlyList<Draft> parts)
    {
        var documents = parts.Select(part => JsonDocument.Parse(part.Product)).ToList();
        try
        {
            var laid = new Dictionary<string, object>(StringComparer.Ordinal);
            var paths = parts.Select(_ => new List<string>()).ToArray();
            laid["key"] = parts[0].Key;
            for (var i = 0; i < parts.Count; i++)
                Lay(laid, documents[i].RootElement, "", path => paths[i].Add(path));
            var from = parts.Select(
                (part, i) => new Origin(part.At.File, part.At.Line, parts.Count == 1 ? null : paths[i])
            );
            return new(parts[0].Key, Write(laid), [.. from.Where(origin => origin.Paths is not { Count: 0 })]);
        }
        finally
        {
            documents.ForEach(document => document.Dispose());
        }
    }

    static void Lay(Dictionary<string, object> laid, JsonElement part, string path, Action<string> note)
    {
        foreach (var member in part.EnumerateObject())
        {
            var here = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (path.Length == 0 && member.Name == "key")
                continue;
            if (member.Value.ValueKind == JsonValueKind.Object)
                Lay(Under(laid, member.Name), member.Value, here, note);
            else if (path.Length == 0 && member.Name == Variants && AreKnownBySku(member.Value))
                foreach (var variant in member.Value.EnumerateArray())
                {
                    var sku = variant.GetProperty("sku").GetString()!;
                    Lay(Under(Under(laid, Variants), sku), variant, $"{Variants}[{sku}]", note);
                }
            else if (laid.TryAdd(member.Name, member.Value))
                note(here);
        }
    }

    /// <summary>A member that an earlier row has as something else stays that: what is laid under it then goes nowhere.</summary>
    static Dictionary<string, object> Under(Dictionary<string, object> laid, string name)
    {
        if (!laid.TryGetValue(name, out var standing))
            laid[name] = standing = new Dictionary<string, object>(StringComparer.Ordinal);
        return standing as Dictionary<string, object> ?? new(StringComparer.Ordinal);
    }

    static bool AreKnownBySku(JsonElement variants) =>
        variants.ValueKind == JsonValueKind.Array
        && variants
            .EnumerateArray()
            .All(variant =>
                variant.ValueKind == JsonValueKind.Object
                && variant.TryGetProperty("sku", out var sku)
                && sku.ValueKind == JsonValueKind.String
            );

    static ReadOnlyMemory<byte> Write(Dictionary<string, object> laid)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = KontorJson.Options.Encoder }))
            Write(json, laid, isProduct: true);
        return buffer.WrittenMemory;
    }

    static void Write(Utf8JsonWriter json, Dictionary<string, object> laid, bool isProduct)
    {
        json.WriteStartObject();
        foreach (var (name, value) in laid)
        {
            json.WritePropertyName(name);
            if (value is string text)
                json.WriteStringValue(text);
            else if (value is JsonElement element)
                element.WriteTo(json);
            else if (isProduct && name == Variants)
            {
                json.WriteStartArray();
                foreach (var variant in ((Dictionary<string, object>)value).Values)
                    Write(json, (Dictionary<string, object>)variant, isProduct: false);
                json.WriteEndArray();
            }
            else
                Write(json, (Dictionary<string, object>)value, isProduct: false);
        }
        json.WriteEndObject();
    }
}
