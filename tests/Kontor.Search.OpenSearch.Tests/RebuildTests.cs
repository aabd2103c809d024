using Kontor.Search.OpenSearch.Tests.Interpreter;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>An index is built beside the one that is searched, and takes its place in one moment.</summary>
public sealed class RebuildTests : IAsyncLifetime
{
    readonly Stand stand = new();
    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    OpenSearchOptions options = null!; // Since InitializeAsync.
    OpenSearchEngine engine = null!; // As above.

    public async ValueTask InitializeAsync()
    {
        await stand.InitializeAsync();
        options = stand.Options() with { Alias = "shop" };
        engine = Stand.Engine(options);
        await engine.Ensure(stop);
        await engine.Apply([Wares.Of(1, "lamp"), Wares.Of(2, "lamp")], [], 5, stop);
    }

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    [Fact]
    public async Task What_is_built_is_seen_at_once_and_not_before()
    {
        var rebuild = await engine.Rebuild(stop);
        await rebuild.Apply([Wares.Of(1, "lamp", 10)], [], 4, stop);
        await rebuild.Apply([Wares.Of(3, "lamp", 30)], [], 6, stop);
        var before = (await Wares.Found(engine), await engine.Position(stop));

        Assert.True(await rebuild.Serve(6, stop));

        Assert.Equal(("1:100 2:100", 5), before);
        Assert.Equal(("1:10 3:30", 6), (await Wares.Found(engine), await engine.Position(stop)));
        Assert.Null(stand.Server.Cluster.Behind("shop").RefreshInterval);
    }

    [Fact]
    public async Task What_is_written_meanwhile_goes_to_the_index_that_is_searched()
    {
        var rebuild = await engine.Rebuild(stop);
        await rebuild.Apply([Wares.Of(1, "lamp", 10)], [], 5, stop);

        await engine.Apply([Wares.Of(4, "lamp", 40)], [], 6, stop);

        Assert.Equal("4:40 1:100 2:100", await Wares.Found(engine));
    }

    [Fact]
    public async Task An_index_that_is_behind_does_not_take_the_place()
    {
        var rebuild = await engine.Rebuild(stop);
        await rebuild.Apply([Wares.Of(1, "lamp", 10)], [], 4, stop);

        Assert.False(await rebuild.Serve(4, stop));
        Assert.Equal("1:100 2:100", await Wares.Found(engine));

        Assert.True(await rebuild.Serve(5, stop));
        Assert.Equal("1:10", await Wares.Found(engine));
    }

    [Fact]
    public async Task After_a_journal_that_began_anew_less_is_more()
    {
        var rebuild = await engine.Rebuild(stop);
        await rebuild.Apply([Wares.Of(1, "lamp", 10)], [], 2, stop);

        Assert.True(await rebuild.Serve(2, stop, evenIfBehind: true));

        Assert.Equal(2, await engine.Position(stop));
        Assert.Equal("1:10", await Wares.Found(engine));
    }

    [Fact]
    public async Task The_index_before_is_kept_until_the_next_is_begun_and_what_was_left_unfinished_is_dropped()
    {
        var left = await engine.Rebuild(stop);
        var finished = await engine.Rebuild(stop);
        Assert.Equal(["shop-1", "shop-3"], stand.Server.Cluster.Names.Order());
        Assert.True(await finished.Serve(6, stop));
        Assert.Equal(["shop-1", "shop-3"], stand.Server.Cluster.Names.Order());

        await engine.Rebuild(stop);

        Assert.Equal(["shop-3", "shop-4"], stand.Server.Cluster.Names.Order());
        // The one that was given up writes nowhere any more.
        await Assert.ThrowsAsync<SearchEngineException>(() => left.Apply([Wares.Of(1, "lamp")], [], 7, stop));
        await Assert.ThrowsAsync<SearchEngineException>(() => left.Serve(7, stop));
    }

    [Fact]
    public async Task Indices_of_others_with_a_name_that_begins_the_same_are_left_alone()
    {
        await Stand.Engine(options with { Alias = "shop-b2b" }).Ensure(stop);

        await engine.Rebuild(stop);

        Assert.Contains("shop-b2b-1", stand.Server.Cluster.Names);
    }

    [Theory]
    [InlineData("PUT /shop-2")]
    [InlineData("POST /_aliases")]
    [InlineData("PUT /shop-2/_settings")]
    [InlineData("POST /shop-next-2/_bulk")]
    public async Task An_answer_that_is_lost_does_no_harm(string request)
    {
        var times = 0;
        stand.Server.Faults = what =>
            what == request && Interlocked.Increment(ref times) == 1 ? new Fault.CutsAnswer() : null;

        var rebuild = await engine.Rebuild(stop);
        await rebuild.Apply([Wares.Of(1, "lamp", 10)], [], 6, stop);

        Assert.True(await rebuild.Serve(6, stop));
        Assert.Equal("1:10", await Wares.Found(engine));
        Assert.True(times > 1);
        // What was done already is said to be no more; that is the documentation's word too.
        while (stand.Server.Unknown.TryDequeue(out var unknown))
            Assert.Contains("aliases [", unknown);
    }

    [Fact]
    public async Task Processes_that_start_together_make_one_index()
    {
        var many = Enumerable.Range(0, 8).Select(_ => Stand.Engine(options with { Alias = "together" }).Ensure(stop));

        await Task.WhenAll(many);

        Assert.Single(stand.Server.Cluster.Names, name => name.StartsWith("together", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Making_sure_of_an_index_that_is_there_changes_nothing()
    {
        await engine.Ensure(stop);

        Assert.Equal("1:100 2:100", await Wares.Found(engine));
    }
}
