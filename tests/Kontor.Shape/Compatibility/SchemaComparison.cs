using System.Text.Json.Nodes;

namespace Kontor.Shape.Compatibility;

/// <summary>Which way a document travels: what we read from others may only ask less, what others read from us may only
/// say more.</summary>
enum Direction
{
    Request,
    Answer,
}

/// <summary>Compares a JSON Schema of today with the released one.</summary>
/// <param name="released">The document that references of the released schema lead into.</param>
/// <param name="current">Likewise, of today's.</param>
sealed class SchemaComparison(JsonNode released, JsonNode current)
{
    readonly HashSet<(string, string, Direction)> compared = [];

    public IEnumerable<string> Breaks(JsonNode? before, JsonNode? now, string at, Direction direction)
    {
        if (
            (string?)before?["$ref"] is { } one
            && (string?)now?["$ref"] is { } other
            && !compared.Add((one, other, direction))
        )
            return [];
        var (old, oldTypes) = Plain(before, released);
        var (today, todayTypes) = Plain(now, current);
        return
        [
            .. OfKind(old, oldTypes, today, todayTypes, at, direction),
            .. direction == Direction.Request ? OfBounds(old, today, at) : [],
            .. OfMembers(old, today, at, direction),
            .. OfChoices(old, today, at, direction),
            .. old["items"] is { } items ? Breaks(items, today["items"], $"{at}[]", direction) : [],
            .. old["additionalProperties"] is JsonObject values
                ? Breaks(values, today["additionalProperties"] as JsonObject, $"{at}.*", direction)
                : [],
        ];
    }

    static IEnumerable<string> OfKind(
        JsonObject old,
        HashSet<string> oldTypes,
        JsonObject today,
        HashSet<string> todayTypes,
        string at,
        Direction direction
    )
    {
        var (smaller, larger) = direction == Direction.Request ? (oldTypes, todayTypes) : (todayTypes, oldTypes);
        // No type at all allows every one.
        var fits = larger.Count == 0 || (smaller.Count > 0 && smaller.All(type => Allows(larger, type)));
        if (!fits)
            yield return $"{at}: the type was {Said(oldTypes)} and is {Said(todayTypes)}.";
        if ((string?)old["format"] != (string?)today["format"])
            yield return $"{at}: the format was {old["format"]} and is {today["format"]}.";
    }

    /// <summary>What a request may hold has become less.</summary>
    static IEnumerable<string> OfBounds(JsonObject old, JsonObject today, string at)
    {
        if (today["enum"] is JsonArray allowed)
        {
            var values = allowed.Select(value => value?.ToJsonString()).ToHashSet(StringComparer.Ordinal);
            if (old["enum"] is not JsonArray before)
                yield return $"{at}: takes only some values now.";
            else
                foreach (var gone in before.Where(value => !values.Contains(value?.ToJsonString())))
                    yield return $"{at}: no longer takes {gone}.";
        }
        foreach (var name in (string[])["maximum", "maxLength", "maxItems"])
            if (today[name] is { } most && !(old[name] is { } before && (decimal)before <= (decimal)most))
                yield return $"{at}: {name} was {old[name]} and is {most}.";
        foreach (var name in (string[])["minimum", "minLength", "minItems"])
            if (
                today[name] is { } least
                && (
                    old[name] is not { } before
                        ? (decimal)least > 0 || name == "minimum"
                        : (decimal)before < (decimal)least
                )
            )
                yield return $"{at}: {name} was {old[name]} and is {least}.";
        if (today["pattern"] is { } pattern && (string?)old["pattern"] != (string?)pattern)
            yield return $"{at}: the pattern was {old["pattern"]} and is {pattern}.";
        if (IsClosed(today) && !IsClosed(old))
            yield return $"{at}: refuses unknown members now.";
    }

    IEnumerable<string> OfMembers(JsonObject old, JsonObject today, string at, Direction direction)
    {
        var (oldMembers, members) = (old["properties"] as JsonObject ?? [], today["properties"] as JsonObject ?? []);
        var (oldRequired, required) = (Words(old["required"]), Words(today["required"]));
        foreach (var (name, schema) in oldMembers)
            if (!members.TryGetPropertyValue(name, out var still))
                yield return $"{at}.{name}: is gone.";
            else
                foreach (var inner in Breaks(schema, still, $"{at}.{name}", direction))
                    yield return inner;
        var broken = direction == Direction.Request ? required.Except(oldRequired) : oldRequired.Except(required);
        foreach (var name in broken.Where(name => direction == Direction.Request || members.ContainsKey(name)))
            yield return direction == Direction.Request
                ? $"{at}.{name}: is required now."
                : $"{at}.{name}: may be missing now.";
    }

    IEnumerable<string> OfChoices(JsonObject old, JsonObject today, string at, Direction direction)
    {
        foreach (var name in (string[])["oneOf", "anyOf", "allOf"])
        {
            var (before, now) = (old[name] as JsonArray ?? [], today[name] as JsonArray ?? []);
            if (before.Count != now.Count)
                yield return $"{at}: had {before.Count} and has {now.Count} parts in {name}.";
            else
                foreach (var (one, other) in before.Zip(now))
                foreach (var inner in Breaks(one, other, at, direction))
                    yield return inner;
        }
    }

    /// <summary>The schema without its reference and without the choice of null, and the types that it allows.</summary>
    static (JsonObject Schema, HashSet<string> Types) Plain(JsonNode? schema, JsonNode document)
    {
        while ((string?)schema?["$ref"] is { } reference)
            schema = reference
                .TrimStart('#', '/')
                .Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Aggregate((JsonNode?)document, (node, step) => node?[step]);
        if (schema?["oneOf"] is JsonArray { Count: 2 } pair && (string?)pair[0]?["type"] == "null")
        {
            var (inner, types) = Plain(pair[1], document);
            return (inner, [.. types, "null"]);
        }
        return schema is JsonObject plain ? (plain, Words(plain["type"])) : ([], []);
    }

    static bool IsClosed(JsonObject schema) =>
        schema["additionalProperties"] is JsonValue value && value.TryGetValue<bool>(out var open) && !open;

    static bool Allows(HashSet<string> types, string type) =>
        types.Contains(type) || (type == "integer" && types.Contains("number"));

    static HashSet<string> Words(JsonNode? node) =>
        node switch
        {
            JsonArray words => [.. words.Select(word => (string)word!)],
            JsonValue word when word.TryGetValue<string>(out var only) => [only],
            _ => [],
        };

    static string Said(HashSet<string> types) =>
        types.Count == 0 ? "any" : string.Join(" or ", types.Order(StringComparer.Ordinal));
}
