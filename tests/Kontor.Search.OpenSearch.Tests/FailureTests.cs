using System.Text.Json.Nodes;
using Kontor.Search.OpenSearch.Tests.Interpreter;
using Microsoft.Extensions.Time.Testing;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>What is no answer is not taken for one, and what may pass is tried again, so often and no more.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    const string Busy =
        """{"error":{"root_cause":[{"type":"rejected_execution_exception","reason":"queue is full"}],"type":"search_phase_execution_exception","reason":"all shards failed"},"status":429}""";

    readonly Stand stand = new();
    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    OpenSearchEngine engine = null!; // Since InitializeAsync.
    int asked;

    public async ValueTask InitializeAsync()
    {
        await stand.InitializeAsync();
        engine = await stand.Engine();
        await engine.Apply([Wares.Of(1, "lamp"), Wares.Of(2, "chair")], [], 1, stop);
    }

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    void Searches(Func<int, Fault?> fault) =>
        stand.Server.Faults = what =>
            what.EndsWith("/_search", StringComparison.Ordinal) ? fault(Interlocked.Increment(ref asked)) : null;

    Task<SearchEngineException> Fails() =>
        Assert.ThrowsAsync<SearchEngineException>(async () => await engine.Find(Wares.Query(), stop));

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_busy_cluster_is_asked_again(int status)
    {
        Searches(time => time < 3 ? new Fault.Says(status, Busy) : null);

        Assert.Equal("1:100 2:100", await Wares.Found(engine));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_cluster_that_stays_busy_is_told_with_its_own_reason()
    {
        Searches(_ => new Fault.Says(429, Busy));

        var fault = await Fails();

        Assert.True(fault.MayPass);
        Assert.Equal("rejected_execution_exception", fault.Kind);
        Assert.Contains("queue is full", fault.Message);
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_question_that_is_refused_is_not_asked_again()
    {
        Searches(_ => new Fault.Says(
            400,
            """{"error":{"type":"parsing_exception","reason":"unknown query"},"status":400}"""
        ));

        var fault = await Fails();

        Assert.False(fault.MayPass);
        Assert.Contains("unknown query", fault.Message);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>", 502)]
    [InlineData("", 503)]
    public async Task What_stands_before_the_cluster_may_answer_anything(string body, int status)
    {
        Searches(time => time == 1 ? new Fault.Says(status, body) : null);

        Assert.Equal("1:100 2:100", await Wares.Found(engine));
    }

    [Theory]
    [InlineData("<html>Log in</html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"timed_out":false,"hits":{"hits":[]}}""")]
    public async Task A_good_answer_of_something_else_is_none(string body)
    {
        Searches(_ => new Fault.Says(200, body));

        Assert.True((await Fails()).MayPass);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_again()
    {
        Searches(time => time == 1 ? new Fault.CutsAnswer() : null);

        Assert.Equal("1:100 2:100", await Wares.Found(engine));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task What_was_found_before_the_time_was_up_is_not_taken_for_all()
    {
        Searches(_ => new Fault.Changes(answer => answer["timed_out"] = true));

        Assert.Contains("in time", (await Fails()).Message);
    }

    [Fact]
    public async Task What_some_shards_found_is_not_taken_for_all()
    {
        Searches(_ => new Fault.Changes(answer =>
        {
            answer["_shards"]!["failed"] = 1;
            answer["_shards"]!["failures"] = new JsonArray(
                new JsonObject { ["reason"] = new JsonObject { ["reason"] = "node left" } }
            );
        }));

        var fault = await Fails();

        Assert.True(fault.MayPass);
        Assert.Contains("node left", fault.Message);
    }

    [Fact]
    public async Task A_refresh_of_some_shards_is_none()
    {
        stand.Server.Faults = what =>
            what.EndsWith("/_refresh", StringComparison.Ordinal)
                ? new Fault.Changes(answer => answer["_shards"]!["failed"] = 1)
                : null;

        await Assert.ThrowsAsync<SearchEngineException>(async () => await engine.Reached(2, stop));

        Assert.Equal(1, await engine.Position(stop));
    }

    [Fact]
    public async Task An_engine_that_is_silent_is_given_up_in_time()
    {
        var time = new FakeTimeProvider();
        var options = stand.Options() with { Alias = "silent", Attempts = 2 };
        await Stand.Engine(options).Ensure(stop);
        var silent = Stand.Engine(options, time);
        Searches(_ => new Fault.Silence());

        var found = silent.Find(Wares.Query(), stop).AsTask();
        // Each attempt is left to wait when it has arrived; between them time only trickles.
        for (var seen = 0; !found.IsCompleted; await Task.Delay(5, stop))
            if (Volatile.Read(ref asked) > seen)
            {
                seen++;
                time.Advance(TimeSpan.FromSeconds(10));
            }
            else
                time.Advance(TimeSpan.FromMilliseconds(1));

        var fault = await Assert.ThrowsAsync<SearchEngineException>(() => found);
        Assert.True(fault.MayPass);
        Assert.Contains("in 10000 ms", fault.Message);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_of_a_fault()
    {
        using var enough = new CancellationTokenSource();
        Searches(_ =>
        {
            enough.Cancel();
            return new Fault.Silence();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await engine.Find(Wares.Query(), enough.Token)
        );
    }

    [Fact]
    public async Task Nobody_there_is_a_fault_that_may_pass()
    {
        var nobody = Stand.Engine(stand.Options() with { Address = new("http://127.0.0.1:1"), Attempts = 2 });

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () => await nobody.Find(Wares.Query(), stop));

        Assert.True(fault.MayPass);
    }

    [Fact]
    public async Task An_index_that_is_not_there_is_a_fault_with_its_name()
    {
        var nowhere = Stand.Engine(stand.Options() with { Alias = "nowhere" });

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () =>
            await nowhere.Find(Wares.Query(), stop)
        );

        Assert.False(fault.MayPass);
        Assert.Equal("index_not_found_exception", fault.Kind);
    }

    [Fact]
    public async Task A_histogram_of_too_many_intervals_is_refused_and_not_asked_again()
    {
        await engine.Apply(
            [
                Wares.Of(3, "table") with
                {
                    Numbers = [.. Enumerable.Range(0, 66_000).Select(number => new FieldNumber("width", number))],
                },
            ],
            [],
            2,
            stop
        );
        Searches(_ => null);

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () =>
            await engine.Find(Wares.Query() with { Facets = [new SearchFacet.Histogram("width", 1)] }, stop)
        );

        Assert.False(fault.MayPass);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_query_with_a_fault_is_not_sent()
    {
        Searches(_ => null);

        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await engine.Find(Wares.Query() with { Limit = 0 }, stop)
        );

        Assert.Equal(0, asked);
    }
}
