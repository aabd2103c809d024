using System.Net;
using Kontor.Journal;
using Kontor.Platform.Neighbours;
using Kontor.Platform.Tests.Stream;
using Kontor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Kontor.Platform.Tests.Neighbours;

/// <summary>One service follows another over its stream, whatever lies between them.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    readonly CancellationTokenSource stop = new(StreamShop.Deadline);
    StreamShop shop = null!; // Opened before each test.
    TcpProxy line = null!;
    Clients clients = null!;

    public async ValueTask InitializeAsync()
    {
        shop = await StreamShop.Open();
        line = new TcpProxy(new IPEndPoint(IPAddress.Loopback, shop.Address.Port));
        clients = new(new Uri($"http://127.0.0.1:{line.Port}/"));
    }

    public async ValueTask DisposeAsync()
    {
        await line.DisposeAsync();
        await shop.DisposeAsync();
        stop.Dispose();
    }

    [Fact]
    public async Task It_tells_what_the_journal_holds()
    {
        await StreamShop.Write(shop.Catalog, writers: 3, appends: 20);
        var whole = await Read(new Follower(shop.Catalog), 100);

        var told = await Read(Feed, 100);

        Assert.Equal(whole.Select(e => e with { Id = 0 }), told);
    }

    [Fact]
    public async Task Cut_lines_lose_nothing_and_repeat_nothing()
    {
        var writing = StreamShop.Write(shop.Catalog, writers: 4, appends: 60);
        var seen = new List<long>();

        await foreach (var batch in Feed.Follow("", 0, stop.Token))
        {
            seen.AddRange(batch.Events.Select(e => e.Sequence));
            if (seen.Count >= 400)
                break;
            line.CutAll();
        }
        await writing;

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => (long)n), seen);
    }

    [Fact]
    public async Task A_neighbour_that_is_away_is_waited_for()
    {
        line.IsOpen = false;
        var reading = Read(Feed, 1);
        await StreamShop.Append(shop.Catalog, "thing-1", """{"n": 1}""");
        line.IsOpen = true;

        Assert.Equal(1, Assert.Single(await reading).Sequence);
    }

    [Fact]
    public async Task A_place_beyond_a_fork_is_told()
    {
        await StreamShop.Append(shop.Catalog, "thing-1", """{"n": 1}""", """{"n": 2}""", """{"n": 3}""");
        await StreamShop.Numbered(shop.Catalog, 3);
        var before = (await shop.Catalog.Head(stop.Token)).Incarnation;
        await shop.Fork("catalog", "fee1dead", 2);

        var forked = await Assert.ThrowsAsync<JournalForkedException>(async () =>
        {
            await foreach (var _ in Feed.Follow(before, 3, stop.Token)) { }
        });

        Assert.Equal(("fee1dead", 2), (forked.Incarnation, forked.Fork));
    }

    NeighbourFeed Feed =>
        new NeighbourFeed("catalog", clients, TimeProvider.System, NullLogger<NeighbourFeed>.Instance);

    async Task<IReadOnlyList<RecordedEvent>> Read(IEventFeed feed, int count)
    {
        var events = new List<RecordedEvent>();
        await foreach (var batch in feed.Follow("", 0, stop.Token))
        {
            events.AddRange(batch.Events);
            if (events.Count >= count)
                break;
        }
        return [.. events.Take(count)];
    }

    /// <summary>The stream's client, with a token that the test's server takes.</summary>
    sealed class Clients(Uri address) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name)
        {
            var http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
            http.DefaultRequestHeaders.Authorization = new("Bearer", StreamShop.AllScopes);
            return http;
        }
    }
}
