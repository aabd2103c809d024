using System.Reflection;
using System.Text.Json;
using Kontor.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Kontor.Platform.Http;

/// <summary>What every success looks like.</summary>
public sealed record Envelope<T>(T Data, Meta Meta);

/// <summary>What is said about an answer.</summary>
/// <param name="Timestamp">When it was made, UTC.</param>
/// <param name="Position">The journal position that a write reached; send it back to read your own write.</param>
/// <param name="Next">The cursor of the next page (<c>after</c>); absent on the last.</param>
/// <param name="Stale">True: it may be older than the position that was asked for, or the database is away and it may be
/// older than what stands; absent otherwise.</param>
public sealed record Meta(DateTimeOffset Timestamp, string? Position = null, string? Next = null, bool? Stale = null);

/// <summary>What a handler answers: data for the envelope, or the rejection that stands in its place.</summary>
public sealed class Reply<T> : IResult, IEndpointMetadataProvider
{
    readonly T? data;
    RecordedAnswer? recorded;
    IResult? instead;

    Reply(T? data, Rejection? rejection)
    {
        this.data = data;
        Rejection = rejection;
    }

    public Rejection? Rejection { get; }

    /// <summary>What it holds, for those who write many at once; nothing where it is a refusal or a repeat.</summary>
    public T? Data => data;

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The resource's version; becomes a strong <c>ETag</c>.</summary>
    public long? Version { get; init; }

    /// <summary>What else of the body can change without a new version (availability); joins the <c>ETag</c> behind a
    /// dot, and <c>If-Match</c> overlooks it.</summary>
    public string? Shown { get; init; }

    public string? Location { get; init; }

    public string? Next { get; init; }

    public string? Position { get; set; }

    /// <summary>It may be older than what was asked for; becomes <c>meta.stale</c>.</summary>
    public bool IsStale { get; init; }

    bool IsReplayed { get; init; }

    public static implicit operator Reply<T>(T data) => new(data, null);

    public static implicit operator Reply<T>(Rejection rejection) => new(default, rejection);

    public static implicit operator Reply<T>(Result<T> result) =>
        result.Is(out var data, out var rejection) ? new(data, null) : new(default, rejection);

    public static Reply<T> Of(
        T data,
        int status = StatusCodes.Status200OK,
        long? version = null,
        string? location = null,
        string? next = null,
        bool isStale = false
    ) =>
        new(data, null)
        {
            IsStale = isStale,
            Status = status,
            Version = version,
            Location = location,
            Next = next,
        };

    public Reply<T> With(string shown, string? position = null) =>
        new(data, Rejection)
        {
            Status = Status,
            Version = Version,
            Shown = shown,
            Location = Location,
            Next = Next,
            Position = position ?? Position,
        };

    public static Reply<T> Replay(RecordedAnswer answer) => new(default, null) { recorded = answer, IsReplayed = true };

    /// <summary>An answer, or a refusal, that was recorded by whoever gives it first.</summary>
    public static Reply<T> Recorded(RecordedAnswer answer) => new(default, null) { recorded = answer };

    /// <summary>What something else answers, such as a cache.</summary>
    public static Reply<T> From(IResult answer) => new(default, null) { instead = answer };

    /// <summary>The bytes and headers of this answer, made once; only for a success.</summary>
    public RecordedAnswer Record(TimeProvider clock) => recorded ??= Make(clock);

    RecordedAnswer Make(TimeProvider clock)
    {
        var envelope = new Envelope<T>(data!, new Meta(clock.GetUtcNow(), Position, Next, IsStale ? true : null));
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Tag is { } tag)
            headers[HeaderNames.ETag] = tag;
        if (Location is not null)
            headers[HeaderNames.Location] = Location;
        if (Position is not null)
            headers[KontorHeaders.Position] = Position;
        return new(Status, headers, JsonSerializer.SerializeToUtf8Bytes(envelope, KontorJson.Options));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (instead is not null)
            return instead.ExecuteAsync(httpContext);
        if (Rejection is not null)
            return Problems.Write(httpContext, Rejection);
        if (Tag is { } tag && NotModified(httpContext.Request, tag))
        {
            httpContext.Response.Headers.ETag = tag;
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return Record(httpContext.Clock).Write(httpContext, IsReplayed);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(
                StatusCodes.Status200OK,
                typeof(Envelope<T>),
                [System.Net.Mime.MediaTypeNames.Application.Json]
            )
        );

    string? Tag =>
        (Version, Shown) switch
        {
            (null, _) => null,
            ({ } version, null) => $"\"{version}\"",
            ({ } version, { } shown) => $"\"{version}.{shown}\"",
        };

    static bool NotModified(HttpRequest request, string tag) =>
        HttpMethods.IsGet(request.Method)
        && request
            .GetTypedHeaders()
            .IfNoneMatch.Any(known => known.Tag == "*" || known.Tag.Equals(tag, StringComparison.Ordinal));
}

/// <summary>An answer as bytes, so that a repeat under the same key gets the very same.</summary>
public sealed record RecordedAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public async Task Write(HttpContext http, bool replayed)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json; charset=utf-8";
        foreach (var (name, value) in Headers)
            http.Response.Headers[name] = value;
        if (replayed)
            http.Response.Headers[KontorHeaders.Replayed] = "true";
        http.Response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}

public static class KontorHeaders
{
    public const string Position = "Kontor-Position";
    public const string CartToken = "Kontor-Cart-Token";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Replayed = "Idempotent-Replayed";
}
