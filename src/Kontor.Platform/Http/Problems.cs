using System.Text.Json;
using Kontor.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kontor.Platform.Http;

/// <summary>A refusal as RFC 9457 problem details.</summary>
/// <param name="Type">A URN made of the code.</param>
/// <param name="Title">What the code means, the same each time.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable, upper-case.</param>
/// <param name="TraceId">Names this request in the logs and traces.</param>
/// <param name="Detail">What is particular to this occurrence.</param>
/// <param name="Errors">Reasons by JSON path of the request.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Code,
    string TraceId,
    string? Detail = null,
    IReadOnlyDictionary<string, string[]>? Errors = null
);

public static class Problems
{
    public const string MediaType = "application/problem+json";

    public static async Task Write(HttpContext http, Rejection rejection)
    {
        if (http.Response.HasStarted)
            return;
        await Record(rejection, http.TraceId).Write(http, replayed: false);
    }

    /// <summary>The bytes and headers of a refusal, so that it can be kept under a key as an answer is.</summary>
    public static RecordedAnswer Record(Rejection rejection, string traceId)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HeaderNames.ContentType] = MediaType,
            [HeaderNames.CacheControl] = "no-store",
        };
        if (rejection.RetryAfterSeconds is { } seconds)
            headers[HeaderNames.RetryAfter] = seconds.ToString();
        return new(
            rejection.Status,
            headers,
            JsonSerializer.SerializeToUtf8Bytes(Of(rejection, traceId), KontorJson.Options)
        );
    }

    static Problem Of(Rejection rejection, string traceId) =>
        new(
            $"urn:kontor:problem:{rejection.Code}",
            rejection.Message,
            rejection.Status,
            rejection.Code,
            traceId,
            rejection.Detail,
            rejection.Errors
        );

    /// <summary>The refusal that stands for JSON that cannot be read, with the place where that shows.</summary>
    public static Rejection OfMalformed(JsonException json)
    {
        var path = json.Path is { Length: > 1 } known ? known.TrimStart('$').TrimStart('.') : "";
        var reason = Plain(json.Message);
        return path.Length == 0
            ? Refusals.MalformedBody.Because(reason)
            : Refusals.MalformedBody.Because(reason).At(path, reason);
    }

    /// <summary>The reader's message without our type names and its own path suffix.</summary>
    internal static string Plain(string message)
    {
        var cut = message.IndexOf(" Path: ", StringComparison.Ordinal);
        var text = cut < 0 ? message : message[..cut];
        return text.Contains("Kontor.", StringComparison.Ordinal) || text.Contains("System.", StringComparison.Ordinal)
            ? "The value does not have the expected shape, or a member is unknown or missing."
            : text;
    }

    /// <summary>The refusal that stands for a bare status code of the framework.</summary>
    public static Rejection OfStatus(int status) =>
        status switch
        {
            401 => Refusals.Unauthenticated,
            403 => Refusals.Forbidden,
            404 => Refusals.RouteNotFound,
            405 => Refusals.MethodNotAllowed,
            406 => Refusals.NotAcceptable,
            408 => Refusals.RequestTimeout,
            413 => Refusals.BodyTooLarge,
            414 => Refusals.UriTooLong,
            415 => Refusals.UnsupportedMediaType,
            429 => Refusals.TooManyRequests,
            431 => Refusals.HeadersTooLarge,
            >= 500 => Refusals.InternalError,
            _ => Refusals.BadRequest with { Status = status },
        };
}
