namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Feeds that do not end with their first page.</summary>
public sealed class LongFeedTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_feed_of_several_pages_is_staged_whole_by_the_worker()
    {
        var (supplier, key) = (shop.Fresh("miller"), shop.Fresh("meal"));
        var lines = Enumerable.Repeat("""{"key":""}""", 10_001).Append(ImportWords.Line(key, "Meal"));

        var run = await shop.Rested(await shop.Begin(supplier, lines, maxFaults: 20_000));

        Assert.Equal(("done", (1, 0, 0, 0)), (run.State(), run.Sums()));
        Assert.Equal(
            (10_002, 10_001),
            (run.GetProperty("counts").Count("rows"), run.GetProperty("counts").Count("faulty"))
        );
    }
}
