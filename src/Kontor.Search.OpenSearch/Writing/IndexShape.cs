using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>The mapping of the index.</summary>
/// <remarks>
/// A <c>row</c> is a variant with all that its product has, or the product itself where it has none: a nested document, so that
/// conditions hold for one and the same. Attributes have any names, so a row's words are one keyword field of <c>field␟value</c>
/// and its numbers and prices are nested pairs: the mapping does not grow with the catalogue, and nothing else is let in.
/// </remarks>
static class IndexShape
{
    public const string Written = "kontor_written";

    /// <summary>The document that says how far the journal is applied; products are named by GUIDs.</summary>
    public const string PositionId = "position";

    /// <summary>Raised when products are written in another form than the mapping tells.</summary>
    const int Form = 1;

    /// <summary>Eight letters that are others where an index of these options and this schema would be another.</summary>
    public static string NameOf(OpenSearchOptions options, Spaces spaces)
    {
        // Copies are added to an index that stands.
        var shape = Of(options with { Replicas = 0 }, spaces).ToJsonString();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Form} {shape}")).AsSpan(0, 4));
    }

    public static JsonObject Of(OpenSearchOptions options, Spaces spaces) =>
        new()
        {
            ["settings"] = new JsonObject
            {
                ["index"] = new JsonObject
                {
                    ["number_of_shards"] = options.Shards,
                    ["number_of_replicas"] = options.Replicas,
                    ["mapping"] = new JsonObject
                    {
                        ["nested_objects"] = new JsonObject { ["limit"] = 100_000 },
                        ["total_fields"] = new JsonObject { ["limit"] = Math.Max(1_000, FieldCount(spaces)) },
                    },
                },
                ["analysis"] = Analysis(options),
            },
            ["mappings"] = new JsonObject { ["dynamic"] = "strict", ["properties"] = Properties(spaces) },
        };

    /// <summary>Each text field in each language, and what is there once.</summary>
    static int FieldCount(Spaces spaces) => (spaces.All.Count() * (spaces.Fields.Count() + 2)) + 100;

    /// <summary>The shop's analysers, and ours for words as they are written.</summary>
    static JsonObject Analysis(OpenSearchOptions options)
    {
        var analysis = options.Analysis?.DeepClone().AsObject() ?? [];
        var analysers = analysis["analyzer"]?.AsObject() ?? [];
        if (analysers.Parent is null)
            analysis["analyzer"] = analysers;
        analysers[Written] = new JsonObject
        {
            ["type"] = "custom",
            ["tokenizer"] = "standard",
            ["filter"] = new JsonArray("lowercase", "asciifolding"),
        };
        return analysis;
    }

    static JsonObject Properties(Spaces spaces) =>
        new()
        {
            ["id"] = Type("keyword"),
            ["position"] = Type("long"),
            ["note"] = Type("keyword"),
            ["created"] = Type("long"),
            ["channels"] = Type("keyword"),
            ["from"] = Type("long"),
            ["until"] = Type("long"),
            ["codes"] = Keyword(),
            ["texts"] = Group(spaces.All.Select(space => (space, TextsOf(space, spaces)))),
            ["completes"] = Group(spaces.All.Select(space => (space, Keyword()))),
            ["sorts"] = Nested(new() { ["field"] = Keyword(), ["value"] = Keyword() }),
            ["rows"] = Nested(
                new()
                {
                    ["variant"] = Type("keyword"),
                    ["product"] = Type("keyword"),
                    ["one"] = Type("long"),
                    ["availability"] = Type("keyword"),
                    ["words"] = Keyword(),
                    ["numbers"] = Nested(new() { ["field"] = Keyword(), ["value"] = Type("double") }),
                    ["prices"] = Nested(
                        new()
                        {
                            ["book"] = Keyword(),
                            ["amount"] = Type("long"),
                            ["beside"] = Keyword(),
                        }
                    ),
                }
            ),
        };

    static JsonObject TextsOf(string space, Spaces spaces) =>
        Group(
            spaces.Fields.Select(field =>
                (
                    field,
                    new JsonObject
                    {
                        ["type"] = "text",
                        ["analyzer"] = spaces.AnalyserOf(space),
                        ["position_increment_gap"] = 100,
                    }
                )
            )
        );

    static JsonObject Type(string type) => new() { ["type"] = type };

    /// <summary>A term of Lucene has 32,766 bytes at most, which is four to a letter: what is longer is not found, and no
    /// document is refused for it.</summary>
    static JsonObject Keyword() => new() { ["type"] = "keyword", ["ignore_above"] = 8_000 };

    static JsonObject Group(IEnumerable<(string Name, JsonObject Of)> members) =>
        new()
        {
            ["properties"] = new JsonObject(members.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Of))),
        };

    static JsonObject Nested(JsonObject properties) => new() { ["type"] = "nested", ["properties"] = properties };
}
