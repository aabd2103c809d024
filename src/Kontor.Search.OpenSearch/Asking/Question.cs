using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>A query as the body of a search, and the answer read back.</summary>
sealed class Question
{
    readonly SearchQuery query;
    readonly OpenSearchOptions options;
    readonly RowConditions rows;
    readonly Sorting sorting;
    readonly Counting counting;

    public Question(SearchQuery query, OpenSearchOptions options)
    {
        (this.query, this.options) = (query, options);
        rows = new(query);
        sorting = new(query, rows);
        counting = new(query, rows, options.CountedValues);
    }

    public JsonObject Body(WordsAsked words)
    {
        var body = new JsonObject
        {
            ["size"] = query.Limit + 1,
            ["_source"] = false,
            ["track_total_hits"] = true,
            ["timeout"] = $"{options.TimeoutMs}ms",
            ["query"] = Query(words),
            ["sort"] = sorting.Keys(),
        };
        // What was selected narrows the hits and not what facets count from; each facet has its own conditions. Those of the
        // page stand here too: all must hold for one row.
        if (query.Filters.Count > 0)
            body["post_filter"] = Dsl.Nested(RowConditions.Rows, rows.HoldAll);
        if (query.Facets.Count > 0)
            body["aggs"] = counting.Aggregations();
        if (query.After is { } after)
            body["search_after"] = sorting.After(after);
        return body;
    }

    /// <summary>Pages of one question go to the same copies of the shards, where scores are the same.</summary>
    public string Preference =>
        "q"
        + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{query.Language}\n{query.Channel}\n{query.Text}")).AsSpan(0, 8)
        );

    public SearchAnswer Read(JsonNode body, long position)
    {
        var found = body["hits"]!["hits"]!.AsArray().OfType<JsonNode>().Select(sorting.Read).ToList(); // Looked at by Answers.
        var page = found.Take(query.Limit).ToList();
        return new(
            Answers.Total(body),
            [.. page.Select(one => one.Hit)],
            query.Facets.Count == 0 ? [] : counting.Read(body["aggregations"]),
            found.Count > query.Limit ? page[^1].Cursor : null,
            MatchedWords.Unknown,
            position
        );
    }

    JsonObject Query(WordsAsked words)
    {
        var filters = Shown(query.At, query.Channel).ToList();
        if (query.Within.Count > 0)
            filters.Add(Dsl.Nested(RowConditions.Rows, rows.Hold(query.Within)));
        var all = new JsonObject();
        if (query.Order.By is SearchSort.Relevance)
            all["must"] = Dsl.Array([Boosted(words.Find())]);
        else
            filters.Add(words.Find());
        all["filter"] = Dsl.Array(filters);
        if (query.Pins.Count > 0)
            all["should"] = Dsl.Array(sorting.Pins);
        return new() { ["bool"] = all };
    }

    /// <summary>What is shown at a moment, to whom looks in a channel. Nothing else has channels: not the position, not what was
    /// removed.</summary>
    public static IEnumerable<JsonObject> Shown(DateTimeOffset at, string? channel) =>
        [
            Dsl.Terms("channels", channel is null ? [SearchFields.EveryChannel] : [SearchFields.EveryChannel, channel]),
            new() { ["range"] = new JsonObject { ["from"] = new JsonObject { ["lte"] = at.UtcTicks } } },
            new() { ["range"] = new JsonObject { ["until"] = new JsonObject { ["gt"] = at.UtcTicks } } },
        ];

    JsonObject Boosted(JsonObject found) =>
        query.Boosts.Count == 0
            ? found
            : new()
            {
                ["function_score"] = new JsonObject
                {
                    ["query"] = found,
                    ["functions"] = Dsl.Array(
                        query.Boosts.Select(boost => new JsonObject
                        {
                            ["filter"] = Dsl.Nested(
                                RowConditions.Rows,
                                Dsl.All([
                                    rows.HoldAll,
                                    Dsl.Term(RowConditions.Words, Written.Token(boost.Field, boost.Value)),
                                ])
                            ),
                            ["weight"] = boost.Percent / 100.0,
                        })
                    ),
                    ["score_mode"] = "multiply",
                    ["boost_mode"] = "multiply",
                    // Boosts never lift a product into the heights of pins.
                    ["max_boost"] = 1_000,
                },
            };
}
