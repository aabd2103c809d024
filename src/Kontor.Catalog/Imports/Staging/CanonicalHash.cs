using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>SHA-256 of what JSON says: the order of members, blanks and the way in which a sign is escaped are of no account.</summary>
/// <remarks>Lists keep their order. A number counts as it is written: 1.0 and 1 differ, which costs a look, no more.</remarks>
static class CanonicalHash
{
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = KontorJson.MaxDepth });
        var written = new ArrayBufferWriter<byte>(Math.Max(json.Length, 1));
        using (var writer = new Utf8JsonWriter(written))
            Write(writer, document.RootElement);
        return SHA256.HashData(written.WrittenSpan);
    }

    static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(one => one.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
