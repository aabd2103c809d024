using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>An index: what was written, and what of it is seen since it was refreshed.</summary>
sealed class Index(string name, Mapping mapping)
{
    sealed record Kept(long Version, JsonElement Source, Doc Doc);

    readonly Dictionary<string, Kept> written = new(StringComparer.Ordinal);
    IReadOnlyCollection<Doc> seen = [];

    public string Name => name;

    public HashSet<string> Aliases { get; } = [.. mapping.Aliases];

    public string? RefreshInterval { get; set; } = mapping.RefreshInterval;

    public int Count => written.Count;

    public void Refresh() => seen = [.. written.Values.Select(kept => kept.Doc)];

    public JsonObject Search(JsonElement body) => Searches.Run(body, mapping, seen, name);

    /// <returns>What a bulk says of an item.</returns>
    public JsonObject Write(JsonElement action, JsonElement source)
    {
        var (what, body) = new Members(action, "bulk").Only();
        if (what != "index")
            throw new NotInTheContractException($"This interpreter knows no bulk action [{what}].");
        var members = new Members(body, what);
        var id = members.Text("_id");
        var version = members.Need("version").GetInt64();
        members.Word("version_type", "external_gte");
        members.Done();
        if (version < 0)
            throw new NotInTheContractException($"illegal version value [{version}] for version type [EXTERNAL_GTE]");
        if (written.TryGetValue(id, out var there) && there.Version > version)
            return Item(
                name,
                id,
                409,
                new()
                {
                    ["type"] = "version_conflict_engine_exception",
                    ["reason"] =
                        $"[{id}]: version conflict, current version [{there.Version}] is higher than the one provided [{version}]",
                }
            );
        try
        {
            written[id] = new(version, source.Clone(), Doc.Read(id, source, mapping));
        }
        catch (NotInTheContractException refused)
        {
            return Item(name, id, 400, new() { ["type"] = refused.Type, ["reason"] = refused.Message });
        }
        return Item(name, id, there is null ? 201 : 200, null);
    }

    public static JsonObject Item(string name, string id, int status, JsonObject? error)
    {
        var item = new JsonObject
        {
            ["_index"] = name,
            ["_id"] = id,
            ["status"] = status,
        };
        if (error is not null)
            item["error"] = error;
        return new() { ["index"] = item };
    }

    /// <summary>As it was last written, refreshed or not.</summary>
    public JsonObject Get(string id)
    {
        var answer = new JsonObject
        {
            ["_index"] = name,
            ["_id"] = id,
            ["found"] = written.ContainsKey(id),
        };
        if (written.TryGetValue(id, out var kept))
        {
            answer["_version"] = kept.Version;
            answer["_source"] = JsonNode.Parse(kept.Source.GetRawText());
        }
        return answer;
    }
}
