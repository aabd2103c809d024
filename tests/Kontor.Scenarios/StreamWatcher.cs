using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kontor.Scenarios;

/// <summary>A client of the stream that holds the line through every crash: it resumes from the last position it saw.</summary>
sealed class StreamWatcher(RunningShop shop, string topic)
{
    readonly ConcurrentQueue<StreamedEvent> seen = new();
    string position = $"{topic}:0";
    string? token;

    public IReadOnlyList<StreamedEvent> Seen => [.. seen];

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                token ??= await shop.Token(stop);
                await Watch(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception lost)
                when (lost
                        is HttpRequestException
                            or IOException
                            or OperationCanceledException
                            or InvalidOperationException
                )
            {
                await Task.Delay(50, CancellationToken.None);
            }
    }

    async Task Watch(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{shop.Of(topic).Url}/api/v1/stream?topics={topic}&after={Uri.EscapeDataString(position)}"
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await shop.Of(topic)
            .Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!response.IsSuccessStatusCode)
            token = null;
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        string? id = null;
        while (await lines.ReadLineAsync(stop) is { } line)
            if (line.StartsWith("id:", StringComparison.Ordinal))
                id = line[3..].Trim();
            else if (line.StartsWith("data:", StringComparison.Ordinal))
                Take(line[5..], id);
    }

    void Take(string data, string? id)
    {
        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        if (!root.TryGetProperty("sequence", out var sequence))
            return; // a control event
        position = id ?? throw new InvalidOperationException($"An event without a position: {data}");
        seen.Enqueue(
            new(
                long.Parse(sequence.GetString()!),
                root.GetProperty("type").GetString()!,
                root.GetProperty("partitionkey").GetString()!,
                root.GetProperty("data").GetRawText()
            )
        );
    }
}

sealed record StreamedEvent(long Sequence, string Type, string Stream, string Data);
