using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>What OpenSearch answered.</summary>
/// <param name="Body">Null where there was none.</param>
sealed record Reply(int Status, JsonNode? Body)
{
    public bool IsFine => Status is >= 200 and < 300;
}

/// <summary>Sends requests: each in its time, again where the cluster is busy or the connection broke, and no answer that is not
/// whole is taken for one.</summary>
sealed class Exchange(HttpClient http, OpenSearchOptions options, TimeProvider clock)
{
    const int MostWaitMs = 5_000;
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";

    readonly AuthenticationHeaderValue? authorization =
        options.Token is { } token ? new("Bearer", token)
        : options.User is { } user
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}")))
        : null;

    /// <param name="path">Below the address, with its query.</param>
    /// <param name="absent">404 is an answer too.</param>
    /// <exception cref="SearchEngineException">Any answer but a good one.</exception>
    public async Task<Reply> Send(
        HttpMethod method,
        string path,
        JsonNode? body,
        CancellationToken stop,
        bool absent = false
    )
    {
        var bytes = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString());
        var reply = await SendBytes(method, path, bytes, Json, stop);
        return reply.IsFine || (absent && reply.Status == 404) ? reply : throw Refused(reply);
    }

    public async Task<Reply> SendBytes(
        HttpMethod method,
        string path,
        byte[]? body,
        string type,
        CancellationToken stop
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var (reply, retryAfter, fault) = await Try(method, path, body, type, stop);
            var isBusy = reply is not null && MayPass(reply) && reply.Status != 500;
            if (reply is not null && !isBusy)
                return reply;
            if (attempt >= options.Attempts)
                throw fault ?? Refused(reply!); // One of them is there.
            await Wait(attempt, retryAfter, stop);
        }
    }

    /// <summary>Before the next attempt: twice as long each time, spread so that not all who were refused come back at once.</summary>
    public Task Wait(int attempt, TimeSpan? atLeast, CancellationToken stop)
    {
        var most = (int)Math.Min(MostWaitMs, options.BackoffMs * Math.Pow(2, attempt - 1));
        var spread = TimeSpan.FromMilliseconds((most / 2) + RandomNumberGenerator.GetInt32((most / 2) + 1));
        var longest = TimeSpan.FromMilliseconds(MostWaitMs);
        var wait = atLeast is { } asked && asked > spread ? asked : spread;
        return Task.Delay(wait > longest ? longest : wait, clock, stop);
    }

    async Task<(Reply? Reply, TimeSpan? RetryAfter, SearchEngineException? Fault)> Try(
        HttpMethod method,
        string path,
        byte[]? body,
        string type,
        CancellationToken stop
    )
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.TimeoutMs), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(options.Address, path));
            request.Headers.Authorization = authorization;
            if (body is not null)
            {
                // Bytes of a known length: OpenSearch asks that bodies are not sent in chunks.
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new(type);
            }
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            var text = await response.Content.ReadAsByteArrayAsync(either.Token);
            return (Read(status, text), response.Headers.RetryAfter?.Delta, null);
        }
        catch (OperationCanceledException cancelled) when (!stop.IsCancellationRequested)
        {
            return (null, null, Away($"no answer to {method} {path} in {options.TimeoutMs} ms", cancelled));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException)
        {
            return (null, null, Away($"{method} {path}: {broken.Message}", broken));
        }
    }

    /// <summary>Something before the cluster may answer in HTML: of a refusal that is no fault of its own.</summary>
    static Reply Read(int status, byte[] text)
    {
        if (text.Length == 0)
            return new(status, null);
        try
        {
            return new(status, JsonNode.Parse(text));
        }
        catch (JsonException) when (status >= 400)
        {
            return new(status, null);
        }
    }

    /// <summary>A question that asks for too much is answered like a cluster that is too busy, and stays too much.</summary>
    static bool MayPass(Reply reply) =>
        reply.Status is 429 or >= 500
        && reply.Body?["error"]?.ToJsonString().Contains("too_many_buckets_exception", StringComparison.Ordinal)
            != true;

    static SearchEngineException Away(string what, Exception why) => new($"OpenSearch: {what}.", mayPass: true, why);

    /// <summary>The first cause where there is one: the outermost is often only "all shards failed".</summary>
    public static SearchEngineException Refused(Reply reply)
    {
        var error = reply.Body is JsonObject body ? body["error"] : null;
        var cause = error is JsonObject all && all["root_cause"] is JsonArray { Count: > 0 } causes ? causes[0] : error;
        var (kind, reason) = cause switch
        {
            JsonObject one => ((string?)one["type"], (string?)one["reason"]),
            JsonValue words => (null, words.ToString()),
            _ => (null, null),
        };
        return new(
            $"OpenSearch answered {reply.Status}: {reason ?? kind ?? ((HttpStatusCode)reply.Status).ToString()}",
            mayPass: MayPass(reply)
        )
        {
            Kind = kind,
        };
    }
}
