namespace Kontor.Imports.Tests;

/// <summary>Real feeds with the mappings of samples/imports: the dirt that is in them is found, row by row.</summary>
public sealed class RealFeedTests
{
    [Fact]
    public async Task Openfoodfacts_has_641_barcodes_that_are_no_gtins()
    {
        var run = await Read("openfoodfacts", ["openfoodfacts"], "openfoodfacts/products.ndjson.gz");

        Assert.Equal(99_566, run.Count);
        Assert.Equal(641, run.Of("GTIN_CHECK_DIGIT") + run.Of("GTIN_LENGTH"));
        Assert.InRange(run.Of("GTIN_IN_STORE"), 4_000, 4_393);
        Assert.Empty(run.Feed.Broken);
        Assert.Equal(run.Feed.Progress.BytesTotal, run.Feed.Progress.BytesRead);
    }

    [Fact]
    public async Task Bdpm_has_283_prices_with_two_commas_and_7728_packs_without_price()
    {
        var run = await Read("bdpm", ["bdpm"], "bdpm/CIS_bdpm.txt.gz", "bdpm/CIS_CIP_bdpm.txt.gz");

        Assert.Equal(15_548 + 20_743, run.Drafts);
        Assert.Equal(283, run.Of("NUMBER_GROUPED"));
        Assert.Equal(7_728, run.Of("PRICE_MISSING"));
        Assert.Equal(0, run.Of("TEXT_UNREADABLE"));
        Assert.Equal(15_548 + 47, run.Keys.Count); // 62 packs of 47 products that the other file lacks
    }

    [Fact]
    public async Task Goodbooks_has_9410_isbns_that_a_spreadsheet_ruined()
    {
        var run = await Read("goodbooks", ["goodbooks"], "goodbooks/books.csv.gz");

        Assert.Equal(10_000, run.Drafts);
        Assert.Equal(9_410, run.Of("GTIN_RUINED"));
    }

    [Fact]
    public async Task Walmart_and_amazon_have_rows_without_price_and_dimensions_in_inches()
    {
        var walmart = await Read("walmart", ["electronics"], "walmart-amazon/walmart.csv");
        var amazon = await Read("amazon", ["electronics"], "walmart-amazon/amazon.csv.gz");

        Assert.Equal((2_554, 22_074), (walmart.Drafts, amazon.Drafts));
        Assert.Equal(64, walmart.Of("PRICE_ZERO"));
        Assert.Equal(2_860, amazon.Of("PRICE_MISSING"));
        Assert.Contains(
            """
            "length":{"value":17.145,"unit":"cm"}
            """.Trim(),
            walmart.Json(1),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Icecat_is_read_out_of_arrays_with_typed_attributes()
    {
        var run = await Read(
            "icecat",
            ["electronics"],
            "icecat/products-1.json.gz",
            "icecat/products-2.json.gz",
            "icecat/products-3.json.gz"
        );

        Assert.Equal((15_000, 15_000), (run.Drafts, run.Keys.Count));
        Assert.Contains("\"n_display_diagonal\":17", run.Json(1), StringComparison.Ordinal);
        Assert.Contains("\"b_touchscreen\":false", run.Json(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abt_and_buy_have_prices_in_dollars_and_many_without()
    {
        var abt = await Read("abt", ["electronics"], "abt-buy/raw-Abt.csv");
        var buy = await Read("buy", ["electronics"], "abt-buy/raw-Buy.csv");

        Assert.Equal((1_081, 1_092), (abt.Drafts, buy.Drafts));
        Assert.Equal((663, 502), (abt.Of("PRICE_MISSING"), buy.Of("PRICE_MISSING")));
        Assert.Equal(0, abt.Of("NUMBER_UNREADABLE") + buy.Of("NUMBER_UNREADABLE"));
    }

    [Fact]
    public async Task Vinmonopolet_is_read_out_of_one_array()
    {
        var run = await Read("vinmonopolet", ["vinmonopolet"], "vinmonopolet/products.json.gz");

        Assert.Equal((10_972, 10_972), (run.Drafts, run.Keys.Count));
        Assert.Contains("\"prices\":[{\"amount\":15190,\"currency\":\"NOK\"}]", run.Json(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sunrise_has_stock_rows_without_products()
    {
        var run = await Read("sunrise-inventory", [], "sunrise/inventory.csv.gz");

        Assert.Equal(26_137, run.Drafts);
    }

    static Task<Run> Read(string mapping, string[] types, params string[] files) =>
        Feeds.Read(
            Mapping.FeedMapping.Read(Feeds.Sample($"{mapping}.mapping.json")).Value,
            Feeds.Types(types),
            [.. files.Select(Feeds.Real)]
        );
}
