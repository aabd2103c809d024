using System.Diagnostics;

namespace Kontor.Imports.Tests;

public sealed class ThroughputTests
{
    /// <summary>No bound of time: the figure is for people, the count is the test.</summary>
    [Fact]
    public async Task Openfoodfacts_is_mapped_with_a_figure_told()
    {
        var source = Feeds.Real("openfoodfacts/products.ndjson.gz");
        var mapping = Mapping.FeedMapping.Read(Feeds.Sample("openfoodfacts.mapping.json")).Value;
        var rows = 0;
        for (var round = 0; round < 3; round++)
        {
            var feed = MappedFeed.Open(mapping, [source], Feeds.Types("openfoodfacts")).Value;
            var watch = Stopwatch.StartNew();
            rows = 0;
            await foreach (var _ in feed.Rows(TestContext.Current.CancellationToken))
                rows++;
            TestContext.Current.SendDiagnosticMessage($"{rows / watch.Elapsed.TotalSeconds:N0} rows/s");
        }

        Assert.Equal(99_566, rows);
    }
}
