using System.IO.Compression;
using System.Text;
using Kontor.Catalog.Imports;

namespace Kontor.Catalog.Tests.Imports;

public sealed class FeedTests(Shop shop) : IClassFixture<Shop>
{
    const string Columns =
        """{"columns":{"sku":"sku","title":"title","price":"price","currency":"currency","stock":"stock"}}""";
    const string Header = "sku,title,price,currency,stock\n";

    [Fact]
    public async Task A_file_that_breaks_keeps_what_came_before_and_says_where()
    {
        var sku = shop.Fresh("broken");
        var report = await Import($"{Header}{sku}-1,One,1,EUR,1\n{sku}-2,\"Two\"x,1,EUR,1\n{sku}-3,Three,1,EUR,1\n");

        Assert.Equal((1, 0, 0, 0), Counts(report));
        Assert.Equal("FEED_BROKEN", report.Aborted?.Code);
        Assert.Contains("Line 3", report.Aborted?.Detail);
    }

    [Fact]
    public async Task A_cut_off_archive_is_told()
    {
        var sku = shop.Fresh("cut");
        var rows = Enumerable.Range(0, 5_000).Select(i => $"{sku}-{i},Title {i * 7919 % 1000},{i}.00,EUR,1\n");
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Optimal))
            zip.Write(Bytes(Header + string.Concat(rows)));
        var whole = zipped.ToArray();

        var cut = await Samples.Run(shop, whole[..(whole.Length / 2)], FeedFormat.Csv, Samples.Map(Columns));
        var again = await Samples.Run(shop, whole, FeedFormat.Csv, Samples.Map(Columns));

        Assert.True(cut.Value.Aborted is { Code: "FEED_BROKEN" }, $"{cut.Value}");
        Assert.Equal(5_000, again.Value.Created + again.Value.Unchanged);
        Assert.Equal(cut.Value.Created, again.Value.Unchanged);
    }

    [Fact]
    public async Task Bytes_of_another_encoding_reject_their_row_only()
    {
        var sku = shop.Fresh("latin");
        var bytes = Encoding.Latin1.GetBytes($"{Header}{sku}-1,Ölkanne,1,EUR,1\n{sku}-2,Teekanne,1,EUR,1\n");

        var wrong = (await Samples.Run(shop, bytes, FeedFormat.Csv, Samples.Map(Columns))).Value;
        var right = await Samples.Run(
            shop,
            bytes,
            FeedFormat.Csv,
            Samples.Map(Columns.Insert(1, "\"encoding\":\"windows-1252\","))
        );

        Assert.Equal((1, 0, 0, 1), Counts(wrong));
        Assert.Equal("TEXT_UNREADABLE", wrong.Rows[0].Code);
        Assert.Equal((1, 0, 1, 0), Counts(right.Value));
    }

    [Fact]
    public async Task Lines_of_JSON_come_in_as_well()
    {
        var sku = shop.Fresh("json");
        var lines = $$"""
            {"id":"{{sku}}-1","name":"One","cost":1.5,"more":[1]}
            {"id":"{{sku}}-2","name":"Two"}
            {"id":"{{sku}}-3","name":["Three"]}
            {"id":"{{sku}}-4","name":"Four",
            [1]

            {{new string('x', Feed.MaxRow + 10)}}
            {"id":"{{sku}}-5","name":null}
            {"id":"{{sku}}-6","name":"Six","cost":null}
            """;
        const string Map = """{"columns":{"sku":"id","title":"name","price":"cost"},"constants":{"currency":"EUR"}}""";

        var report = (await Samples.Run(shop, Bytes(lines), FeedFormat.Ndjson, Samples.Map(Map))).Value;
        var refused = await Samples.Run(
            shop,
            Bytes(lines),
            FeedFormat.Ndjson,
            Samples.Map(Map.Replace("cost", "prise"))
        );

        Assert.Equal((3, 0, 0, 5), Counts(report));
        Assert.Equal(
            [
                (3, "ROW_MALFORMED"),
                (4, "ROW_MALFORMED"),
                (5, "ROW_MALFORMED"),
                (7, "ROW_TOO_LONG"),
                (8, "TITLE_MISSING"),
            ],
            report.Rows.Select(row => (row.Line, row.Code))
        );
        Assert.Equal("COLUMN_MISSING", refused.Rejection?.Code);
    }

    async Task<ImportReport> Import(string csv) =>
        (await Samples.Run(shop, Bytes(csv), FeedFormat.Csv, Samples.Map(Columns))).Value;

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static (long, long, long, long) Counts(ImportReport report) =>
        (report.Created, report.Updated, report.Unchanged, report.Rejected);
}
