using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kontor.Journal;
using Microsoft.Extensions.Logging;

namespace Kontor.Platform.Neighbours;

/// <summary>Follows a service of another process over its stream (Server-Sent Events), as a Follower does a journal here.</summary>
/// <remarks>
/// The place is the reader's own: on start, after a break and after 10 s of silence it asks for all after it, and each
/// sequence must be the last one plus one. So nothing is lost by whatever lies between the two processes.
/// </remarks>
public sealed partial class NeighbourFeed(
    string topic,
    IHttpClientFactory clients,
    TimeProvider clock,
    ILogger<NeighbourFeed> log
) : IEventFeed
{
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    /// <summary>Events read ahead of the reader, and taken together.</summary>
    const int Ahead = 500;

    public string Topic => topic;

    public async IAsyncEnumerable<EventBatch> Follow(
        string incarnation,
        long after,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        var place = new FeedPlace(topic, incarnation, after);
        var pause = FirstPause;
        while (true)
        {
            using var connection = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var (before, opened) = (place.Position, clock.GetTimestamp());
            var arrived = Channel.CreateBounded<FeedMessage>(Ahead);
            var reading = Read(place.Position, arrived.Writer, connection.Token);
            try
            {
                await foreach (var batch in place.Batches(arrived.Reader, stop))
                    yield return batch;
            }
            finally
            {
                await connection.CancelAsync();
                await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            stop.ThrowIfCancellationRequested();
            if (
                reading.Exception?.InnerException is { } broken and not (OperationCanceledException or TimeoutException)
            )
                LogBroken(topic, place.Position, broken.Message);
            // A connection that lived or brought something ended by itself; only one that never began is left alone longer.
            if (place.Position != before || clock.GetElapsedTime(opened) >= Silence)
                pause = FirstPause;
            await Task.Delay(pause, clock, stop);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Reads one connection until it ends or falls silent; the channel ends with it.</summary>
    async Task Read(string position, ChannelWriter<FeedMessage> arrived, CancellationToken stop)
    {
        try
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
            silence.CancelAfter(Silence);
            using var http = clients.CreateClient(NeighbourDoor.StreamClient(topic));
            var path = $"api/v1/stream?topics={topic}&after={Uri.EscapeDataString(position)}";
            using var ask = new HttpRequestMessage(HttpMethod.Get, path);
            ask.Headers.Accept.ParseAdd("text/event-stream");
            using var answer = await http.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new HttpRequestException(await answer.Content.ReadAsStringAsync(silence.Token));
            await using var body = await answer.Content.ReadAsStreamAsync(silence.Token);
            await foreach (var item in SseParser.Create(body).EnumerateAsync(silence.Token))
            {
                silence.CancelAfter(Silence);
                await arrived.WriteAsync(new(item.EventType, item.EventId, item.Data), stop);
                // A full channel is the reader's slowness, not the neighbour's silence.
                silence.CancelAfter(Silence);
            }
        }
        finally
        {
            arrived.Complete();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The stream of {Topic} broke at {Position}, and is asked for again: {Reason}")]
    partial void LogBroken(string topic, string position, string reason);
}
