using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>Reads the body of a search and answers it.</summary>
static class Searches
{
    public static JsonObject Run(JsonElement body, Mapping mapping, IReadOnlyCollection<Doc> docs, string index)
    {
        var members = new Members(body, "search");
        var queries = new Queries(mapping);
        var query = queries.Read(members.Need("query"), "");
        var after = members.Take("post_filter") is { } filter ? queries.Read(filter, "") : _ => 1;
        var sort = members.Take("sort") is { } keys ? new Sorts(mapping, queries).Read(keys) : [];
        var from = members.Take("search_after") is { } last ? After(last, sort) : null;
        var size = members.Whole("size", 0, 10_000) ?? 10;
        var aggregations = new Aggregations(mapping, queries).Read(members.Take("aggs"), "");
        members.Truth("_source");
        var counts = members.Truth("track_total_hits");
        members.Text("timeout");
        members.Done();

        var matched = docs.Select(doc => (Doc: doc, Score: query(doc))).Where(one => one.Score is not null).ToList();
        var hits = matched
            .Where(one => after(one.Doc) is not null)
            .Select(one => (one.Doc, Values: sort.Select(key => key.Of(one.Doc, one.Score!.Value)).ToList()))
            .ToList();
        hits.Sort((one, other) => Compare(sort, one.Values, other.Values));
        var page = hits.Where(hit => from is null || Compare(sort, hit.Values, from) > 0).Take(size);
        var answer = new JsonObject
        {
            ["took"] = 1,
            ["timed_out"] = false,
            ["_shards"] = new JsonObject
            {
                ["total"] = 1,
                ["successful"] = 1,
                ["skipped"] = 0,
                ["failed"] = 0,
            },
            ["hits"] = new JsonObject
            {
                ["max_score"] = null,
                ["hits"] = new JsonArray([
                    .. page.Select(hit => new JsonObject
                    {
                        ["_index"] = index,
                        ["_id"] = hit.Doc.Id,
                        ["_score"] = null,
                        ["sort"] = new JsonArray([.. hit.Values.Zip(sort, (value, key) => key.Write(value))]),
                    }),
                ]),
            },
        };
        if (counts != false)
            answer["hits"]!["total"] = new JsonObject { ["value"] = hits.Count, ["relation"] = "eq" };
        if (aggregations.Count > 0)
        {
            var all = new JsonObject();
            foreach (var (name, aggregation) in aggregations)
                all[name] = aggregation([.. matched.Select(one => one.Doc)]);
            answer["aggregations"] = all;
        }
        return answer;
    }

    static List<object> After(JsonElement values, IReadOnlyList<SortKey> sort) =>
        values.GetArrayLength() == sort.Count
            ? [.. values.EnumerateArray().Zip(sort, (value, key) => key.Read(value))]
            : throw new NotInTheContractException(
                $"search_after has {values.GetArrayLength()} value(s) but sort has {sort.Count}."
            );

    static int Compare(IReadOnlyList<SortKey> sort, List<object> one, List<object> other)
    {
        for (var i = 0; i < sort.Count; i++)
            if (sort[i].Compare(one[i], other[i]) is var order && order != 0)
                return order;
        return 0;
    }
}
