using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontor.Catalog.Tests;

/// <summary>What the door said, and how many statements it cost, in all and at once.</summary>
sealed record Answer(HttpResponseMessage Raw, string Text, int Statements, int AtOnce)
{
    /// <summary>What the database was asked, a batch as one text.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    public int Status => (int)Raw.StatusCode;

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public JsonElement Data => Json.GetProperty("data");

    public string? Tag => Raw.Headers.ETag?.ToString();

    public string? Next => Json.GetProperty("meta").TryGetProperty("next", out var next) ? next.GetString() : null;

    public string Value(string member) => Data.GetProperty(member).ToString();

    public Answer Is(int status)
    {
        Assert.True(Status == status, $"{status} was expected and is {Status}: {Text} {FaultLog.Of(Text)}");
        return this;
    }

    /// <summary>A problem with this code and, where named, a reason at this JSON path.</summary>
    public void Refused(int status, string code, string? path = null)
    {
        Assert.Equal((status, code), (Is(status).Status, Json.GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", Raw.Content.Headers.ContentType?.MediaType);
        Assert.False(string.IsNullOrEmpty(Json.GetProperty("traceId").GetString()));
        if (path is not null)
            Assert.Contains(path, Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }
}

/// <summary>Somebody at the door.</summary>
sealed class Caller(HttpClient http)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string? Token { get; init; }

    public Task<Answer> Get(string path, string? ifNoneMatch = null, string? accept = null) =>
        Found.IsAbout(path)
            ? Found.InStep(
                http,
                position => Send(HttpMethod.Get, path, null, ("Accept", accept), ("Kontor-Position", position))
            )
            : Send(HttpMethod.Get, path, null, ("If-None-Match", ifNoneMatch), ("Accept", accept));

    public Task<Answer> Post(string path, object body, string? key = null) =>
        Send(HttpMethod.Post, path, Content(body), ("Idempotency-Key", key));

    public Task<Answer> Put(string path, object body) => Send(HttpMethod.Put, path, Content(body));

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<Answer> Patch(string path, object body, string? ifMatch, string? key = null) =>
        Send(HttpMethod.Patch, path, Content(body), ("If-Match", ifMatch), ("Idempotency-Key", key));

    /// <summary>A string is sent as it is, anything else as JSON.</summary>
    public static HttpContent Content(object body, string mediaType = "application/json") =>
        new StringContent(body as string ?? JsonSerializer.Serialize(body, Json), Encoding.UTF8, mediaType);

    public async Task<Answer> Send(
        HttpMethod method,
        string path,
        HttpContent? content,
        params (string Name, string? Value)[] headers
    )
    {
        using var counted = Statements.Start();
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("traceparent", counted.TraceParent);
        // The door refuses a body that is too large before it has come whole.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 1 << 20;
        if (Token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        foreach (var (name, value) in headers)
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        var response = await http.SendAsync(request);
        Found.Wrote(http, response);
        return new(response, await response.Content.ReadAsStringAsync(), counted.Count, counted.MostAtOnce)
        {
            Asked = counted.Texts,
        };
    }
}
