using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Kontor.Shape.Endpoints;

/// <summary>What came back: enough to say what was wrong with it.</summary>
sealed record Answer(int Status, string? MediaType, string Text, IReadOnlyList<string> Allow)
{
    /// <summary>The problem's code; null where the answer is no whole problem.</summary>
    public string? Code =>
        MediaType == "application/problem+json"
        && JsonNode.Parse(Text) is JsonObject problem
        && (int?)problem["status"] == Status
        && problem["traceId"] is not null
        && problem["title"] is not null
            ? (string?)problem["code"]
            : null;

    public override string ToString() => $"{Status} {MediaType} {(Text.Length > 300 ? Text[..300] : Text)}";
}

static class Asking
{
    public static async Task<Answer> Ask(
        this House house,
        string method,
        string address,
        string? token = null,
        HttpContent? body = null
    )
    {
        using var ask = new HttpRequestMessage(new HttpMethod(method), address) { Content = body };
        // The server may refuse a large body before it was sent, and close; a client that waits learns why.
        ask.Headers.ExpectContinue = body?.Headers.ContentLength > 1 << 20;
        if (token is not null)
            ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        // So that a feature which wants them goes on to what is tested.
        ask.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await house.Http.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead);
        // A stream never ends; its status and kind are all that is asked here.
        var isEndless = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return new(
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType,
            isEndless ? "" : await answer.Content.ReadAsStringAsync(),
            [.. answer.Content.Headers.Allow]
        );
    }

    public static HttpContent Json(string text) => Json(Encoding.UTF8.GetBytes(text));

    public static HttpContent Json(byte[] bytes, string type = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    public static bool TakesContent(string method) => method is not ("GET" or "HEAD" or "DELETE");

    public static bool Is(this Answer answer, HttpStatusCode status, string code) =>
        answer.Status == (int)status && answer.Code == code;
}
