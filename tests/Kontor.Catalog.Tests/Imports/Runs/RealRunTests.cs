using System.Text.Json;
using Kontor.Catalog.Tests.RealGoods;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Real feeds with their mappings, from the file to the product. They lie outside the repository, in the folder that
/// KONTOR_DATA names.</summary>
[Trait("Kind", "slow")]
public sealed class RealRunTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Bdpm_comes_in_from_two_packed_files_in_windows_1252()
    {
        var (run, told) = await TwiceTheSame("bdpm", "bdpm", "bdpm/CIS_bdpm.txt.gz", "bdpm/CIS_CIP_bdpm.txt.gz");

        Assert.Equal(36_291, run.GetProperty("counts").Count("rows"));
        Assert.Equal((14_221, 0, 0, 1_374), run.Sums()); // 1,327 products have no pack, 47 have packs and no row of their own.
        Assert.Equal(1_374, told["!IMPORT_PRODUCT_INCOMPLETE"]);
        Assert.Equal((283, 7_728), (told["NUMBER_GROUPED"], told["PRICE_MISSING"]));
    }

    [Fact]
    public async Task Goodbooks_comes_in_without_the_isbns_that_a_spreadsheet_ruined()
    {
        var (run, told) = await TwiceTheSame("goodbooks", "goodbooks", "goodbooks/books.csv.gz");

        Assert.Equal((10_000, 0, 0, 0), run.Sums());
        Assert.Equal((9_410, 1), (told["GTIN_RUINED"], told["MEDIA_NOT_FETCHED"]));
    }

    [Fact]
    public async Task Vinmonopolet_comes_in_out_of_one_array()
    {
        var (run, _) = await TwiceTheSame("vinmonopolet", "vinmonopolet", "vinmonopolet/products.json.gz");

        Assert.Equal((10_972, 0, 0, 0), run.Sums());
    }

    [Fact]
    public async Task Walmart_comes_in_with_dimensions_in_centimetres()
    {
        var (run, told) = await TwiceTheSame("walmart", "electronics", "walmart-amazon/walmart.csv");

        Assert.Equal((2_554, 0, 0, 0), run.Sums());
        Assert.Equal(64, told["PRICE_ZERO"]);
    }

    [Fact]
    public async Task Amazon_comes_in_from_a_compressed_file_with_titles_cut_at_a_word()
    {
        var (run, told) = await TwiceTheSame("amazon", "electronics", "walmart-amazon/amazon.csv.gz");

        Assert.Equal((22_074, 0, 0, 0), run.Sums());
        Assert.Equal(2_860, told["PRICE_MISSING"]);
        Assert.True(told["TITLE_CUT"] > 0);
    }

    [Fact]
    [Trait("Kind", "long")]
    public async Task Openfoodfacts_comes_in_with_99_566_rows()
    {
        var (run, told) = await TwiceTheSame("openfoodfacts", "openfoodfacts", "openfoodfacts/products.ndjson.gz");

        Assert.Equal(99_566, run.GetProperty("counts").Count("rows"));
        Assert.Equal(641, told["GTIN_CHECK_DIGIT"] + told["GTIN_LENGTH"]);
    }

    /// <summary>Planned and approved; then sent again, which is no event.</summary>
    async Task<(JsonElement Run, Dictionary<string, long> Told)> TwiceTheSame(
        string mapping,
        string type,
        params string[] files
    )
    {
        var sent = files.Select(file => (Path.GetFileName(file), File.ReadAllBytes(RealFiles.Path(file)))).ToArray();
        await shop.Type(type);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var planned = await Rested(await shop.Begin(Mapped.Sample(mapping), false, sent));
        var plannedIn = clock.Elapsed;
        Assert.Equal("planned", planned.State());
        (await shop.Importer().Post($"{ImportWords.Path}/{planned.Id()}/approve", "")).Is(200);
        clock.Restart();
        var done = await Rested(planned.Id());
        var loadedIn = clock.Elapsed;
        Assert.Equal("done", done.State());
        Assert.Equal(done.Sums("planned"), done.Sums());
        var journaled = await shop.GoodsJournaled();

        clock.Restart();
        var again = await Rested(await shop.Begin(Mapped.Sample(mapping), true, sent));

        var told = await shop.Faults(done);
        TestContext.Current.SendDiagnosticMessage(
            $"{mapping}: {done.GetProperty("counts")} planned in {plannedIn.TotalSeconds:0.0} s, loaded in {loadedIn.TotalSeconds:0.0} s, again in {clock.Elapsed.TotalSeconds:0.0} s; {JsonSerializer.Serialize(told)}"
        );
        var (created, _, _, refused) = done.Sums();
        Assert.Equal(("done", (0, 0, created, refused)), (again.State(), again.Sums()));
        Assert.Equal(journaled, await shop.GoodsJournaled());
        return (done, told);
    }

    async Task<JsonElement> Rested(string id)
    {
        for (var i = 0; ; i++)
            try
            {
                return await shop.Rested(id);
            }
            catch (TimeoutException) when (i < 20) { }
    }
}
