using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Kontor.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Sandbox;

/// <summary>Tells every change to whoever asked to be told, until it is taken or was tried often enough.</summary>
/// <remarks>At least once, in no order. What was taken stands in the books, so a restart goes on with the rest.</remarks>
sealed partial class Callbacks(Books books, Conduct conduct, Secret secret, TimeProvider clock, ILogger<Callbacks> log)
    : BackgroundService
{
    const int AtOnce = 64;
    const int Tries = 20;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly Channel<(string Key, Change Change)> queue = Channel.CreateUnbounded<(string, Change)>();
    readonly SemaphoreSlim lines = new(AtOnce);
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    /// <summary>What is told.</summary>
    /// <param name="Sequence">Of the change within its authorisation: callbacks come in no order.</param>
    internal sealed record Told(
        string Id,
        string Type,
        string Key,
        State State,
        string Reference,
        long Amount,
        string Currency,
        int Sequence,
        DateTimeOffset OccurredAt
    );

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the door opens: a change that comes in between would be queued twice or never.
        foreach (var untold in books.Untold())
            queue.Writer.TryWrite(untold);
        books.Tell = (key, change) => queue.Writer.TryWrite((key, change));
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        lines.Dispose();
        http.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new HashSet<Task>();
        try
        {
            await foreach (var (key, change) in queue.Reader.ReadAllAsync(stoppingToken))
            {
                running.RemoveWhere(task => task.IsCompleted);
                running.Add(Deliver(books.Find(key)!, change, stoppingToken)); // It was told under this key.
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not taken yet is told after the next start.
        }
        await Task.WhenAll(running);
    }

    async Task Deliver(Authorisation about, Change change, CancellationToken stop)
    {
        var id = $"{about.Reference}-{change.Sequence}";
        var (copies, delay) = conduct.Tell(id);
        try
        {
            await Task.Delay(delay, clock, stop);
            var pause = FirstPause;
            for (var tries = 0; tries < Tries; tries++)
            {
                var taken = await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => Send(about, change, id, stop)));
                if (taken.Contains(true))
                {
                    books.Told(about.Key, change.Sequence, isTaken: true);
                    return;
                }
                await Task.Delay(pause, clock, stop);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            books.Told(about.Key, change.Sequence, isTaken: false);
            LogGivenUp(id);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is told again after the next start.
        }
        catch (Exception broken)
        {
            // The door of a background task: logged once; it is told again after the next start.
            LogBroken(broken, id);
        }
    }

    /// <summary>True where it was taken, or is wanted no more (410).</summary>
    async Task<bool> Send(Authorisation about, Change change, string id, CancellationToken stop)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(ToldOf(about, change, id), KontorJson.Options);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString();
        using var call = new HttpRequestMessage(HttpMethod.Post, about.Callbacks)
        {
            Content = new ByteArrayContent(body),
        };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        call.Headers.Add(WebhookSignature.IdHeader, id);
        call.Headers.Add(WebhookSignature.TimestampHeader, timestamp);
        call.Headers.Add(WebhookSignature.SignatureHeader, secret.Sign(id, timestamp, body));
        await lines.WaitAsync(stop);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            using var answer = await http.SendAsync(call, patience.Token);
            return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Gone;
        }
        catch (Exception away)
            when (!stop.IsCancellationRequested && away is HttpRequestException or OperationCanceledException)
        {
            LogAway(id, away.Message);
            return false;
        }
        finally
        {
            lines.Release();
        }
    }

    static Told ToldOf(Authorisation about, Change change, string id) =>
        new(
            id,
            $"authorisation.{WordOf(change.State)}",
            about.Key,
            change.State,
            about.Reference,
            about.Amount,
            about.Currency,
            change.Sequence,
            change.At
        );

    static string WordOf(State state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    [LoggerMessage(1, LogLevel.Debug, "Callback {Id} was not taken: {Reason}")]
    partial void LogAway(string id, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Callback {Id} is given up: nobody took it")]
    partial void LogGivenUp(string id);

    [LoggerMessage(3, LogLevel.Error, "Callback {Id} broke and is told after the next start")]
    partial void LogBroken(Exception broken, string id);
}
