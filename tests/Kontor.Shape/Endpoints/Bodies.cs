using System.Text;
using System.Text.Json.Nodes;

namespace Kontor.Shape.Endpoints;

/// <summary>Bodies for every feature that takes one, made from what the OpenAPI document says of it.</summary>
static class Bodies
{
    static readonly byte[] NotUtf8 = [.. "{\"a\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8];

    /// <summary>What no feature may take, and none may break upon.</summary>
    public static IEnumerable<(string Name, Func<HttpContent> Body)> HostileOf(House house, Door door)
    {
        var fitting = SampleOf(house, door);
        yield return ("no body", () => Asking.Json(""));
        yield return ("half of one", () => Asking.Json("{\"a\":"));
        yield return ("words", () => Asking.Json("not json"));
        yield return ("a list", () => Asking.Json("[]"));
        yield return ("null", () => Asking.Json("null"));
        yield return ("a number", () => Asking.Json("1e400"));
        yield return ("two values", () => Asking.Json("{} {}"));
        yield return ("an unknown member", () => Asking.Json("{\"kontorNoSuchMember\":1}"));
        yield return ("100,000 lists deep", () => Asking.Json(Deep("[", "]")));
        yield return ("100,000 objects deep", () => Asking.Json(Deep("{\"a\":", "}")));
        yield return ("2 MB", () => Asking.Json($"{{\"a\":\"{new string('x', 2 << 20)}\"}}"));
        yield return ("text/plain", () => Asking.Json(Bytes(fitting), "text/plain"));
        yield return ("application/xml", () => Asking.Json(Encoding.UTF8.GetBytes("<a/>"), "application/xml"));
        yield return ("not UTF-8", () => Asking.Json(NotUtf8));
        if (fitting is JsonObject { Count: > 0 } whole)
        {
            var (first, value) = whole.First();
            var twice = $"{{\"{first}\":{Text(value)},{Text(whole)[1..]}";
            yield return ("a member twice", () => Asking.Json(twice));
            yield return (
                "a member of other case",
                () =>
                    Asking.Json(
                        Text(whole).Replace($"\"{first}\"", $"\"{first.ToUpperInvariant()}\"", StringComparison.Ordinal)
                    )
            );
        }
        foreach (var (name, spoiled) in Spoiled(fitting))
            yield return (name, () => Asking.Json(spoiled));
    }

    /// <summary>A body of the right shape; null where the feature takes none.</summary>
    public static HttpContent? FittingOf(House house, Door door) =>
        door.TakesBody ? Asking.Json(Text(SampleOf(house, door))) : null;

    static JsonNode? SampleOf(House house, Door door) =>
        house
            .Document["paths"]
            ?[door.DocumentPath]
            ?[door.Method.ToLowerInvariant()]
            ?["requestBody"]
            ?["content"]
            ?["application/json"]
            ?["schema"]
            is { } schema
            ? Sample(house.Document, schema)
            : new JsonObject();

    /// <summary>Each text replaced by one that cannot be stored, each value by one of another kind.</summary>
    static IEnumerable<(string Name, string Text)> Spoiled(JsonNode? fitting)
    {
        if (fitting is null)
            yield break;
        var whole = Text(fitting);
        foreach (var path in Leaves(fitting, []))
        {
            yield return ($"U+0000 at {Path(path)}", With(whole, path, "\"a\\u0000b\""));
            yield return ($"half a surrogate at {Path(path)}", With(whole, path, "\"\\uD800\""));
            yield return ($"another kind at {Path(path)}", With(whole, path, "{\"a\":[true]}"));
            yield return ($"null at {Path(path)}", With(whole, path, "null"));
            yield return ($"a huge number at {Path(path)}", With(whole, path, "123456789012345678901234567890"));
            yield return ($"10,000 letters at {Path(path)}", With(whole, path, $"\"{new string('y', 10_000)}\""));
        }
    }

    static JsonNode? Sample(JsonNode document, JsonNode schema)
    {
        if ((string?)schema["$ref"] is { } reference)
            return Sample(document, document["components"]!["schemas"]![reference.Split('/')[^1]]!);
        if (schema["oneOf"] is JsonArray choices)
            return Sample(document, choices[^1]!);
        if (schema["enum"] is JsonArray { Count: > 0 } words)
            return words[0]?.DeepClone();
        var type = schema["type"] is JsonArray types
            ? types.Select(t => (string?)t).First(t => t != "null")
            : (string?)schema["type"];
        return type switch
        {
            "object" => new JsonObject(
                (schema["properties"]?.AsObject() ?? []).Select(p =>
                    KeyValuePair.Create(p.Key, Known(p.Key) ?? Sample(document, p.Value!))
                )
            ),
            "array" => new JsonArray(schema["items"] is { } items ? Sample(document, items) : null),
            "integer" or "number" => (long?)schema["minimum"] ?? 1,
            "boolean" => true,
            _ => SampleText(schema),
        };
    }

    /// <summary>What a schema cannot say of a text.</summary>
    static JsonNode? Known(string member) =>
        member switch
        {
            "country" => "SE",
            "currency" => "EUR",
            "email" => "buyer@example.org",
            _ => null,
        };

    static JsonNode SampleText(JsonNode schema) =>
        ((string?)schema["format"], (string?)schema["pattern"]) switch
        {
            (_, "^[A-Z]{3}$") => "EUR",
            ("uuid", _) => Door.SomeId,
            ("date-time", _) => "2026-11-23T06:30:00Z",
            _ => "sample",
        };

    static IEnumerable<object[]> Leaves(JsonNode? node, object[] path) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => Leaves(member.Value, [.. path, member.Key])),
            JsonArray items => items.SelectMany((item, i) => Leaves(item, [.. path, i])),
            _ => [path],
        };

    static string With(string whole, object[] path, string value)
    {
        const string Mark = "\"#here#\"";
        var copy = JsonNode.Parse(whole)!;
        if (path.Length == 0)
            return value;
        var at = path[..^1].Aggregate(copy, (node, step) => step is int i ? node[i]! : node[(string)step]!);
        if (path[^1] is int last)
            at[last] = "#here#";
        else
            at[(string)path[^1]] = "#here#";
        return Text(copy).Replace(Mark, value, StringComparison.Ordinal);
    }

    static string Path(object[] path) => string.Join('.', path);

    static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";

    static byte[] Bytes(JsonNode? node) => Encoding.UTF8.GetBytes(Text(node));

    static string Deep(string open, string close) =>
        string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
}
