namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>The file of the tour, and rows that the catalogue cannot take.</summary>
public sealed class DemoFileTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task The_demo_file_comes_in_and_a_second_time_changes_nothing()
    {
        var file = ("demo.csv", await File.ReadAllBytesAsync(Path.Combine(Samples.Folder, "demo.csv")));

        var first = await shop.Rested(await shop.Begin(Mapped.Sample("demo"), true, file));
        var journaled = await shop.GoodsJournaled();
        var again = await shop.Rested(await shop.Begin(Mapped.Sample("demo"), true, file));

        Assert.Equal((30, 0, 0, 0), first.Sums());
        Assert.Equal(new("PRICE_MISSING", 1), Assert.Single(await shop.Faults(first)));
        Assert.Equal((0, 0, 30, 0), again.Sums());
        Assert.Equal(journaled, await shop.GoodsJournaled());
        var board = (await shop.Stranger.Get("/api/v1/products/oak-chopping-board-small")).Is(200);
        var variant = board.Data.GetProperty("variants")[0];
        Assert.Equal("""[{"amount":3490,"currency":"EUR"}]""", variant.GetProperty("prices").ToString());
        Assert.Equal("inStock", variant.GetProperty("availability").GetString());
    }

    [Fact]
    public async Task What_the_catalogue_forbids_is_refused_product_by_product()
    {
        var (key, other) = (shop.Fresh("taken"), shop.Fresh("taken"));
        var standing = await shop.NewProduct(key, stock: 5);
        await shop.NewProduct(other);
        await shop.Query<object>(
            "update stock set reserved = 3 where variant in (select id from variants where sku = $1) returning 1",
            $"SKU-{key}"
        );

        var run = await shop.Import(
            shop.Fresh("acme"),
            [
                $$"""{"key":"{{key}}-a","title":"Slug","slug":"{{standing.Value(
                    "slug"
                )}}","variants":[{"sku":"{{key}}-a"}]}""",
                $$"""{"key":"{{key}}","title":"Stock","variants":[{"sku":"SKU-{{key}}","stock":2}]}""",
                $$"""{"key":"{{key}}-b","title":"SKU of another","variants":[{"sku":"SKU-{{other}}"}]}""",
                ImportWords.Line($"{key}-c", "Good"),
            ]
        );

        Assert.Equal((1, 0, 0, 3), run.Sums());
        Assert.Equal(
            ["!SKU_TAKEN", "!SLUG_TAKEN", "!STOCK_BELOW_RESERVED"],
            (await shop.Faults(run)).Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_changed_row_changes_what_it_says_and_a_count_alone_is_no_new_version()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));
        await shop.Import(
            supplier,
            [ImportWords.Line($"{key}-1", "One"), ImportWords.Line($"{key}-2", "Two"), ImportWords.Line(key, "Three")]
        );
        var (updated, counted) = (await shop.Journaled("product.updated.v1"), await shop.Journaled("stock.changed.v1"));

        var run = await shop.Import(
            supplier,
            [
                ImportWords.Line($"{key}-1", "One renamed"),
                $$"""{"key":"{{key}}-2","title":"Two","variants":[{"sku":"S-{{key}}-2","prices":[],"stock":1}]}""",
                ImportWords.Line(key, "Three", stock: 7),
            ]
        );

        Assert.Equal((0, 3, 0, 0), run.Sums());
        Assert.Equal(2, await shop.Journaled("product.updated.v1") - updated);
        Assert.Equal(1, await shop.Journaled("stock.changed.v1") - counted);
        Assert.Equal(
            0,
            await shop.Query<long>(
                "select count(*) from prices p join variants v on v.id = p.variant where v.sku = $1",
                $"S-{key}-2"
            )
        );
    }
}
