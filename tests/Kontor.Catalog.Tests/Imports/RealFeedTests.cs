using Kontor.Catalog.Imports;

namespace Kontor.Catalog.Tests.Imports;

/// <summary>Real feeds, as they are. They lie outside the repository, in the folder that KONTOR_DATA names.</summary>
[Trait("Kind", "slow")]
public sealed class RealFeedTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Two_shops_with_24_628_rows_come_in_and_a_second_time_change_nothing()
    {
        var walmart = await Import("walmart-amazon/walmart.csv", "walmart.json");
        var amazon = await Import("walmart-amazon/amazon.csv.gz", "amazon.json");
        var journaled = await shop.Journaled();
        var last = await shop.Query<long>("select max(id) from journal");
        var again = (
            await Import("walmart-amazon/walmart.csv", "walmart.json"),
            await Import("walmart-amazon/amazon.csv.gz", "amazon.json")
        );

        Assert.Equal((2_554, 22_074), (walmart.Created, amazon.Created));
        Assert.Equal((0, 0), (walmart.Rejected, amazon.Rejected));
        Assert.Equal(64, walmart.NotedByCode["PRICE_ZERO"]);
        Assert.Equal(2_860, amazon.NotedByCode["PRICE_MISSING"]);
        Assert.True(amazon.NotedByCode["TITLE_CUT"] > 0);
        Assert.Equal(
            24_628,
            await shop.Query<long>("select count(*) from journal where body->>'key' similar to '(walmart|amazon)-%'")
        );
        Assert.Equal((2_554, 22_074), (again.Item1.Unchanged, again.Item2.Unchanged));
        Assert.Equal(
            (journaled, last),
            (await shop.Journaled(), await shop.Query<long>("select max(id) from journal"))
        );
        Assert.Equal(
            5_845,
            await shop.Query<long>(
                "select p.amount from prices p join variants v on v.id = p.variant where v.sku = 'walmart-0'"
            )
        );
    }

    [Fact]
    public async Task Ten_thousand_books_come_in_from_a_compressed_file()
    {
        var seen = new List<ImportProgress>();
        var path = Feed("goodbooks/books.csv.gz");

        var report = (
            await new ImportFile(shop.Database, TimeProvider.System).Run(
                path,
                FeedFormat.Csv,
                Samples.MapOf("goodbooks.json"),
                new Seen(seen),
                default
            )
        ).Value;

        Assert.Equal((10_000, 0, 0), (report.Created, report.Updated, report.Rejected));
        Assert.Equal(seen.Order(Comparer<ImportProgress>.Create((a, b) => a.Rows.CompareTo(b.Rows))), seen);
        Assert.Equal((10_000, seen[^1].TotalBytes), (seen[^1].Rows, seen[^1].BytesRead));
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        var path = Feed("openfoodfacts/products.ndjson.gz");
        var map = Samples.Map(
            """{"columns":{"sku":"barcode_id","title":"product_name","description":"ingredients"}}"""
        );
        var read = new List<WeakReference>();

        // Dry reading: what a whole import holds is this and one batch. Other tests use the same heap, so it is asked
        // whether rows are let go, not how large the heap is.
        await using var feed = await Kontor.Catalog.Imports.Feed.Open(path, FeedFormat.Ndjson, map, default);
        await foreach (var row in feed.Rows(default))
            if (Good.Of(row, map, _ => { }).Is(out var good, out var _))
                read.Add(new(good));
        GC.Collect();

        Assert.True(read.Count > 90_000, $"{read.Count} rows");
        Assert.InRange(read.Count(good => good.IsAlive), 0, ImportFile.BatchRows);
    }

    async Task<ImportReport> Import(string file, string map) =>
        (
            await new ImportFile(shop.Database, TimeProvider.System).Run(
                Feed(file),
                FeedFormat.Csv,
                Samples.MapOf(map),
                null,
                default
            )
        ).Value;

    static string Feed(string file)
    {
        var folder = Environment.GetEnvironmentVariable("KONTOR_DATA");
        Assert.SkipUnless(
            folder is not null && File.Exists(Path.Combine(folder, file)),
            $"The feed {file} is not there; KONTOR_DATA names the folder of real feeds."
        );
        return Path.Combine(folder, file);
    }

    sealed class Seen(List<ImportProgress> all) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => all.Add(value);
    }
}
