using System.Text;
using Kontor.Catalog.Imports;

namespace Kontor.Catalog.Tests.Imports;

public sealed class ImportTests(Shop shop) : IClassFixture<Shop>
{
    const string Columns =
        """{"columns":{"sku":"sku","title":"title","price":"price","currency":"currency","stock":"stock"}}""";
    const string Header = "sku,title,price,currency,stock\n";

    [Fact]
    public async Task The_demo_file_comes_in_and_a_second_time_changes_nothing()
    {
        var first = await Samples.Import(shop, "demo.csv", "demo.json");
        var journaled = await shop.Journaled();
        var again = await Samples.Import(shop, "demo.csv", "demo.json");

        Assert.Equal((30, 0, 0, 0), Counts(first));
        Assert.Equal(1, first.NotedByCode["PRICE_MISSING"]);
        Assert.Equal((0, 0, 30, 0), Counts(again));
        Assert.Equal(journaled, await shop.Journaled());
        var board = (await shop.Stranger.Get("/api/v1/products/oak-chopping-board-small")).Is(200);
        var variant = board.Data.GetProperty("variants")[0];
        Assert.Equal("""[{"amount":3490,"currency":"EUR"}]""", variant.GetProperty("prices").ToString());
        Assert.Equal("inStock", variant.GetProperty("availability").GetString());
    }

    [Fact]
    public async Task Changed_rows_change_their_products_and_are_journaled()
    {
        var (one, two, three) = (shop.Fresh("imp"), shop.Fresh("imp"), shop.Fresh("imp"));
        await Import($"{Header}{one},First {one},1.50,EUR,1\n{two},Two,2,EUR,2\n{three},Three,3,EUR,0\n");
        var (updated, counted) = (await shop.Journaled("product.updated.v1"), await shop.Journaled("stock.changed.v1"));

        var report = await Import($"{Header}{one},One renamed,1.50,EUR,1\n{two},Two,,EUR,2\n{three},Three,3,EUR,7\n");

        Assert.Equal((0, 3, 0, 0), Counts(report));
        Assert.Equal(2, await shop.Journaled("product.updated.v1") - updated);
        Assert.Equal(1, await shop.Journaled("stock.changed.v1") - counted);
        Assert.Equal("One renamed", (await shop.Stranger.Get($"/api/v1/products/first-{one}")).Is(200).Value("title"));
        Assert.Equal(
            0,
            await shop.Query<long>(
                "select count(*) from prices p join variants v on v.id = p.variant where v.sku = $1",
                two
            )
        );
    }

