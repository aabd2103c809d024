using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>An alias and what is asked of the index behind it.</summary>
/// <param name="alias">Writes name it and say that it must be one: an index made by a write would have no mapping.</param>
sealed class Target(Exchange exchange, OpenSearchOptions options, string alias)
{
    readonly Bulk bulk = new(exchange, options, alias);

    public string Alias => alias;

    public Task Write(IReadOnlyList<BulkItem> items, CancellationToken stop) => bulk.Write(items, stop);

    public async Task Refresh(CancellationToken stop)
    {
        var reply = await exchange.Send(HttpMethod.Post, $"{alias}/_refresh", null, stop);
        if ((int?)reply.Body?["_shards"]?["failed"] != 0)
            throw new SearchEngineException("OpenSearch did not refresh each shard.", mayPass: true);
    }

    /// <summary>Written when all before it is seen, so that whoever reads it sees all of that.</summary>
    public async Task SetPosition(long position, CancellationToken stop)
    {
        await Refresh(stop);
        await Write([new(IndexShape.PositionId, position, new JsonObject { ["position"] = position })], stop);
    }

    /// <summary>0 where nothing is applied yet.</summary>
    public async Task<long> Position(CancellationToken stop)
    {
        var reply = await exchange.Send(
            HttpMethod.Get,
            $"{alias}/_doc/{IndexShape.PositionId}",
            null,
            stop,
            absent: true
        );
        if (reply.IsFine)
            return (long?)reply.Body?["_source"]?["position"]
                ?? throw new SearchEngineException("OpenSearch gave no position.", mayPass: false);
        return (bool?)reply.Body?["found"] == false ? 0 : throw Exchange.Refused(reply);
    }

    /// <summary>A word that stands beside the products; the one of the highest version stays.</summary>
    public Task Note(string name, string word, long version, CancellationToken stop) =>
        Write([new($"note-{name}", version, new JsonObject { ["note"] = word })], stop);

    public async Task<string?> Noted(string name, CancellationToken stop)
    {
        var reply = await exchange.Send(HttpMethod.Get, $"{alias}/_doc/note-{name}", null, stop, absent: true);
        return reply.IsFine ? (string?)reply.Body?["_source"]?["note"]
            : (bool?)reply.Body?["found"] == false ? null
            : throw Exchange.Refused(reply);
    }

    public async Task<JsonNode> Search(JsonObject body, string? preference, CancellationToken stop)
    {
        var path = $"{alias}/_search?allow_partial_search_results=false";
        if (preference is not null)
            path += $"&preference={preference}";
        return Answers.Whole(await exchange.Send(HttpMethod.Post, path, body, stop));
    }

    /// <summary>Documents as they were last written, seen or not, with their positions.</summary>
    public async Task<IReadOnlyDictionary<Guid, (long Version, JsonObject Document)>> Read(
        IReadOnlyList<Guid> ids,
        CancellationToken stop
    )
    {
        var found = new Dictionary<Guid, (long, JsonObject)>();
        foreach (var chunk in ids.Distinct().Chunk(100))
        {
            var asked = new JsonObject { ["ids"] = Written.Strings(chunk.Select(id => id.ToString())) };
            var reply = await exchange.Send(HttpMethod.Post, $"{alias}/_mget", asked, stop);
            if (reply.Body?["docs"] is not JsonArray documents || documents.Count != chunk.Length)
                throw new SearchEngineException("OpenSearch did not answer for each product.", mayPass: true);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (documents[i]?["error"] is { } error)
                    throw new SearchEngineException(
                        $"OpenSearch did not read a product: {error["reason"]}",
                        mayPass: true
                    );
                if (documents[i] is { } one && (bool?)one["found"] == true && one["_source"] is JsonObject document)
                    found[chunk[i]] = ((long)one["_version"]!, document); // A found document has one.
            }
        }
        return found;
    }
}
