using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>Indices, aliases and the documented requests on them.</summary>
sealed class Cluster
{
    readonly Dictionary<string, Index> indices = new(StringComparer.Ordinal);
    readonly Lock gate = new();

    /// <summary>Faults of one item of a bulk: asked once for each, null where it goes well.</summary>
    public Func<string, (int Status, string Type)?> ItemFault { get; set; } = _ => null;

    public IReadOnlyCollection<string> Names
    {
        get
        {
            lock (gate)
                return [.. indices.Keys];
        }
    }

    public Index Behind(string alias)
    {
        lock (gate)
            return indices.Values.Single(index => index.Aliases.Contains(alias));
    }

    /// <returns>Status and body.</returns>
    public (int Status, JsonNode Body) Answer(
        string method,
        string path,
        Dictionary<string, string> parameters,
        byte[] body
    )
    {
        lock (gate)
            return path.Trim('/').Split('/') switch
            {
                [var name] when method == "PUT" => Create(name, Only(parameters), Json(body)),
                [var name] when method == "DELETE" => Delete(name, Only(parameters)),
                ["_aliases"] when method == "POST" => Alias(Only(parameters), Json(body)),
                [var names, "_alias"] when method == "GET" => Aliases(names, Only(parameters)),
                [var name, "_settings"] when method == "PUT" => Settings(Find(name), Only(parameters), Json(body)),
                [var name, "_refresh"] when method == "POST" => Refresh(Find(name), Only(parameters)),
                [var name, "_bulk"] when method == "POST" => Bulk(name, Only(parameters, "require_alias"), body),
                [var name, "_mget"] when method == "POST" => Several(Find(name), Only(parameters), Json(body)),
                [var name, "_doc", var id] when method == "GET" => One(Find(name), id, Only(parameters)),
                [var name, "_search"] when method == "POST" => Search(
                    Find(name),
                    Only(parameters, "allow_partial_search_results", "preference"),
                    Json(body)
                ),
                _ => throw new NotInTheContractException($"no handler found for uri [{path}] and method [{method}]"),
            };
    }

    static JsonElement Json(byte[] body) => JsonDocument.Parse(body).RootElement;

    static Dictionary<string, string> Only(Dictionary<string, string> parameters, params string[] known) =>
        parameters.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new NotInTheContractException(
                $"contains unrecognized parameter: [{unknown}]",
                "illegal_argument_exception"
            )
            : parameters;

    /// <summary>By its name or an alias of one index only.</summary>
    Index Find(string name) =>
        indices.GetValueOrDefault(name)
        ?? indices.Values.Where(index => index.Aliases.Contains(name)).ToList() switch
        {
            [var only] => only,
            [] => throw new NotInTheContractException($"no such index [{name}]", "index_not_found_exception", 404),
            _ => throw new NotInTheContractException(
                $"alias [{name}] has more than one index",
                "illegal_argument_exception"
            ),
        };

    static JsonObject Acknowledged => new() { ["acknowledged"] = true };

    (int, JsonNode) Create(string name, Dictionary<string, string> _, JsonElement body)
    {
        if (!Regex.IsMatch(name, "^[a-z0-9][a-z0-9._-]{0,254}$", RegexOptions.None, Analyser.Patience))
            throw new NotInTheContractException($"Invalid index name [{name}]", "invalid_index_name_exception");
        if (indices.ContainsKey(name))
            throw new NotInTheContractException($"index [{name}] already exists", "resource_already_exists_exception");
        indices[name] = new(name, new(body));
        return (200, Acknowledged);
    }

    (int, JsonNode) Delete(string name, Dictionary<string, string> _) =>
        indices.Remove(name)
            ? (200, Acknowledged)
            : throw new NotInTheContractException($"no such index [{name}]", "index_not_found_exception", 404);

    /// <summary>All of the actions or none.</summary>
    (int, JsonNode) Alias(Dictionary<string, string> _, JsonElement body)
    {
        var members = new Members(body, "_aliases");
        var actions = members
            .Need("actions")
            .EnumerateArray()
            .Select(one =>
            {
                var (what, of) = new Members(one, "action").Only();
                var action = new Members(of, what);
                var read = (
                    What: what,
                    Index: indices.GetValueOrDefault(action.Text("index")),
                    Alias: action.Text("alias")
                );
                action.Done();
                return read;
            })
            .ToList();
        members.Done();
        foreach (var (what, index, alias) in actions)
            if (
                index is null
                || what is not ("add" or "remove")
                || (what == "remove" && !index.Aliases.Contains(alias))
            )
                throw new NotInTheContractException($"aliases [{alias}] missing", "aliases_not_found_exception", 404);
        foreach (var (what, index, alias) in actions)
            if (what == "add")
                index!.Aliases.Add(alias);
            else
                index!.Aliases.Remove(alias);
        return (200, Acknowledged);
    }

