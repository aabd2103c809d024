using System.Text.Json;
using Kontor.Journal;
using Xunit;

namespace Kontor.Platform.Tests.Stream;

/// <summary>What a client gets is what the journal has: dense, in order, each event once.</summary>
public sealed class OrderTests
{
    [Theory]
    [InlineData("websocket", 5_000)]
    [InlineData("sse", 5_000)]
    [InlineData("websocket", -1)]
    public async Task What_was_is_followed_by_what_comes_without_a_gap(string transport, int joinAbovePerSecond)
    {
        await using var shop = await StreamShop.Open(("JoinAbovePerSecond", $"{joinAbovePerSecond}"));
        await StreamShop.Write(shop.Catalog, 8, 12);
        var writing = StreamShop.Write(shop.Catalog, 8, 30);

        await using var reader = shop.Reader(transport, "topics=catalog&after=catalog:0");
        var seen = await reader.Events().Take(8 * (12 + 30) * 2);
        await writing;

        Same(await StreamShop.ReadBack(shop.Catalog), seen);
    }

    [Theory]
    [InlineData("websocket", 1, 10)]
    [InlineData("sse", 2, 10)]
    [InlineData("websocket", 3, 0)]
    [InlineData("sse", 4, 0)]
    public async Task Clients_that_are_killed_and_resume_miss_and_repeat_nothing(
        string transport,
        int seed,
        int lingerSeconds
    )
    {
        await using var shop = await StreamShop.Open(("Linger", $"00:00:{lingerSeconds:00}"));
        var random = new Random(seed);
        var writing = Task.WhenAll(StreamShop.Write(shop.Catalog, 4, 30), StreamShop.Write(shop.Ordering, 4, 30));
        const int All = 4 * 30 * 2;

        var seen = new List<Frame>();
        var position = "catalog:0,ordering:0";
        while (seen.Count < 2 * All)
        {
            await using var reader = shop.Reader(transport, $"topics=catalog,ordering&after={position}");
            seen.AddRange(await reader.Events().Take(Math.Min(random.Next(1, 60), 2 * All - seen.Count)));
            position = seen[^1].Position;
        }
        await writing;

        Same(await StreamShop.ReadBack(shop.Catalog), seen.Where(e => e.Topic == "catalog"));
        Same(await StreamShop.ReadBack(shop.Ordering), seen.Where(e => e.Topic == "ordering"));
        Assert.Equal(seen.Count, seen.Select(e => e.Json.GetProperty("id").GetString()).Distinct().Count());
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("sse")]
    public async Task Without_a_position_it_starts_now_and_says_where_that_is(string transport)
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "before", "{}", "{}");
        await StreamShop.Numbered(shop.Catalog, 2);
        var incarnation = (await shop.Catalog.Head(default)).Incarnation;

        await using var reader = shop.Reader(transport, "topics=catalog");
        await using var frames = reader.Timely().GetAsyncEnumerator();
        await frames.MoveNextAsync();
        var open = frames.Current;
        await frames.MoveNextAsync();
        var live = frames.Current;
        await StreamShop.Append(shop.Catalog, "after", "{}");
        await frames.MoveNextAsync();

        Assert.Equal(("kontor.stream.open", $"catalog:{incarnation}.2"), (open.Type, open.Position));
        Assert.Equal("kontor.stream.live", live.Type);
        Assert.Equal((3, $"catalog:{incarnation}.3"), (frames.Current.Sequence, frames.Current.Position));
    }

    [Fact]
    public async Task An_event_is_a_CloudEvent()
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(
            shop.Catalog,
            "thing-é",
            """{"b": [1, 2.50], "name": "Grüße\n\u2028\"", "none": null}"""
        );
        await StreamShop.Numbered(shop.Catalog, 1);
        var incarnation = (await shop.Catalog.Head(default)).Incarnation;
        var recorded = (await StreamShop.ReadBack(shop.Catalog)).Single();

        await using var socket = shop.Socket("topics=ordering,catalog&after=catalog:0");
        await using var source = shop.EventSource("topics=ordering,catalog&after=catalog:0");
        var frame = (await socket.Events().Take(1)).Single();
        var same = (await source.Events().Take(1)).Single();

        var expected = JsonSerializer.Serialize(
            new
            {
                specversion = "1.0",
                id = $"catalog-{incarnation}.1",
                source = $"urn:kontor:catalog:{incarnation}",
                type = "thing.changed.v1",
                time = recorded.Time.UtcDateTime,
                sequence = "00000000000000000001",
                sequencetype = "Integer",
                partitionkey = "thing-é",
                streamversion = 1,
                datacontenttype = "application/json",
                data = JsonElement.Parse(recorded.Body),
                position = $"ordering:{(await shop.Ordering.Head(default)).Incarnation}.0,catalog:{incarnation}.1",
            }
        );
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), frame.Json), frame.Json.GetRawText());
        Assert.EndsWith("Z", frame.Json.GetProperty("time").GetString());
        Assert.Equal(frame.Json.GetRawText(), same.Json.GetRawText());
        Assert.Equal((same.Position, null), (same.Id, same.Event));
    }

    [Fact]
    public async Task The_last_event_id_wins_over_the_address()
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "a", "{}", "{}", "{}");

        await using var first = shop.EventSource("topics=catalog&after=catalog:0");
        var second = (await first.Events().Take(2))[1];
        await using var resumed = shop.EventSource("topics=catalog&after=catalog:0", lastEventId: second.Id);

        Assert.Equal(3, (await resumed.Events().Take(1)).Single().Sequence);
    }

    [Fact]
    public async Task A_write_position_is_a_place_to_start_after()
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "theirs", "{}", "{}");
        var before = await StreamShop.Append(shop.Catalog, "mine", """{"n": 1}""");
        await StreamShop.Append(shop.Catalog, "mine", """{"n": 2}""");

        await using var reader = shop.Socket($"topics=catalog&after={before}");
        var own = (await reader.Events().Take(1)).Single();

        Assert.True(before.IsInsertion);
        Assert.Equal(2, own.Json.GetProperty("data").GetProperty("n").GetInt32());
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("sse")]
    public async Task A_slow_client_is_told_and_gets_everything_while_others_go_on(string transport)
    {
        await using var shop = await StreamShop.Open(("BufferEvents", "32"));
        var body = $$"""{"text": "{{new string('x', 100_000)}}"}""";
        const int Events = 300;

        await using var slow = shop.Reader(transport, "topics=catalog&after=catalog:0");
        await using var frames = slow.Timely().GetAsyncEnumerator();
        while (await frames.MoveNextAsync() && frames.Current.Type != "kontor.stream.live") { }
        // 30 MB are more than any socket's buffers hold; it reads none of them until the other has them all.
        await using var fast = shop.Socket("topics=catalog&after=catalog:0");
        var fastFrames = fast.Events().Take(Events);
        for (var i = 0; i < Events; i++)
            await StreamShop.Append(shop.Catalog, "s", body);
        var others = await fastFrames;
        var seen = new List<Frame>();
        while (seen.Count(frame => !frame.IsControl) < Events && await frames.MoveNextAsync())
            seen.Add(frames.Current);
        await StreamShop.Append(shop.Catalog, "s", "{}");
        while (seen[^1].IsControl || seen[^1].Sequence <= Events)
        {
            await frames.MoveNextAsync();
            seen.Add(frames.Current);
        }

        Assert.Equal(Enumerable.Range(1, Events).Select(n => (long)n), others.Select(e => e.Sequence));
        Assert.Equal(
            Enumerable.Range(1, Events + 1).Select(n => (long)n),
            seen.Where(e => !e.IsControl).Select(e => e.Sequence)
        );
        var lagging = seen.First(frame => frame is { IsControl: true, Type: not "kontor.stream.heartbeat" });
        Assert.Equal("kontor.stream.lagging", lagging.Type);
        Assert.True(lagging.Json.GetProperty("behind").GetInt64() > 32);
        Assert.Contains(seen, frame => frame.Type == "kontor.stream.live");
    }

    static void Same(IEnumerable<RecordedEvent> journal, IEnumerable<Frame> seen)
    {
        var recorded = journal.Select(e => e with { Id = 0 }).ToList();

        Assert.Equal(Enumerable.Range(1, recorded.Count).Select(n => (long)n), recorded.Select(e => e.Sequence));
        Assert.Equal(recorded, seen.Select(frame => frame.Recorded));
    }
}
