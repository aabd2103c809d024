using System.Text.Json.Nodes;
using Kontor.Search.Querying;

namespace Kontor.Search.OpenSearch;

/// <summary>Completions: the words of shown products that begin so, by how many have them.</summary>
sealed class Completing
{
    const int MostTyped = 200;
    const int MostGiven = 100;
    const int MostCounted = 1_000;

    readonly SuggestQuery query;
    readonly Spaces spaces;
    readonly string typed;
    readonly string field;

    Completing(SuggestQuery query, Spaces spaces, string text, string last)
    {
        (this.query, this.spaces) = (query, spaces);
        typed = text[..^last.Length];
        Beginning = Spaces.Surface(last);
        field = $"completes.{spaces.Of(query.Language)}";
    }

    string Beginning { get; }

    /// <summary>Null where no word is begun.</summary>
    public static Completing? Of(SuggestQuery query, Spaces spaces)
    {
        var text = query.Text.Length > MostTyped ? query.Text[..MostTyped] : query.Text;
        return QueryText.Read(text) is [.., { IsBegun: true, IsNot: false } last]
            ? new(query, spaces, text, last.Words[0])
            : null;
    }

    public JsonObject Body(OpenSearchOptions options)
    {
        var earlier = new SearchQuery(query.At)
        {
            Text = typed,
            Language = query.Language,
            CompletesLastWord = false,
        };
        return new()
        {
            ["size"] = 0,
            ["track_total_hits"] = false,
            ["timeout"] = $"{options.TimeoutMs}ms",
            ["query"] = Dsl.All([
                .. Question.Shown(query.At, query.Channel),
                new() { ["prefix"] = new JsonObject { [field] = new JsonObject { ["value"] = Beginning } } },
                new WordsAsked(earlier, spaces, forgives: false).Words(),
            ]),
            ["aggs"] = new JsonObject
            {
                ["words"] = new JsonObject
                {
                    ["terms"] = new JsonObject
                    {
                        ["field"] = field,
                        ["include"] = Counting.Expression(Beginning) + ".*",
                        ["size"] = Math.Clamp(query.Limit, 1, MostGiven),
                        ["shard_size"] = MostCounted,
                        ["order"] = new JsonArray(
                            new JsonObject { ["_count"] = "desc" },
                            new JsonObject { ["_key"] = "asc" }
                        ),
                    },
                },
            },
        };
    }

    public IReadOnlyList<Completion> Read(JsonNode body) =>
        [
            .. body["aggregations"]!["words"]!["buckets"]! // Asked for.
                .AsArray()
                .OfType<JsonNode>()
                .Select(bucket => new Completion(
                    typed + (string)bucket["key"]!, // A keyword's.
                    Math.Min(MostCounted, (int)bucket["doc_count"]!)
                )),
        ];
}
