using System.Text;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>A document to be written at a position.</summary>
sealed record BulkItem(string Id, long Version, JsonObject Document)
{
    /// <summary>Two lines. A document of the same or an older position is replaced, a newer one never.</summary>
    public byte[] Lines { get; } =
        Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["index"] = new JsonObject
                {
                    ["_id"] = Id,
                    ["version"] = Version,
                    ["version_type"] = "external_gte",
                },
            }.ToJsonString()
                + "\n"
                + Document.ToJsonString()
                + "\n"
        );
}

/// <summary>Writes many documents, and looks at what became of each.</summary>
sealed class Bulk(Exchange exchange, OpenSearchOptions options, string target)
{
    const int MostItems = 1_000;

    const int MostTold = 5;

    /// <summary>All items are written or are there newer when it returns.</summary>
    /// <exception cref="SearchEngineException">Some are not; all others are.</exception>
    public async Task Write(IReadOnlyList<BulkItem> items, CancellationToken stop)
    {
        var refused = new List<string>();
        foreach (var chunk in Chunks(items))
            await WriteChunk(chunk, refused, stop);
        if (refused.Count > 0)
            throw new SearchEngineException(
                $"OpenSearch refused {refused.Count} of {items.Count} products: {string.Join("; ", refused.Take(MostTold))}",
                mayPass: false
            );
    }

    async Task WriteChunk(IReadOnlyList<BulkItem> chunk, List<string> refused, CancellationToken stop)
    {
        var left = chunk;
        for (var attempt = 1; left.Count > 0; attempt++)
        {
            if (attempt > options.Attempts)
                throw new SearchEngineException(
                    $"OpenSearch is too busy for {left.Count} of {chunk.Count} products.",
                    mayPass: true
                );
            if (attempt > 1)
                await exchange.Wait(attempt - 1, null, stop);
            left = await Send(left, refused, stop);
        }
    }

    /// <returns>Those that are to be sent again.</returns>
    async Task<IReadOnlyList<BulkItem>> Send(
        IReadOnlyList<BulkItem> items,
        List<string> refused,
        CancellationToken stop
    )
    {
        var body = new byte[items.Sum(item => item.Lines.Length)];
        var at = 0;
        foreach (var item in items)
        {
            item.Lines.CopyTo(body, at);
            at += item.Lines.Length;
        }
        var reply = await exchange.SendBytes(
            HttpMethod.Post,
            $"{target}/_bulk?require_alias=true",
            body,
            Exchange.Lines,
            stop
        );
        if (!reply.IsFine)
            throw Exchange.Refused(reply);
        // Answers stand in the order of what was sent; anything else is no answer.
        if (reply.Body?["items"] is not JsonArray answers || answers.Count != items.Count)
            throw new SearchEngineException("OpenSearch did not say what became of each product.", mayPass: true);
        var again = new List<BulkItem>();
        for (var i = 0; i < items.Count; i++)
            switch ((int?)answers[i]?["index"]?["status"])
            {
                case >= 200 and < 300:
                // It is there at a later position: this write came late.
                case 409:
                    break;
                case 429 or 502 or 503 or 504:
                    again.Add(items[i]);
                    break;
                default:
                    refused.Add($"{items[i].Id}: {answers[i]?["index"]?["error"]?["reason"] ?? "no reason"}");
                    break;
            }
        return again;
    }

    IEnumerable<IReadOnlyList<BulkItem>> Chunks(IReadOnlyList<BulkItem> items)
    {
        var (chunk, bytes) = (new List<BulkItem>(), 0L);
        foreach (var item in items)
        {
            if (chunk.Count == MostItems || (chunk.Count > 0 && bytes + item.Lines.Length > options.BulkBytes))
            {
                yield return chunk;
                (chunk, bytes) = ([], 0);
            }
            chunk.Add(item);
            bytes += item.Lines.Length;
        }
        if (chunk.Count > 0)
            yield return chunk;
    }
}
