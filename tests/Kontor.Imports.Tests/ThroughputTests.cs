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

    /// <summary>Other tests use the same heap, so it is asked whether rows are let go, not how large the heap is.</summary>
    [Fact]
    public async Task Rows_are_let_go_as_they_are_read()
    {
        var source = Feeds.Real("openfoodfacts/products.ndjson.gz");
        var mapping = Mapping.FeedMapping.Read(Feeds.Sample("openfoodfacts.mapping.json")).Value;
        var rows = new List<WeakReference>();

        var feed = MappedFeed.Open(mapping, [source], Feeds.Types("openfoodfacts")).Value;
        await foreach (var row in feed.Rows(TestContext.Current.CancellationToken))
            rows.Add(new(row));
        GC.Collect();

        Assert.Equal(99_566, rows.Count);
        Assert.InRange(rows.Count(row => row.IsAlive), 0, 100);
    }
}
