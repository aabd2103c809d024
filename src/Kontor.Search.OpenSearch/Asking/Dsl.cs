using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>The words of OpenSearch's query language that this adapter uses.</summary>
static class Dsl
{
    public static JsonObject Nothing => new() { ["match_none"] = new JsonObject() };

    public static JsonObject Everything => new() { ["match_all"] = new JsonObject() };

    public static JsonObject Term(string field, string value) =>
        new() { ["term"] = new JsonObject { [field] = value } };

    public static JsonObject Terms(string field, IEnumerable<string> values) =>
        new() { ["terms"] = new JsonObject { [field] = Written.Strings(values) } };

    public static JsonObject Ids(IEnumerable<Guid> ids) =>
        new() { ["ids"] = new JsonObject { ["values"] = Written.Strings(ids.Select(id => id.ToString())) } };

    public static JsonObject Nested(string path, JsonObject query) =>
        new()
        {
            ["nested"] = new JsonObject { ["path"] = path, ["query"] = query },
        };

    public static JsonObject Constant(JsonObject filter, double boost) =>
        new()
        {
            ["constant_score"] = new JsonObject { ["filter"] = filter, ["boost"] = boost },
        };

    /// <summary>All of these, and no score.</summary>
    public static JsonObject All(IReadOnlyList<JsonObject> queries) =>
        queries switch
        {
            [] => Everything,
            [var only] => only,
            _ => new() { ["bool"] = new JsonObject { ["filter"] = Array(queries) } },
        };

    public static JsonObject Any(IReadOnlyList<JsonObject> queries) =>
        queries switch
        {
            [] => Nothing,
            [var only] => only,
            _ => new()
            {
                ["bool"] = new JsonObject { ["should"] = Array(queries), ["minimum_should_match"] = 1 },
            },
        };

    public static JsonObject Not(JsonObject query) =>
        new() { ["bool"] = new JsonObject { ["must_not"] = Array([query]) } };

    /// <summary>What has the best score of several.</summary>
    public static JsonObject Best(IReadOnlyList<JsonObject> queries) =>
        queries is [var only] ? only : new() { ["dis_max"] = new JsonObject { ["queries"] = Array(queries) } };

    public static JsonArray Array(IEnumerable<JsonNode> nodes) => [.. nodes];
}
