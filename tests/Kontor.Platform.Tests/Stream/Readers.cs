using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Kontor.Journal;
using Xunit;

namespace Kontor.Platform.Tests.Stream;

/// <summary>One message of the stream, as a client sees it.</summary>
/// <param name="Id">The SSE id.</param>
/// <param name="Event">The SSE event field.</param>
sealed record Frame(JsonElement Json, string? Id = null, string? Event = null)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public bool IsControl => Type.StartsWith("kontor.stream.", StringComparison.Ordinal);

    public string Position => Json.GetProperty("position").GetString()!;

    public string Source => Json.GetProperty("source").GetString()!;

    public string Topic => Source.Split(':')[2];

    public long Sequence => long.Parse(Json.GetProperty("sequence").GetString()!);

    /// <summary>The event without what the connection adds, to compare with the journal's.</summary>
    public RecordedEvent Recorded =>
        new(
            0,
            Sequence,
            Json.GetProperty("partitionkey").GetString()!,
            Json.GetProperty("streamversion").GetInt64(),
            Type,
            Json.GetProperty("time").GetDateTimeOffset(),
            Json.GetProperty("data").GetRawText()
        );
}

interface IStreamReader : IAsyncDisposable
{
    /// <summary>All frames until the server ends the stream.</summary>
    IAsyncEnumerable<Frame> Frames(CancellationToken stop);
}

static class Reading
{
    public static async IAsyncEnumerable<Frame> Events(this IStreamReader reader)
    {
        await foreach (var frame in reader.Timely())
            if (!frame.IsControl)
                yield return frame;
    }

    /// <summary>Frames; where the next does not come in time the test fails.</summary>
    public static async IAsyncEnumerable<Frame> Timely(this IStreamReader reader)
    {
        using var late = new CancellationTokenSource(StreamShop.Deadline);
        await foreach (var frame in reader.Frames(late.Token))
        {
            yield return frame;
            late.CancelAfter(StreamShop.Deadline);
        }
    }

    public static async Task<List<Frame>> Take(this IAsyncEnumerable<Frame> frames, int count)
    {
        var taken = new List<Frame>();
        await foreach (var frame in frames)
        {
            taken.Add(frame);
            if (taken.Count == count)
                return taken;
        }
        throw new InvalidOperationException($"The stream ended after {taken.Count} of {count}.");
    }

    public static async Task<Frame> Until(this IStreamReader reader, string type) =>
        await reader.Timely().FirstAsync(frame => frame.Type == type);

    /// <summary>All frames to the end of the stream.</summary>
    public static async Task<List<Frame>> ToEnd(this IStreamReader reader) => await reader.Timely().ToListAsync();
}

sealed class SocketReader(Uri address, string query, string? token) : IStreamReader
{
    readonly ClientWebSocket socket = new();

    public ClientWebSocketOptions Options => socket.Options;

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public System.Net.HttpStatusCode HandshakeStatus => socket.HttpStatusCode;

    public string? CloseReason => socket.CloseStatusDescription;

    public async Task Connect(HttpMessageInvoker? invoker = null)
    {
        using var late = new CancellationTokenSource(StreamShop.Deadline);
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        var target = new UriBuilder(new Uri(address, $"/api/v1/stream?{query}")) { Scheme = "ws" }.Uri;
        await socket.ConnectAsync(target, invoker, late.Token);
    }

    public Task Say(string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task Close() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public async IAsyncEnumerable<Frame> Frames([EnumeratorCancellation] CancellationToken stop)
    {
        if (socket.State == WebSocketState.None)
            await Connect();
        var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), stop);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                if (socket.State == WebSocketState.CloseReceived)
                    await Close();
                yield break;
            }
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;
            yield return new(JsonElement.Parse(message.ToArray()));
            message.SetLength(0);
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Abort();
        socket.Dispose();
        return default;
    }
}

sealed class EventSourceReader(Uri address, string query, string? token, string? lastEventId) : IStreamReader
{
    readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    StreamReader? lines;

    public async Task<HttpResponseMessage> Connect()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"/api/v1/stream?{query}"));
        request.Headers.Accept.Add(new("text/event-stream"));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(StreamShop.Deadline);
    }

    public async IAsyncEnumerable<Frame> Frames([EnumeratorCancellation] CancellationToken stop)
    {
        if (lines is null)
        {
            var answer = await Connect();
            Assert.Equal("text/event-stream", answer.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
            lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        }
        var fields = new Dictionary<string, string>();
        while (await lines.ReadLineAsync(stop) is { } line)
            if (line.Length > 0)
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                fields.Add(line[..colon], line[(colon + 2)..]);
            }
            else
            {
                if (fields.Remove("data", out var data))
                    yield return new(
                        JsonElement.Parse(data),
                        fields.GetValueOrDefault("id"),
                        fields.GetValueOrDefault("event")
                    );
                fields.Clear();
            }
    }

    /// <summary>Closes the connection: an answer that is still read is not closed with its client.</summary>
    public ValueTask DisposeAsync()
    {
        lines?.Dispose();
        http.Dispose();
        return default;
    }
}
