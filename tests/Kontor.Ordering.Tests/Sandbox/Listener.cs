using System.Collections.Concurrent;
using System.Text.Json;
using Kontor.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Tests.Sandbox;

/// <summary>A callback as it came.</summary>
sealed record Heard(string Id, string Timestamp, string Signature, byte[] Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string State => Json.GetProperty("state").GetString()!;

    public bool IsSignedWith(string secret) => WebhookSignature.Verify(secret, Id, Timestamp, Body, Signature);
}

/// <summary>A merchant who listens to callbacks and answers as the test says.</summary>
sealed class Listener : IAsyncDisposable
{
    readonly WebApplication app;

    Listener(WebApplication app) => this.app = app;

    public ConcurrentQueue<Heard> All { get; } = [];

    /// <summary>The statuses of the next answers; afterwards 204.</summary>
    public ConcurrentQueue<int> Answers { get; } = [];

    public string Url => $"{app.Urls.First()}/told";

    public static async Task<Listener> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var listener = new Listener(built);
        built.MapPost("/told", listener.Hear);
        await built.StartAsync();
        return listener;
    }

    public async Task<IReadOnlyList<Heard>> Hears(int count)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (All.Count < count)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"{All.Count} of {count} callbacks came.");
            await Task.Delay(20);
        }
        return [.. All];
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task<IResult> Hear(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        All.Enqueue(
            new(
                request.Headers[WebhookSignature.IdHeader].ToString(),
                request.Headers[WebhookSignature.TimestampHeader].ToString(),
                request.Headers[WebhookSignature.SignatureHeader].ToString(),
                body.ToArray()
            )
        );
        return Results.StatusCode(Answers.TryDequeue(out var status) ? status : 204);
    }
}
