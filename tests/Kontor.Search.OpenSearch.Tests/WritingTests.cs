using Kontor.Search.OpenSearch.Tests.Interpreter;
using Kontor.Search.Tests;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>What is written stays right when writes come late, twice, in halves or in vain.</summary>
public sealed class WritingTests : IAsyncLifetime
{
    readonly Stand stand = new();
    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    OpenSearchEngine engine = null!; // Since InitializeAsync.

    public async ValueTask InitializeAsync()
    {
        await stand.InitializeAsync();
        engine = await stand.Engine();
    }

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    /// <summary>How often a fault strikes.</summary>
    void Once(string path, Fault fault, int times = 1)
    {
        var left = times;
        stand.Server.Faults = what =>
            what.EndsWith(path, StringComparison.Ordinal) && Interlocked.Decrement(ref left) >= 0 ? fault : null;
    }

    static VariantChange Price(int number, long amount) =>
        new(Goods.Variant(Wares.Id(number), 1), null, [new("EUR", amount)]);

    [Fact]
    public async Task An_old_write_that_comes_late_never_replaces_a_newer_one()
    {
        await engine.Apply([Wares.Of(1, "lamp", 900)], [], position: 9, stop);

        await engine.Apply([Wares.Of(1, "lamp", 500), Wares.Of(2, "chair", 50)], [], position: 5, stop);

        Assert.Equal("2:50 1:900", await Wares.Found(engine));
        Assert.Equal(9, await engine.Position(stop));
    }

    [Fact]
    public async Task What_was_removed_is_not_brought_back_by_a_late_write()
    {
        await engine.Apply([Wares.Of(1, "lamp")], [], 1, stop);
        await engine.Apply([], [Wares.Id(1)], 3, stop);

        await engine.Apply([Wares.Of(1, "lamp")], [], 2, stop);
        var late = await Wares.Found(engine);
        await engine.Apply([Wares.Of(1, "lamp", 70)], [], 4, stop);

        Assert.Equal("", late);
        Assert.Equal("1:70", await Wares.Found(engine));
    }

    [Fact]
    public async Task A_price_that_comes_late_is_not_taken()
    {
        await engine.Apply([Wares.Of(1, "lamp", 900)], [], 9, stop);

        Assert.Empty(await engine.Change([new(Wares.Id(1), [Price(1, 500)])], 5, stop));
        Assert.Equal("1:900", await Wares.Found(engine));
        Assert.Empty(await engine.Change([new(Wares.Id(1), [Price(1, 1_000)])], 10, stop));
        Assert.Equal("1:1000", await Wares.Found(engine));
    }

    [Fact]
    public async Task A_price_loses_nothing_that_was_written_while_it_was_read()
    {
        await engine.Apply([Wares.Of(1, "lamp", 100)], [], 1, stop);
        var written = 0;
        stand.Server.Faults = what =>
        {
            // Between reading and writing: another process is further already.
            if (what.EndsWith("/_bulk", StringComparison.Ordinal) && Interlocked.Increment(ref written) == 1)
                engine.Apply([Wares.Of(1, "chair", 300)], [], 7, stop).AsTask().GetAwaiter().GetResult();
            return null;
        };

        Assert.Empty(await engine.Change([new(Wares.Id(1), [Price(1, 200)])], 2, stop));

        Assert.Equal("1:300", await Wares.Found(engine, "chair"));
    }

    [Fact]
    public async Task A_product_that_is_not_there_is_told_and_the_position_stays()
    {
        await engine.Apply([Wares.Of(1, "lamp"), Wares.Of(2, "chair")], [], 1, stop);
        await engine.Apply([], [Wares.Id(2)], 2, stop);

        var missing = await engine.Change(
            [new(Wares.Id(1), [Price(1, 40)]), new(Wares.Id(2), [Price(2, 40)]), new(Wares.Id(3), [Price(3, 40)])],
            3,
            stop
        );

        Assert.Equal([Wares.Id(2), Wares.Id(3)], missing);
        Assert.Equal(2, await engine.Position(stop));
        await engine.Apply([Wares.Of(2, "chair", 40)], [], 3, stop);
        Assert.Equal("1:40 2:40", await Wares.Found(engine));
    }

    [Fact]
    public async Task The_position_is_told_only_when_what_it_means_is_seen()
    {
        await engine.Apply([Wares.Of(1, "lamp")], [], 1, stop);
        Once("/_refresh", new Fault.Says(500, """{"error":{"type":"io","reason":"disk"},"status":500}"""));

        await Assert.ThrowsAsync<SearchEngineException>(async () =>
            await engine.Apply([Wares.Of(2, "chair")], [], 2, stop)
        );
        var before = (await engine.Position(stop), await Wares.Found(engine));
        await engine.Apply([Wares.Of(2, "chair")], [], 2, stop);

        Assert.Equal((1, "1:100"), before);
        Assert.Equal((2, "1:100 2:100"), (await engine.Position(stop), await Wares.Found(engine)));
    }

