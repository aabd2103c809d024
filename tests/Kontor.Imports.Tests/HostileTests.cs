using System.IO.Compression;
using System.Text;

namespace Kontor.Imports.Tests;

/// <summary>Files that are broken, or made to break who reads them: a clear word, flat memory, and the good rows come in.</summary>
public sealed class HostileTests
{
    const string Product = """{"key": "sku", "title": "title", "variants": [{"sku": "sku"}]}""";

    [Fact]
    public async Task A_row_of_ten_million_columns_is_refused_alone()
    {
        var csv = Bytes($"sku,title\na,A\n{new string(',', 10_000_000)}\nb,B\n");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var run = await Read("feed.csv", csv);

        Assert.Equal((2, 1), (run.Drafts, run.Of("ROW_TOO_LONG")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30_000_000);
    }

    [Fact]
    public async Task A_row_with_too_many_columns_says_its_line()
    {
        var run = await Read("feed.csv", Bytes($"sku,title\na,A\n{new string(',', 5_000).Replace(",", ",x")}\nb,B\n"));

        Assert.Equal((2, 1), (run.Drafts, run.Of("TOO_MANY_COLUMNS")));
        Assert.Equal(3, run.Rows[1].At.Line);
    }

    [Theory]
    [InlineData("sku,title\na,\"A\nb,B\nc,C\n", "QUOTE_OPEN", 2)]
    [InlineData("sku,title\na,\"A\" x\nb,B\nc,C\n", "QUOTE_UNEXPECTED", 2)]
    [InlineData("sku,title\na,A,more\nb,B\nc,C\n", "ROW_MALFORMED", 2)]
    [InlineData("sku,title\na\nb,B\nc,C\n", "ROW_MALFORMED", 2)]
    public async Task A_broken_row_does_not_take_those_behind_it_along(string csv, string code, int line)
    {
        var run = await Read("feed.csv", Bytes(csv));

        Assert.Equal((2, 1), (run.Drafts, run.Of(code)));
        Assert.Equal(line, run.Rows[0].At.Line);
        Assert.Equal([3, 4], run.Rows.Skip(1).Select(row => row.At.Line));
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_cost_the_row_its_value_only()
    {
        byte[] csv =
        [
            .. "sku,title,note\na,"u8,
            0xff,
            (byte)'A',
            .. ",x\nb,B,"u8,
            0xff,
            .. "\nc,C,\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\n"u8,
        ];

        var run = await Read("feed.csv", csv, """{"key": "sku", "title": "title", "description": "note"}""");

        Assert.Equal((2, 2), (run.Drafts, run.Of("TEXT_UNREADABLE")));
        Assert.Equal("""{"key":"b","title":"B"}""", run.Json(1));
    }

    [Fact]
    public async Task Another_encoding_than_the_mapping_says_is_told()
    {
        var utf8 = Bytes("sku,title\na,Crème brûlée\n");

        var doubtful = await Read("feed.csv", utf8, file: """ "dialect": {"encoding": "windows-1252"}, """);
        var unreadable = await Read(
            "feed.csv",
            Encoding.Latin1.GetBytes("sku,title\na,Crème\nb,B\n"),
            file: """ "dialect": {"encoding": "utf-8"}, """
        );

        Assert.Equal("ENCODING_DOUBTFUL", Assert.Single(doubtful.Feed.Notices).Code);
        Assert.Equal((1, 1), (unreadable.Drafts, unreadable.Of("TEXT_UNREADABLE")));
    }

    [Theory]
    [InlineData("windows-1252", "Crème brûlée à l'été, garçon naïf, forêt")]
    [InlineData("windows-1250", "Zażółć gęślą jaźń, żółty ślimak, łódź")]
    [InlineData("windows-1251", "Съешь ещё этих мягких французских булок")]
    [InlineData("windows-1253", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία")]
    [InlineData("utf-16", "Crème brûlée")]
    [InlineData("utf-8", "Crème brûlée, Ξεσκεπάζω")]
    public async Task The_encoding_is_found_out(string encoding, string title)
    {
        var bytes = Extracting.Encodings.Of(encoding)!.GetBytes($"sku;title\na;{title}\n");

        var run = await Read("feed.csv", bytes);

        Assert.Contains(title, run.Json(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_that_was_cut_off_is_told_behind_its_good_rows()
    {
        var whole = Gzip(
            Bytes("sku,title\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"a{i},Title {i * 7919L}\n")))
        );

        var run = await Read("feed.csv.gz", whole[..(whole.Length / 2)]);

        Assert.InRange(run.Drafts, 1_000, 49_000);
        Assert.Equal("ARCHIVE_DAMAGED", Assert.Single(run.Feed.Broken).Code);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zip")]
    public async Task An_archive_that_unpacks_to_far_more_than_it_is_ends_early(string kind)
    {
        var bomb = kind == "gz" ? Gzip(new byte[200_000_000]) : Zip(("feed.csv", new byte[200_000_000]));

        var run = await Read($"feed.csv.{kind}", bomb);

        Assert.Equal("ARCHIVE_TOO_LARGE", Assert.Single(run.Feed.Broken).Code);
    }

    [Fact]
    public async Task An_archive_in_an_archive_is_refused()
    {
        var inner = Zip(("feed.csv", Bytes("sku,title\na,A\n")));

        var nested = await Read("feed.zip", Zip(("inner.zip", inner)));
        var plain = await Read("feed.zip", inner);

        Assert.Equal("ARCHIVE_REFUSED", Assert.Single(nested.Feed.Broken).Code);
        Assert.Equal(1, plain.Drafts);
    }

    [Fact]
    public async Task Entities_of_xml_are_not_read()
    {
        var bomb = """
            <?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "xxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]>
            <a><row><sku>a</sku><title>&c;</title></row></a>
            """;

        var run = await Read("feed.xml", Bytes(bomb), file: """ "format": "xml", "rows": "a/row", """);

        Assert.Equal("FILE_MALFORMED", Assert.Single(run.Feed.Broken).Code);
        Assert.Equal(0, run.Count);
    }

    [Theory]
    [InlineData("feed.csv", "")]
    [InlineData("feed.json", "")]
    public async Task An_empty_file_is_told(string name, string text) =>
        Assert.Equal("FILE_EMPTY", Assert.Single((await Read(name, Bytes(text))).Feed.Broken).Code);

    [Fact]
    public async Task A_file_that_breaks_behind_much_keeps_what_came_before()
    {
        var rows = string.Join(
            ",\n",
            Enumerable.Range(0, 100_000).Select(i => $$"""{"sku": "a{{i}}", "title": "T"}""")
        );

        var run = await Read(
            "feed.json",
            Bytes($"[{rows}, {{\"sku\": \"b\", \"title"),
            file: """ "format": "json", """
        );

        Assert.Equal(100_000, run.Drafts);
        var broken = Assert.Single(run.Feed.Broken);
        Assert.Equal(("FILE_CUT_OFF", 100_001), (broken.Code, broken.Line));
    }

    [Fact]
    public async Task A_malformed_last_line_behind_much_is_one_fault()
    {
        var rows = string.Concat(
            Enumerable.Range(0, 100_000).Select(i => $$"""{"sku": "a{{i}}", "title": "T"}""" + "\n")
        );

        var run = await Read(
            "feed.ndjson",
            Bytes($"{rows}{{\"sku\": \"b\", \"title"),
            file: """ "format": "ndjson", """
        );

        Assert.Equal((100_000, 1), (run.Drafts, run.Of("ROW_MALFORMED")));
        Assert.Equal(100_001, run.Count);
        Assert.Empty(run.Feed.Broken);
    }

    [Fact]
    public async Task Quotes_that_are_never_closed_end_the_file_before_it_takes_for_ever()
    {
        var run = await Read("feed.csv", Bytes("sku,title\n" + string.Concat(Enumerable.Repeat("a,\"A\nb,x\n", 301))));

        Assert.True(run.Of("QUOTE_OPEN") + run.Of("QUOTE_UNEXPECTED") > 0 || run.Feed.Broken.Count > 0);
        Assert.InRange(run.Of("QUOTE_OPEN"), 0, 100);
    }

    static Task<Run> Read(string name, byte[] bytes, string product = Product, string file = "") =>
        Feeds.Read(Feeds.Mapping(product, file), null, new FeedBytes(name, bytes));

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static byte[] Gzip(byte[] content)
    {
        using var into = new MemoryStream();
        using (var gzip = new GZipStream(into, CompressionLevel.Optimal))
            gzip.Write(content);
        return into.ToArray();
    }

    static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var into = new MemoryStream();
        using (var zip = new ZipArchive(into, ZipArchiveMode.Create))
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return into.ToArray();
    }
}
