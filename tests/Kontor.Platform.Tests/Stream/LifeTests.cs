using System.Net;
using System.Net.WebSockets;
using Xunit;

namespace Kontor.Platform.Tests.Stream;

/// <summary>Long connections: silence, forks, and the server's end.</summary>
public sealed class LifeTests
{
    [Theory]
    [InlineData("websocket")]
    [InlineData("sse")]
    public async Task Silence_is_broken_by_heartbeats_with_the_position(string transport)
    {
        await using var shop = await StreamShop.Open(("Heartbeat", "00:00:00.2"));

        await using var reader = shop.Reader(transport, "topics=catalog,ordering");
        var beats = await reader.Timely().Where(frame => frame.Type == "kontor.stream.heartbeat").Take(2);

        Assert.Matches("^catalog:[0-9a-f]+.0,ordering:[0-9a-f]+.0$", beats[1].Position);
        Assert.False(beats[1].Json.TryGetProperty("sequence", out _));
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("sse")]
    public async Task A_topic_is_read_only_while_somebody_listens(string transport)
    {
        await using var shop = await StreamShop.Open(("Linger", "00:00:00"));
        await StreamShop.Append(shop.Catalog, "s", "{}", "{}");
        await StreamShop.Numbered(shop.Catalog, 2);
        Assert.Equal(0, shop.Feed("catalog").Last);

        await using (var first = shop.Reader(transport, "topics=catalog&after=catalog:0"))
            Assert.Equal([1, 2], (await first.Events().Take(2)).Select(e => e.Sequence));
        await Until(() => shop.Feed("catalog").IsResting);
        await StreamShop.Append(shop.Catalog, "s", "{}");
        await StreamShop.Numbered(shop.Catalog, 3);
        Assert.Equal(0, shop.Feed("catalog").Last);

        await using var second = shop.Reader(transport, "topics=catalog&after=catalog:0");
        await using var events = second.Events().GetAsyncEnumerator();
        for (var sequence = 1; sequence <= 4; sequence++)
        {
            if (sequence == 4)
            {
                await Until(() => shop.Feed("catalog").Last == 3);
                await StreamShop.Append(shop.Catalog, "s", "{}");
            }
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(sequence, events.Current.Sequence);
        }
    }

