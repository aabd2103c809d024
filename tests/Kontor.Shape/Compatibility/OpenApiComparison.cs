using System.Text.Json.Nodes;

namespace Kontor.Shape.Compatibility;

/// <summary>Says what a client written against the released OpenAPI document would trip over today.</summary>
/// <remarks>A refusal that no longer comes breaks nobody; a success that no longer comes does.</remarks>
static class OpenApiComparison
{
    static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    public static IEnumerable<string> Breaks(JsonNode released, JsonNode current)
    {
        var schemas = new SchemaComparison(released, current);
        foreach (var (path, item) in Members(released["paths"]))
        foreach (
            var (method, operation) in Members(item).Where(pair => Methods.Contains(pair.Key, StringComparer.Ordinal))
        )
        {
            var at = $"{method.ToUpperInvariant()} {path}";
            if (current["paths"]?[path]?[method] is not { } today)
                yield return $"{at}: is gone.";
            else
                foreach (var found in OfOperation(operation, today, at, schemas))
                    yield return found;
        }
    }

    static IEnumerable<string> OfOperation(JsonNode old, JsonNode today, string at, SchemaComparison schemas) =>
        [
            .. (string?)old["operationId"] == (string?)today["operationId"]
                ? []
                : new[] { $"{at}: was named {old["operationId"]} and is named {today["operationId"]}." },
            .. OfParameters(old, today, at, schemas),
            .. OfBody(old["requestBody"], today["requestBody"], at, schemas),
            .. OfAnswers(old["responses"], today["responses"], at, schemas),
            .. OfAccess(old["security"] as JsonArray ?? [], today["security"] as JsonArray ?? [], at),
        ];

    static IEnumerable<string> OfParameters(JsonNode old, JsonNode today, string at, SchemaComparison schemas)
    {
        var (before, now) = (Parameters(old), Parameters(today));
        foreach (var (name, parameter) in before)
            if (!now.TryGetValue(name, out var still))
                yield return $"{at}: the parameter {name} is gone.";
            else
                foreach (
                    var found in schemas.Breaks(parameter["schema"], still["schema"], $"{at} {name}", Direction.Request)
                )
                    yield return found;
        foreach (var (name, parameter) in now)
            if (IsRequired(parameter) && !(before.TryGetValue(name, out var known) && IsRequired(known)))
                yield return $"{at}: the parameter {name} is required now.";
    }

    static IEnumerable<string> OfBody(JsonNode? old, JsonNode? today, string at, SchemaComparison schemas)
    {
        if (today is not null && IsRequired(today) && !(old is not null && IsRequired(old)))
            yield return $"{at}: a body is required now.";
        foreach (var (kind, content) in Members(old?["content"]))
            if (today?["content"]?[kind] is not { } still)
                yield return $"{at}: no longer takes {kind}.";
            else
                foreach (
                    var found in schemas.Breaks(content["schema"], still["schema"], $"{at} body", Direction.Request)
                )
                    yield return found;
    }

    static IEnumerable<string> OfAnswers(JsonNode? old, JsonNode? today, string at, SchemaComparison schemas)
    {
        foreach (var (status, answer) in Members(old))
        {
            var isSuccess = status.StartsWith('2');
            if (today?[status] is not { } still)
            {
                if (isSuccess)
                    yield return $"{at}: no longer answers {status}.";
                continue;
            }
            foreach (var (kind, content) in Members(answer["content"]))
                if (still["content"]?[kind] is not { } now)
                    yield return $"{at} {status}: no longer answers {kind}.";
                else
                    foreach (
                        var found in schemas.Breaks(
                            content["schema"],
                            now["schema"],
                            $"{at} {status}",
                            Direction.Answer
                        )
                    )
                        yield return found;
        }
    }

    /// <summary>Each way in that was released still opens the door; an open door stays open.</summary>
    static IEnumerable<string> OfAccess(JsonArray old, JsonArray today, string at)
    {
        var ways = today.Select(way => way!.ToJsonString()).ToList();
        if (ways.Count == 0)
            yield break;
        if (old.Count == 0)
            yield return $"{at}: was open to all and is not.";
        foreach (var way in old.Select(way => way!.ToJsonString()).Except(ways, StringComparer.Ordinal))
            yield return $"{at}: no longer opens to {way}.";
    }

    static Dictionary<string, JsonNode> Parameters(JsonNode operation) =>
        (operation["parameters"] as JsonArray ?? []).ToDictionary(
            parameter => $"{parameter!["in"]} {parameter["name"]}",
            parameter => parameter!,
            StringComparer.Ordinal
        );

    static bool IsRequired(JsonNode node) => (bool?)node["required"] == true;

    static IEnumerable<(string Key, JsonNode Value)> Members(JsonNode? node) =>
        (node as JsonObject ?? []).Where(pair => pair.Value is not null).Select(pair => (pair.Key, pair.Value!));
}
