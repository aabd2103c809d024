using Kontor.Journal;
using Kontor.Platform.Caching;
using Npgsql;

namespace Kontor.Catalog.Tests.Caching;

using Found = Kontor.Platform.Caching.Found;

/// <summary>The law of the cache, with loads that end when the test says so.</summary>
public sealed class LawTests
{
    static readonly BodyKey Key = new("thing");
    static readonly TimeProvider Clock = TimeProvider.System;
    readonly BodyShelf shelf = new(1_000_000, Clock);
    readonly Reach reach = new("catalog");
    readonly BodyCache cache;
    int loads;

    public LawTests()
    {
        cache = new(shelf, reach, null, Clock);
        shelf.Begin(Head(10));
        reach.Begin(Head(10));
    }

    [Fact]
    public async Task A_load_that_began_before_an_eviction_is_not_stored()
    {
        var gate = new TaskCompletionSource();
        var slow = cache.Get(Key, null, (_, _) => Late(gate.Task, 10, "old"), CancellationToken.None);

        Happens(11, "product:1");
        gate.SetResult();

        Assert.Equal("old", TextOf(await slow));
        Assert.Equal("new", TextOf(await Get(null, 11, "new")));
        Assert.Equal("new", TextOf(await Get(null, 11, "never asked")));
    }

    [Fact]
    public async Task Nor_where_the_mark_is_forgotten_since_there_were_too_many()
    {
        var gate = new TaskCompletionSource();
        var slow = cache.Get(Key, null, (_, _) => Late(gate.Task, 10, "old"), CancellationToken.None);

        Happens(11, "product:1");
        shelf.Evict([.. Enumerable.Range(12, 150_000).Select(n => new Eviction($"product:{n}", n))]);
        gate.SetResult();
        await slow;

        Assert.Equal("new", TextOf(await Get(null, 200_000, "new")));
    }

    [Fact]
    public async Task An_eviction_that_the_body_has_seen_leaves_it()
    {
        await Get(null, 12, "as of 12");

        Happens(11, "product:1");
        Happens(12, "product:1");

        Assert.Equal("as of 12", TextOf(await Get(null, 12, "never asked")));
        Happens(13, "product:2");
        Assert.Equal("as of 12", TextOf(await Get(null, 12, "never asked")));
        Happens(14, Eviction.Everything);
        Assert.Equal("as of 14", TextOf(await Get(null, 14, "as of 14")));
    }

    [Fact]
    public async Task A_reader_does_not_take_a_load_that_began_before_what_they_have_seen()
    {
        var gate = new TaskCompletionSource();
        var slow = cache.Get(Key, null, (_, _) => Late(gate.Task, 10, "old"), CancellationToken.None);
        Happens(11, "product:1");
        var seen = new Position("catalog", "life", 11, IsInsertion: false);

        var joined = cache.Get(Key, seen, (_, _) => Late(Task.CompletedTask, 11, "new"), CancellationToken.None);
        gate.SetResult();

        Assert.Equal("old", TextOf(await slow));
        Assert.Equal("new", TextOf(await joined));
    }

    [Fact]
    public async Task A_position_that_is_not_applied_is_answered_by_the_primary_or_by_what_was_read_after_it()
    {
        await Get(null, 10, "old");
        var ahead = new Position("catalog", "life", 900, IsInsertion: true);

        Assert.Equal("read for it", TextOf(await Get(ahead, 12, "read for it", mark: 950)));
        Assert.Equal("read for it", TextOf(await Get(ahead, 12, "never asked")));
        Assert.NotNull(cache.TryHit(Key, ahead));
        Assert.Null(cache.TryHit(Key, ahead with { Number = 951 }));
    }

    [Fact]
    public async Task What_is_used_least_makes_room()
    {
        var small = new BodyShelf(20_000, Clock);
        small.Begin(Head(10));
        var tight = new BodyCache(small, reach, null, Clock);
        for (var n = 0; n < 100; n++)
        {
            var key = new BodyKey("thing", $"{n}");
            await tight.Get(key, null, (_, _) => Late(Task.CompletedTask, 10, "x", key), CancellationToken.None);
            _ = tight.TryHit(new BodyKey("thing", "0"), null);
        }

        Assert.InRange(small.Bytes, 1, 20_000);
        Assert.NotNull(tight.TryHit(new BodyKey("thing", "0"), null));
        Assert.NotNull(tight.TryHit(new BodyKey("thing", "99"), null));
        Assert.Null(tight.TryHit(new BodyKey("thing", "1"), null));
    }

    [Fact]
    public async Task What_is_evicted_is_let_go_and_addresses_weigh_too()
    {
        var small = new BodyShelf(100_000, Clock);
        small.Begin(Head(10));
        var tight = new BodyCache(small, reach, null, Clock);
        var gone = new List<WeakReference>();
        for (var n = 0; n < 200; n++)
        {
            gone.Add(await Kept(tight, new('x', 5_000), new BodyKey("thing", "one"), 10 + n));
            small.Evict([new("product:1", 11 + n)]);
        }
        _ = await Kept(tight, "x", new BodyKey("thing", new('q', 1_001)), 300);

        Assert.Equal(0, small.Count);
        GC.Collect();
        Assert.InRange(gone.Count(one => one.IsAlive), 0, 20);
    }

    /// <summary>In a method of its own, so that nothing here holds the body.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    async Task<WeakReference> Kept(BodyCache tight, string text, BodyKey key, long head) =>
        new(
            (
                await tight.Get(key, null, (_, _) => Late(Task.CompletedTask, head, text, key), CancellationToken.None)
            ).Entry
        );

    [Fact]
    public async Task A_burst_is_one_load_and_a_fault_of_it_is_everybodys()
    {
        var gate = new TaskCompletionSource();
        var burst = Enumerable
            .Range(0, 50)
            .Select(_ => cache.Get(Key, null, (_, _) => Late(gate.Task, 10, "one"), CancellationToken.None))
            .ToList();
        gate.SetResult();
        await Task.WhenAll(burst);
        Assert.Equal(1, loads);

        Happens(11, "product:1");
        await Assert.ThrowsAsync<NpgsqlException>(() =>
            cache.Get(Key, null, (_, _) => throw new NpgsqlException("away"), CancellationToken.None)
        );
        Assert.Equal("again", TextOf(await Get(null, 11, "again")));
    }

    Task<Found> Get(Position? atLeast, long head, string text, long mark = 0) =>
        cache.Get(Key, atLeast, (_, _) => Late(Task.CompletedTask, head, text, mark: mark), CancellationToken.None);

    void Happens(long sequence, string tag)
    {
        shelf.Evict([new(tag, sequence)]);
        reach.Applied(
            new("life", [new(sequence, sequence, "s", 1, "t", Clock.GetUtcNow(), "{}")]) { Head = Head(sequence) }
        );
    }

    async Task<Loaded> Late(Task gate, long head, string text, BodyKey? key = null, long mark = 0)
    {
        Interlocked.Increment(ref loads);
        await gate;
        var body = new Body(System.Text.Encoding.UTF8.GetBytes(text), ["product:1"]);
        return new(Head(head, mark), new Dictionary<BodyKey, Body> { [key ?? Key] = body });
    }

    static JournalHead Head(long sequence, long mark = 0) => new(sequence, mark, "life");

    static string TextOf(Found found) => System.Text.Encoding.UTF8.GetString(found.Entry!.Body.Bytes.Span);
}
