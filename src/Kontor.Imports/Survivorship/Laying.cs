using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kontor.Imports.Survivorship;

/// <summary>
/// Lays together what several rows of one supplier say about one product: members of objects one by one, the earlier row
/// wins; variants by <c>sku</c>, prices by currency, options and their values by <c>key</c>; categories united. A null is as
/// left out wherever another row says something.
/// </summary>
public static class Laying
{
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly record struct Part(JsonElement Value, int Row);

    /// <param name="drafts">Of one key, in the order of their rows; at least one, each a JSON object.</param>
    public static Laid Together(string supplier, IReadOnlyList<Draft> drafts)
    {
        if (drafts.Count == 1)
            return new(drafts[0].Product, [new("", supplier, drafts[0].At)]);
        var documents = new JsonDocument[drafts.Count];
        try
        {
            var parts = new Part[drafts.Count];
            for (var i = 0; i < documents.Length; i++)
                parts[i] = new((documents[i] = JsonDocument.Parse(drafts[i].Product)).RootElement, i);
            var written = new ArrayBufferWriter<byte>(drafts[0].Product.Length * 2);
            using var writer = new Utf8JsonWriter(written, Relaxed);
            var laid = new Layer(writer, supplier, drafts);
            laid.Value(parts, "", Shape.Whole);
            writer.Flush();
            return new(written.WrittenMemory, laid.Origins);
        }
        finally
        {
            foreach (var document in documents)
                document?.Dispose();
        }
    }

    sealed class Layer(Utf8JsonWriter writer, string supplier, IReadOnlyList<Draft> drafts)
    {
        public List<Origin> Origins { get; } = [];

        public void Value(ReadOnlySpan<Part> parts, string path, Shape shape)
        {
            var first = First(parts);
            var alike = Alike(parts, first.Value.ValueKind);
            if (alike.Count == 1 || (first.Value.ValueKind is not JsonValueKind.Object and not JsonValueKind.Array))
                Take(first, path);
            else if (first.Value.ValueKind == JsonValueKind.Object)
                Members(alike, path, shape);
            else if (shape.IsSet || shape.Key is not null)
                Items(alike, path, shape);
            else
                Take(first, path);
        }

        static Part First(ReadOnlySpan<Part> parts)
        {
            foreach (var part in parts)
                if (part.Value.ValueKind != JsonValueKind.Null)
                    return part;
            return parts[0];
        }

        static List<Part> Alike(ReadOnlySpan<Part> parts, JsonValueKind kind)
        {
            var alike = new List<Part>(parts.Length);
            foreach (var part in parts)
                if (part.Value.ValueKind == kind)
                    alike.Add(part);
            return alike;
        }

        void Take(Part part, string path)
        {
            part.Value.WriteTo(writer);
            Origins.Add(new(path, supplier, drafts[part.Row].At));
        }

        void Members(List<Part> objects, string path, Shape shape)
        {
            var members = new OrderedDictionary<string, List<Part>>(StringComparer.Ordinal);
            foreach (var part in objects)
            foreach (var member in part.Value.EnumerateObject())
                Under(members, member.Name).Add(new(member.Value, part.Row));
            writer.WriteStartObject();
            foreach (var (name, parts) in members)
            {
                writer.WritePropertyName(name);
                Value(CollectionsMarshal.AsSpan(parts), Pointer.Member(path, name), shape.Of(name));
            }
            writer.WriteEndObject();
            // An object without members came from somewhere too.
            if (members.Count == 0)
                Origins.Add(new(path, supplier, drafts[objects[0].Row].At));
        }

        void Items(List<Part> lists, string path, Shape shape)
        {
            var items = new OrderedDictionary<string, List<Part>>(StringComparer.Ordinal);
            foreach (var part in lists)
            foreach (var item in part.Value.EnumerateArray())
                Under(items, KeyOf(item, shape) ?? $"{part.Row}\n{items.Count}").Add(new(item, part.Row));
            writer.WriteStartArray();
            var index = 0;
            foreach (var (_, parts) in items)
            {
                var own = Pointer.Item(path, index++);
                if (shape.IsSet || shape.IsWholeItem)
                    Take(parts[0], own);
                else
                    Value(CollectionsMarshal.AsSpan(parts), own, shape);
            }
            writer.WriteEndArray();
            if (items.Count == 0)
                Origins.Add(new(path, supplier, drafts[lists[0].Row].At));
        }

        static string? KeyOf(JsonElement item, Shape shape) =>
            shape.IsSet ? item.GetRawText()
            : item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty(shape.Key!, out var key)
            && key.ValueKind == JsonValueKind.String
                ? key.GetString()
            : null;

        static List<Part> Under(OrderedDictionary<string, List<Part>> parts, string name)
        {
            if (!parts.TryGetValue(name, out var known))
                parts.Add(name, known = []);
            return known;
        }
    }
}
