using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Whatever becomes of who works off an import, it ends as if nothing had.</summary>
public sealed class UndisturbedTests(ITestOutputHelper output)
{
    const string State = """
        select p.key || ' ' || p.title || ' ' || p.state || ' ' || p.version || ' ' || v.sku || ' ' || coalesce(r.amount, 0)
            || ' ' || coalesce(s.on_hand, 0)
        from products p join variants v on v.product = p.id left join prices r on r.variant = v.id
        left join stock s on s.variant = v.id order by 1
        """;

    static IEnumerable<string> Feed(int count, string title, int from = 0) =>
        Enumerable.Range(from, count).Select(i => ImportWords.Line($"cup-{i:D5}", $"{title} {i}", 100 + i, i % 7));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Kind", "slow")]
    public async Task One_that_is_cut_short_again_and_again_ends_with_the_same_state_and_events(int seed)
    {
        await using var whole = await BareImports.Open();
        await whole.Import("acme", Feed(3_000, "First"));
        await whole.Import("acme", Feed(2_500, "Second"), withdraws: true);
        await using var cut = await BareImports.Open();
        var random = new Random(seed);

        foreach (var (lines, withdraws) in new[] { (Feed(3_000, "First"), false), (Feed(2_500, "Second"), true) })
        {
            var run = await cut.Begin("acme", lines, withdraws);
            for (var killed = 0; run.State != ImportState.Done; )
            {
                using var kill = new CancellationTokenSource();
                if (killed++ < 20)
                    kill.CancelAfter(random.Next(1, 400));
                try
                {
                    run = await cut.Work(run, kill.Token) ?? run;
                }
                // However it dies: the driver does not always name a cut connection as one.
                catch (Exception) when (kill.IsCancellationRequested) { }
            }
        }

        Assert.Equal(await whole.Texts(State), await cut.Texts(State));
        Assert.Equal(await whole.Events(), await cut.Events());
        Assert.Empty(await cut.Broken());
    }

    [Fact]
    public async Task Two_on_overlapping_products_at_once_end_as_one_after_the_other_would()
    {
        await using var imports = await BareImports.Open();
        var one = await imports.Begin("acme", Feed(1_500, "Acme"));
        var other = await imports.Begin("bolt", Feed(1_500, "Bolt", from: 750));

        var ended = await Task.WhenAll(imports.Work(one), imports.Work(other));

        Assert.All(ended, run => Assert.Equal((ImportState.Done, 0L), (run!.State, run.Counts.Loaded!.Refused)));
        Assert.Equal(2_250, (await imports.Texts("select key from products")).Count);
        Assert.Equal(
            ["Acme 0", "Bolt 2249"],
            await imports.Texts("select title from products where key in ('cup-00000', 'cup-02249') order by key")
        );
        // Each that both deliver came by the one and was changed by the other.
        Assert.Equal(
            ["2"],
            await imports.Texts(
                "select distinct version::text from products where key between 'cup-00750' and 'cup-01499'"
            )
        );
        Assert.Empty(await imports.Broken());
    }

    [Fact]
    public async Task Two_workers_of_one_import_load_it_once()
    {
        await using var imports = await BareImports.Open();
        var run = await imports.Begin("acme", Feed(1_500, "Acme"));

        await Task.WhenAll(imports.Work(run), imports.Work(run), imports.Work(run));

        Assert.Equal(
            ["1500"],
            await imports.Texts("select count(*)::text from journal where type = 'product.created.v1'")
        );
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Any_sequence_of_imports_ends_as_a_plain_model_says(int seed)
    {
        await using var imports = await BareImports.Open();
        var random = new Random(seed);
        var model = new SortedDictionary<string, (string Title, bool IsShown)>(StringComparer.Ordinal);

        for (var step = 0; step < 12; step++)
        {
            var withdraws = random.Next(2) == 0;
            string[] keys = [.. Enumerable.Range(0, 30).Where(_ => random.Next(3) > 0).Select(i => $"cup-{i:D2}")];
            var title = $"Title {random.Next(4)}";
            var run = await imports.Import("acme", keys.Select(key => ImportWords.Line(key, title)), withdraws);

            Assert.Equal(ImportState.Done, run.State);
            if (withdraws)
                foreach (var key in model.Keys.Except(keys, StringComparer.Ordinal).ToArray())
                    model[key] = model[key] with { IsShown = false };
            foreach (var key in keys)
                model[key] = (title, true);
        }

        Assert.Equal(
            model.Select(one => $"{one.Key} {one.Value.Title} {(one.Value.IsShown ? "published" : "archived")}"),
            await imports.Texts("select key || ' ' || title || ' ' || state from products order by key")
        );
        Assert.Empty(await imports.Broken());
    }

    [Fact]
    [Trait("Kind", "long")]
    public async Task A_hundred_thousand_come_in_and_the_same_again_is_no_event()
    {
        const int Products = 100_000;
        await using var imports = await BareImports.Open();
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();

        var first = await imports.Import("acme", Feed(Products, "First"));
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(begun);
        var journaled = await imports.Texts("select count(*)::text from journal where type not like 'import.%'");
        begun = System.Diagnostics.Stopwatch.GetTimestamp();
        var again = await imports.Import("acme", Feed(Products, "First"));
        var tookAgain = System.Diagnostics.Stopwatch.GetElapsedTime(begun);

        output.WriteLine(
            $"first {Products / took.TotalSeconds:N0} products/s, again {Products / tookAgain.TotalSeconds:N0} products/s"
        );
        Assert.Equal((Products, Products), (first.Counts.Loaded!.Created, again.Counts.Loaded!.Unchanged));
        Assert.Equal(
            journaled,
            await imports.Texts("select count(*)::text from journal where type not like 'import.%'")
        );
    }
}
