using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>Looks whether an answer is of all products before anything is read from it.</summary>
static class Answers
{
    public static JsonNode Whole(Reply reply)
    {
        if (
            reply.Body is not JsonObject body
            || body["_shards"] is not JsonObject shards
            || body["hits"]?["hits"] is not JsonArray
        )
            throw new SearchEngineException("OpenSearch did not answer the search.", mayPass: true);
        if ((bool?)body["timed_out"] != false)
            throw new SearchEngineException("OpenSearch did not finish the search in time.", mayPass: true);
        if ((int?)shards["failed"] != 0)
            throw new SearchEngineException(
                $"OpenSearch answered for a part of its shards only: {shards["failed"]} of {shards["total"]} failed"
                    + $" ({shards["failures"]?[0]?["reason"]?["reason"] ?? "no reason"}).",
                mayPass: true
            );
        return body;
    }

    public static int Total(JsonNode body) => (int)Math.Min(int.MaxValue, (long)body["hits"]!["total"]!["value"]!); // Asked for.
}