    (int, JsonNode) Aliases(string names, Dictionary<string, string> _)
    {
        var pattern = new Regex(
            "^" + Regex.Escape(names).Replace("\\*", ".*") + "$",
            RegexOptions.None,
            Analyser.Patience
        );
        return (
            200,
            new JsonObject(
                indices
                    .Values.Where(index => pattern.IsMatch(index.Name))
                    .Select(index =>
                        KeyValuePair.Create(
                            index.Name,
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["aliases"] = new JsonObject(
                                        index.Aliases.Select(alias =>
                                            KeyValuePair.Create(alias, (JsonNode?)new JsonObject())
                                        )
                                    ),
                                }
                        )
                    )
            )
        );
    }

    static (int, JsonNode) Settings(Index index, Dictionary<string, string> _, JsonElement body)
    {
        var members = new Members(body, "settings");
        var its = new Members(members.Need("index"), "index");
        var every = its.Need("refresh_interval");
        index.RefreshInterval = every.ValueKind == JsonValueKind.Null ? null : every.GetString();
        its.Done();
        members.Done();
        return (200, Acknowledged);
    }

    static (int, JsonNode) Refresh(Index index, Dictionary<string, string> _)
    {
        index.Refresh();
        return (
            200,
            new JsonObject
            {
                ["_shards"] = new JsonObject
                {
                    ["total"] = 1,
                    ["successful"] = 1,
                    ["failed"] = 0,
                },
            }
        );
    }

    (int, JsonNode) Bulk(string name, Dictionary<string, string> parameters, byte[] body)
    {
        if (body.Length == 0 || body[^1] != (byte)'\n')
            throw new NotInTheContractException("The bulk request must be terminated by a newline [\\n]");
        var lines = System.Text.Encoding.UTF8.GetString(body).Split('\n')[..^1];
        var isAlias = indices.Values.Any(index => index.Aliases.Contains(name));
        if (!isAlias && parameters.GetValueOrDefault("require_alias") != "true")
            // The engine would make an index of its own here; no adapter is to let it.
            throw new NotInTheContractException($"A write would make the index [{name}].");
        var items = new JsonArray();
        foreach (var pair in lines.Chunk(2))
        {
            var (action, source) = (JsonDocument.Parse(pair[0]).RootElement, JsonDocument.Parse(pair[1]).RootElement);
            var id = action.GetProperty("index").GetProperty("_id").GetString()!;
            items.Add(
                !isAlias
                    ? Index.Item(
                        name,
                        id,
                        404,
                        Error(
                            "index_not_found_exception",
                            $"no such index [{name}] and [require_alias] request flag is [true] and [{name}] is not an alias"
                        )
                    )
                : ItemFault(id) is { } fault ? Index.Item(name, id, fault.Status, Error(fault.Type, "planted"))
                : Find(name).Write(action, source)
            );
        }
        var errors = items.Any(item => (int)item!["index"]!["status"]! >= 300);
        return (
            200,
            new JsonObject
            {
                ["took"] = 1,
                ["errors"] = errors,
                ["items"] = items,
            }
        );
    }

    static JsonObject Error(string type, string reason) => new() { ["type"] = type, ["reason"] = reason };

    static (int, JsonNode) Several(Index index, Dictionary<string, string> _, JsonElement body)
    {
        var members = new Members(body, "_mget");
        var ids = Members.Texts(members.Need("ids"), "ids");
        members.Done();
        return (200, new JsonObject { ["docs"] = new JsonArray([.. ids.Select(index.Get)]) });
    }

    static (int, JsonNode) One(Index index, string id, Dictionary<string, string> _)
    {
        var one = index.Get(id);
        return ((bool)one["found"]! ? 200 : 404, one);
    }

    static (int, JsonNode) Search(Index index, Dictionary<string, string> parameters, JsonElement body)
    {
        if (parameters.GetValueOrDefault("preference") is { } preference && preference.StartsWith('_'))
            throw new NotInTheContractException("A preference of one's own does not begin with _.");
        return (200, index.Search(body));
    }
}