    [Fact]
    public async Task An_answer_never_says_a_position_that_it_does_not_show()
    {
        var clocked = Stand.Engine(stand.Options() with { Alias = "clocked", PositionAgeMs = 60_000 });
        await clocked.Ensure(stop);
        await clocked.Apply([Wares.Of(1, "lamp")], [], 1, stop);
        var first = await clocked.Find(Wares.Query(), stop);

        await clocked.Apply([Wares.Of(2, "lamp")], [], 2, stop);
        var second = await clocked.Find(Wares.Query(), stop);

        Assert.Equal((1, 1), (first.Position, first.Total));
        // Known from before: less than it shows is allowed, more is not.
        Assert.Equal((1, 2), (second.Position, second.Total));
        Assert.Equal(2, await clocked.Position(stop));
    }

    [Fact]
    public async Task Items_that_the_cluster_was_too_busy_for_are_sent_again()
    {
        var times = 0;
        stand.Server.Cluster.ItemFault = id =>
            id == Wares.Id(2).ToString() && times++ < 2 ? (429, "rejected_execution_exception") : null;

        await engine.Apply([Wares.Of(1, "lamp"), Wares.Of(2, "chair"), Wares.Of(3, "table")], [], 1, stop);

        Assert.Equal("1:100 2:100 3:100", await Wares.Found(engine));
        Assert.Equal(3, times);
    }

    [Fact]
    public async Task A_cluster_that_stays_too_busy_is_a_fault_that_may_pass_and_the_position_stays()
    {
        stand.Server.Cluster.ItemFault = id =>
            id == Wares.Id(2).ToString() ? (429, "rejected_execution_exception") : null;

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () =>
            await engine.Apply([Wares.Of(1, "lamp"), Wares.Of(2, "chair")], [], 1, stop)
        );

        Assert.True(fault.MayPass);
        Assert.Equal(0, await engine.Position(stop));
    }

    [Fact]
    public async Task A_product_that_the_engine_refuses_is_named_with_the_reason_and_the_others_are_written()
    {
        stand.Server.Cluster.ItemFault = id => id == Wares.Id(2).ToString() ? (400, "mapper_parsing_exception") : null;

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () =>
            await engine.Apply([Wares.Of(1, "lamp"), Wares.Of(2, "chair"), Wares.Of(3, "table")], [], 1, stop)
        );

        Assert.False(fault.MayPass);
        Assert.Contains($"{Wares.Id(2)}: planted", fault.Message);
        Assert.Equal(0, await engine.Position(stop));
        await engine.Reached(1, stop);
        Assert.Equal("1:100 3:100", await Wares.Found(engine));
    }

    [Fact]
    public async Task A_write_of_which_half_was_done_is_done_again()
    {
        Once("/_bulk", new Fault.CutsHalfDone());

        await engine.Apply([.. Enumerable.Range(1, 6).Select(number => Wares.Of(number, "lamp"))], [], 1, stop);

        Assert.Equal(6, (await engine.Find(Wares.Query(), stop)).Total);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_done_again()
    {
        Once("/_bulk", new Fault.CutsAnswer());

        await engine.Apply([Wares.Of(1, "lamp")], [], 1, stop);

        Assert.Equal("1:100", await Wares.Found(engine));
    }

    [Fact]
    public async Task An_answer_that_leaves_out_what_became_of_a_product_is_none()
    {
        Once("/_bulk", new Fault.Changes(answer => answer["items"]!.AsArray().RemoveAt(0)));

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () =>
            await engine.Apply([Wares.Of(1, "lamp"), Wares.Of(2, "lamp")], [], 1, stop)
        );

        Assert.True(fault.MayPass);
        Assert.Equal(0, await engine.Position(stop));
    }

    [Fact]
    public async Task Many_products_are_written_in_requests_of_a_bounded_size()
    {
        var small = Stand.Engine(stand.Options() with { Alias = "small", BulkBytes = 2_000 });
        await small.Ensure(stop);

        await small.Apply([.. Enumerable.Range(1, 50).Select(number => Wares.Of(number, "lamp"))], [], 1, stop);

        Assert.Equal(50, (await small.Find(Wares.Query(), stop)).Total);
        Assert.True(stand.Server.Requests.Count(request => request == "POST /small/_bulk") > 10);
    }

    [Fact]
    public async Task A_write_makes_no_index_by_itself()
    {
        var nowhere = Stand.Engine(stand.Options() with { Alias = "nowhere" });

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () =>
            await nowhere.Apply([Wares.Of(1, "lamp")], [], 1, stop)
        );

        Assert.Contains("not an alias", fault.Message);
        Assert.DoesNotContain("nowhere", stand.Server.Cluster.Names);
    }

    [Fact]
    public async Task Of_two_of_one_id_the_last_counts_and_a_written_one_is_not_removed()
    {
        await engine.Apply([Wares.Of(1, "lamp", 100), Wares.Of(1, "lamp", 200)], [Wares.Id(1), Wares.Id(9)], 1, stop);

        Assert.Equal("1:200", await Wares.Found(engine));
    }

    [Fact]
    public async Task A_price_below_nothing_is_refused_before_anything_is_written()
    {
        await engine.Apply([Wares.Of(1, "lamp")], [], 1, stop);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await engine.Change([new(Wares.Id(1), [Price(1, -1)])], 2, stop)
        );
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await engine.Apply([Wares.Of(1, "lamp", -1)], [], 2, stop)
        );

        Assert.Equal("1:100", await Wares.Found(engine));
    }
}