    static async Task Until(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(StreamShop.Deadline);
        while (!holds())
            await Task.Delay(20, late.Token);
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("sse")]
    public async Task A_client_beyond_a_fork_is_told_and_goes_on_after_it(string transport)
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "s", "{}", "{}", "{}", "{}", "{}");
        await StreamShop.Numbered(shop.Catalog, 5);
        var old = (await shop.Catalog.Head(default)).Incarnation;

        // One is connected when it happens, and one comes back later.
        await using var connected = shop.Reader(transport, "topics=ordering,catalog&after=catalog:0");
        await using var frames = connected.Timely().GetAsyncEnumerator();
        while (await frames.MoveNextAsync() && (frames.Current.IsControl || frames.Current.Sequence < 5)) { }
        await shop.Fork("catalog", "beef0002", 3);
        var told = await Next(frames, "kontor.stream.reset");
        await using var returning = shop.Reader(transport, $"topics=catalog&after=catalog:{old}.5");
        await using var returned = returning.Timely().GetAsyncEnumerator();
        var toldToo = await Next(returned, "kontor.stream.reset");
        await frames.MoveNextAsync();
        await returned.MoveNextAsync();

        foreach (var reset in new[] { told, toldToo })
        {
            Assert.Equal("catalog", reset.Json.GetProperty("topic").GetString());
            Assert.Equal("beef0002", reset.Json.GetProperty("incarnation").GetString());
            Assert.Equal(3, reset.Json.GetProperty("fork").GetInt64());
            Assert.EndsWith("catalog:beef0002.3", reset.Position);
        }
        var (fourth, fourthToo) = (await AnEvent(frames), await AnEvent(returned));
        Assert.Equal((4, "urn:kontor:catalog:beef0002"), (fourth.Sequence, fourth.Source));
        Assert.Equal((4, "catalog:beef0002.4"), (fourthToo.Sequence, fourthToo.Position));
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("sse")]
    public async Task A_client_at_or_before_a_fork_goes_on_and_events_keep_their_names(string transport)
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "s", "{}", "{}", "{}", "{}");
        await StreamShop.Numbered(shop.Catalog, 4);
        var old = (await shop.Catalog.Head(default)).Incarnation;

        await using var connected = shop.Reader(transport, "topics=catalog&after=catalog:0");
        await using var frames = connected.Timely().GetAsyncEnumerator();
        while (await frames.MoveNextAsync() && (frames.Current.IsControl || frames.Current.Sequence < 4)) { }
        await shop.Fork("catalog", "beef0002", 4);
        await StreamShop.Append(shop.Catalog, "s", "{}");
        var fifth = await AnEvent(frames);
        await using var returning = shop.Reader(transport, $"topics=catalog&after=catalog:{old}.2");
        var seen = new List<Frame>();
        await foreach (var frame in returning.Timely())
        {
            seen.Add(frame);
            if (!frame.IsControl && frame.Sequence == 5)
                break;
        }

        Assert.Equal((5, "catalog:beef0002.5"), (fifth.Sequence, fifth.Position));
        Assert.DoesNotContain(seen, frame => frame.Type == "kontor.stream.reset");
        Assert.Equal(
            [$"catalog-{old}.3", $"catalog-{old}.4", "catalog-beef0002.5"],
            seen.Where(e => !e.IsControl).Select(e => e.Json.GetProperty("id").GetString())
        );
    }

    [Fact]
    public async Task Clients_outlive_an_outage_of_the_database()
    {
        await using var shop = await StreamShop.Open(("Heartbeat", "00:00:00.2"), ("BufferEvents", "4"));
        await StreamShop.Append(shop.Catalog, "s", "{}", "{}");
        await using var socket = shop.Socket("topics=catalog&after=catalog:0");
        await using var frames = socket.Timely().GetAsyncEnumerator();
        while (await frames.MoveNextAsync() && (frames.Current.IsControl || frames.Current.Sequence < 2)) { }

        await using (await shop.Outage())
        {
            await Next(frames, "kontor.stream.heartbeat");
            await using var newcomer = shop.EventSource("topics=catalog");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await newcomer.Connect()).StatusCode);
        }
        await StreamShop.Append(shop.Catalog, "s", "{}", "{}", "{}", "{}", "{}", "{}");
        var seen = new List<long>();
        while (seen.Count < 6 && await frames.MoveNextAsync())
            if (!frames.Current.IsControl)
                seen.Add(frames.Current.Sequence);

        Assert.Equal([3, 4, 5, 6, 7, 8], seen);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off_and_makes_room()
    {
        await using var shop = await StreamShop.Open(("WriteWithin", "00:00:00.3"), ("MaxConnections", "1"));
        await using var stuck = shop.Socket("topics=catalog&after=catalog:0");
        await stuck.Until("kontor.stream.live");

        for (var i = 0; i < 300; i++)
            await StreamShop.Append(shop.Catalog, "s", $$"""{"text": "{{new string('x', 100_000)}}"}""");

        using var late = new CancellationTokenSource(StreamShop.Deadline);
        while (true)
        {
            await using var next = shop.EventSource("topics=catalog");
            using var answer = await next.Connect();
            if (answer.StatusCode == HttpStatusCode.OK)
                break;
            await Task.Delay(20, late.Token);
        }
        await Assert.ThrowsAsync<WebSocketException>(() => stuck.ToEnd());
    }

    [Fact]
    public async Task A_WebSocket_may_come_over_HTTP_2()
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "s", "{}", "{}");

        await using var socket = new SocketReader(
            shop.Http2Address,
            "topics=catalog&after=catalog:0",
            StreamShop.AllScopes
        );
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var http2 = new HttpMessageInvoker(new SocketsHttpHandler());
        await socket.Connect(http2);

        Assert.Equal([1, 2], (await socket.Events().Take(2)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_shutdown_says_goodbye_and_waits_for_nobody()
    {
        await using var shop = await StreamShop.Open(("BufferEvents", "32"));
        await using var socket = shop.Socket("topics=catalog&after=catalog:0");
        await using var source = shop.EventSource("topics=catalog&after=catalog:0");
        await using var silent = shop.Socket("topics=catalog", token: null);
        await using var stuck = shop.Socket("topics=catalog&after=catalog:0");
        await silent.Connect();
        await stuck.Until("kontor.stream.live");
        var both = Task.WhenAll(socket.ToEnd(), source.ToEnd());
        for (var i = 0; i < 200; i++)
            await StreamShop.Append(shop.Catalog, "s", $$"""{"text": "{{new string('x', 100_000)}}"}""");
        await StreamShop.Numbered(shop.Catalog, 200);

        await shop.Stop().WaitAsync(StreamShop.Deadline);

        foreach (var frames in await both)
            Assert.Equal("GOING_AWAY", frames[^1].Json.GetProperty("code").GetString());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
    }

    static async Task<Frame> Next(IAsyncEnumerator<Frame> frames, string type)
    {
        while (await frames.MoveNextAsync())
            if (frames.Current.Type == type)
                return frames.Current;
        throw new InvalidOperationException("The stream ended.");
    }

    /// <summary>The event under the cursor, or the next.</summary>
    static async Task<Frame> AnEvent(IAsyncEnumerator<Frame> frames)
    {
        while (frames.Current.IsControl || frames.Current.Sequence == 4 && !frames.Current.Position.Contains("beef"))
            await frames.MoveNextAsync();
        return frames.Current;
    }
}