    [Fact]
    public async Task Parallel_imports_of_one_file_reject_nothing()
    {
        const int Rows = 5_000;
        var sku = shop.Fresh("twins");
        var file = Header + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{sku}-{i},Twin,1,EUR,1\n"));

        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Import(file)));

        Assert.All(reports, report => Assert.Equal(0, report.Rejected));
        Assert.Equal(Rows, reports.Sum(report => report.Created));
    }

    [Fact]
    public async Task A_dirty_row_is_rejected_with_its_line_and_the_others_come_in()
    {
        var sku = shop.Fresh("dirty");
        var report = await Import(
            $"""
            {Header.TrimEnd()}
            {sku},Good,1.00,EUR,1
            ,No SKU,1,EUR,1
            a b,Bad SKU,1,EUR,1
            {sku}-t,"  ",1,EUR,1

            {sku}-p,"Price
            over two lines",1.999,EUR,1
            {sku}-q,Unreadable,$3,EUR,1
            {sku}-n,Negative,-0.01,EUR,1
            {sku}-c,Currency,1,XYZ,1
            {sku}-s,Stock,1,EUR,many
            {sku},Again,1,EUR,1
            {sku}-f,Too,few
            {sku}-l,Last,0.0,EUR,1
            """
        );

        Assert.Equal((2, 0, 0, 10), Counts(report));
        Assert.Equal(
            [
                (3, "SKU_MISSING"),
                (4, "SKU_INVALID"),
                (5, "TITLE_MISSING"),
                (7, "PRICE_TOO_PRECISE"),
                (9, "PRICE_UNREADABLE"),
                (10, "PRICE_NEGATIVE"),
                (11, "CURRENCY_UNKNOWN"),
                (12, "STOCK_UNREADABLE"),
                (13, "DUPLICATE_SKU"),
                (14, "ROW_MALFORMED"),
            ],
            report.Rows.Select(row => (row.Line, row.Code))
        );
        Assert.Equal(1, report.NotedByCode["PRICE_ZERO"]);
        Assert.Equal(1, report.RejectedByCode["DUPLICATE_SKU"]);
    }

    [Fact]
    public async Task A_duplicate_far_behind_is_still_found()
    {
        var sku = shop.Fresh("far");
        var rows = string.Concat(Enumerable.Range(0, 2_500).Select(i => $"{sku}-{i % 2_400},Row,1,EUR,\n"));

        var report = await Import(Header + rows);

        Assert.Equal((2_400, 0, 0, 100), Counts(report));
        Assert.Equal(2_402, report.Rows[0].Line);
    }

    [Fact]
    public async Task What_the_catalogue_forbids_rejects_the_row()
    {
        var (key, other) = (shop.Fresh("taken"), shop.Fresh("taken"));
        var standing = await shop.NewProduct(key, stock: 5);
        await shop.NewProduct(other);
        await shop.Query<object>(
            "update stock set reserved = 3 where variant in (select id from variants where sku = $1) returning 1",
            $"SKU-{key}"
        );
        const string Map =
            """{"columns":{"sku":"sku","key":"key","title":"title","slug":"slug","stock":"stock","category":"category"}}""";
        var rows = $"""
            sku,key,title,slug,stock,category
            {key}-new,{key},Key,,,
            {key}-new,{key}-a,Slug,{standing.Value("slug")},,
            {key}-new,{key}-b,Category,,,no-such
            SKU-{key},{key},Stock,,2,
            SKU-{other},{key},Key of another,,,
            """;

        var report = (await Samples.Run(shop, Bytes(rows), FeedFormat.Csv, Samples.Map(Map))).Value;

        Assert.Equal((0, 0, 0, 5), Counts(report));
        Assert.Equal(
            ["PRODUCT_KEY_TAKEN", "DUPLICATE_SKU", "DUPLICATE_SKU", "STOCK_BELOW_RESERVED", "KEY_DIFFERS"],
            report.Rows.Select(row => row.Code)
        );
    }

    [Fact]
    public async Task A_row_for_one_of_several_variants_leaves_the_product_its_name()
    {
        var key = shop.Fresh("many");
        var body = new
        {
            key,
            title = "Of two sizes",
            variants = new[] { new { sku = $"{key}-S" }, new { sku = $"{key}-L" } },
        };
        var product = (await shop.Staff.Post("/api/v1/products", body)).Is(201);

        var report = await Import($"{Header}{key}-S,Small,5,EUR,1\n{key}-L,Large,6,EUR,\n");

        var now = await shop.Stranger.Get($"/api/v1/products/{product.Value("id")}");
        Assert.Equal((0, 2, 0, 0), Counts(report));
        Assert.Equal(("Of two sizes", "2"), (now.Value("title"), now.Value("version")));
    }

    [Fact]
    public async Task Two_imports_of_one_file_at_once_make_each_product_once()
    {
        var sku = shop.Fresh("race");
        var rows = Header + string.Concat(Enumerable.Range(0, 1_500).Select(i => $"{sku}-{i},Race {i},1,EUR,1\n"));

        var reports = await Task.WhenAll(Import(rows), Import(rows));

        Assert.Equal(1_500, reports.Sum(report => report.Created));
        Assert.Equal(1_500, reports.Sum(report => report.Unchanged));
        Assert.Equal(
            1_500,
            await shop.Query<long>(
                "select count(*) from journal where type = 'product.created.v1' and body->>'key' like $1",
                $"{sku}-%"
            )
        );
    }

    async Task<ImportReport> Import(string csv) =>
        (await Samples.Run(shop, Bytes(csv), FeedFormat.Csv, Samples.Map(Columns))).Value;

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static (long, long, long, long) Counts(ImportReport report) =>
        (report.Created, report.Updated, report.Unchanged, report.Rejected);
}
