using System.Text;
using CsCheck;
using Kontor.Search.Tests;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>The promises of the port, kept by a real OpenSearch where one is named; here the run itself is tried on the
/// interpreter.</summary>
public sealed class RealTests(Stand stand) : IClassFixture<Stand>
{
    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Kind", "slow")]
    public async Task A_real_OpenSearch_keeps_the_promises()
    {
        var real = Stand.RealOrSkip();

        await Keeps(real, shops: 60);
    }

    [Fact]
    public async Task The_run_against_a_real_one_leaves_nothing_behind()
    {
        await Keeps(stand.Server.Address, shops: 3);

        Assert.Empty(stand.Server.Cluster.Names);
        Assert.Empty(stand.Server.Unknown);
    }

    async Task Keeps(Uri address, int shops)
    {
        await AgreementTests.Shops.SampleAsync(
            (steps, queries) => With(address, engine => AgreementTests.Agrees(engine, steps, queries)),
            iter: shops,
            threads: 2
        );
        await With(address, LateWritesChangeNothing);
        await With(address, WordsAreForgivenAndCompleted);
        await With(address, WhatIsBuiltTakesThePlace);
    }

    async Task LateWritesChangeNothing(OpenSearchEngine engine)
    {
        await engine.Apply([Wares.Of(1, "lamp", 900), Wares.Of(2, "lamp")], [], 9, stop);
        await engine.Apply([], [Wares.Id(2)], 10, stop);

        await engine.Apply([Wares.Of(1, "lamp", 500), Wares.Of(2, "lamp")], [], 5, stop);
        await engine.Change([new(Wares.Id(1), [new(Goods.Variant(Wares.Id(1), 1), null, [new("EUR", 700)])])], 6, stop);

        Assert.Equal("1:900", await Wares.Found(engine));
        Assert.Equal(10, await engine.Position(stop));
    }

    async Task WordsAreForgivenAndCompleted(OpenSearchEngine engine)
    {
        await engine.Apply([Wares.Of(1, "red lamp"), Wares.Of(2, "lamps of oak")], [], 1, stop);

        Assert.Equal("1:100", await Wares.Found(engine, "lmap"));
        Assert.Equal("2:100", await Wares.Found(engine, "\"lamp of oak\""));
        Assert.Equal(
            [new Completion("lamp", 1), new Completion("lamps", 1)],
            await engine.Suggest(new(Goods.Noon, "la") { Language = ToyLanguage.Tag }, stop)
        );
    }

    async Task WhatIsBuiltTakesThePlace(OpenSearchEngine engine)
    {
        await engine.Apply([Wares.Of(1, "lamp")], [], 5, stop);
        var rebuild = await engine.Rebuild(stop);
        await rebuild.Apply([Wares.Of(2, "lamp")], [], 6, stop);

        Assert.Equal("1:100", await Wares.Found(engine));
        Assert.False(await rebuild.Serve(4, stop));
        Assert.True(await rebuild.Serve(6, stop));
        Assert.Equal("2:100", await Wares.Found(engine));
        Assert.Equal(6, await engine.Position(stop));
    }

    /// <summary>An engine of its own, and afterwards no index of it.</summary>
    async Task With(Uri address, Func<OpenSearchEngine, Task> test)
    {
        var options = stand.Options(address);
        var engine = Stand.Engine(options);
        await engine.Ensure(stop);
        try
        {
            await test(engine);
        }
        finally
        {
            using var http = new HttpClient();
            foreach (var index in (string[])["-1", "-2"])
            {
                using var gone = new HttpRequestMessage(HttpMethod.Delete, new Uri(address, options.Alias + index));
                if (options.User is { } user)
                    gone.Headers.Authorization = new(
                        "Basic",
                        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}"))
                    );
                // There is no second one where nothing was built.
                Assert.True((int)(await http.SendAsync(gone, stop)).StatusCode is 200 or 404);
            }
        }
    }
}
