using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kontor.Platform.Caching;

/// <summary>An endpoint whose answers are kept by their address: they depend on nothing else of the request.</summary>
public sealed record ReadThrough(BodyCache Cache, string Topic);

/// <summary>Reads through a cache.</summary>
public static class ReadsThrough
{
    /// <summary>Answers from the cache before anything of the endpoint runs. Only for an endpoint that is open to all: what it
    /// answers is for whoever has the address.</summary>
    public static TBuilder ReadsThroughCache<TBuilder>(this TBuilder endpoint, BodyCache cache)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ReadThrough(cache, cache.Reach.Topic)).Also();

    static TBuilder Also<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Finally(built =>
        {
            if (built.Metadata.OfType<AccessRule>().Any(rule => rule.Kind != AccessKind.OpenToAll))
                throw new InvalidOperationException($"{built.DisplayName} is not open to all, and must not be kept.");
        });
        return endpoint;
    }

    /// <summary>What an endpoint answers that reads through its cache, at the address of this request.</summary>
    public static async Task<IResult> Read(
        this BodyCache cache,
        HttpContext http,
        LoadBodies load,
        CancellationToken stop
    )
    {
        if (!http.AtLeast(cache.Reach.Topic).Is(out var atLeast, out var rejection))
            return new Refusal(rejection);
        var found = await cache.Get(BodyKey.Of(http.Request), atLeast, load, stop);
        return found.Entry is null
            ? found.Otherwise ?? throw new InvalidOperationException("A load found neither a body nor a reason.")
            : new KeptAnswer(found);
    }
}

/// <summary>Stands before the endpoints: what is kept is written from here, in one piece.</summary>
sealed class HitsFirst(RequestDelegate next)
{
    public Task Invoke(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ReadThrough>() is not { } through)
            return next(http);
        Journal.Position? atLeast = null;
        if (http.Request.Headers.ContainsKey(KontorHeaders.Position))
        {
            if (!http.AtLeast(through.Topic).Is(out atLeast, out _))
                return next(http);
        }
        return through.Cache.TryHit(BodyKey.Of(http.Request), atLeast) is { } found
            ? KeptAnswer.Write(http, found)
            : next(http);
    }
}

/// <summary>A body that is kept, as an answer.</summary>
/// <remarks>A stale one has no validator, is always sent whole and is not to be stored: a 304 would say that it is current.</remarks>
sealed class KeptAnswer(Found found) : IResult
{
    static readonly StringValues Json = "application/json; charset=utf-8";

    /// <summary>Browsers and proxies may keep it, and ask each time whether it still stands.</summary>
    static readonly StringValues AskEachTime = "no-cache";
    static readonly StringValues NotStored = "no-store";

    public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, found);

    public static Task Write(HttpContext http, Found found)
    {
        var (response, body) = (http.Response, found.Entry!.Body);
        var headers = response.Headers;
        headers.CacheControl = found.IsStale ? NotStored : AskEachTime;
        if (body.Languages is not null)
            headers.ContentLanguage = body.Languages;
        if (!found.IsStale && body.ETag is { } tag)
        {
            headers.ETag = tag;
            if (http.Request.Headers.IfNoneMatch is { Count: > 0 } known && Knows(known, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }
        var bytes = found.IsStale ? found.Entry.Stale : body.Bytes;
        headers.ContentType = Json;
        headers.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    static bool Knows(StringValues known, string tag) =>
        (known.Count == 1 && known[0] == tag)
        || (
            EntityTagHeaderValue.TryParseList([.. known.OfType<string>()], out var tags)
            && tags.Any(one => one.Tag == "*" || one.Tag.Equals(tag, StringComparison.Ordinal))
        );
}
