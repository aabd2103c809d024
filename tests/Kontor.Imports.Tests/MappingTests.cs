using System.Text.Json;
using Kontor.Imports.Mapping;

namespace Kontor.Imports.Tests;

public sealed class MappingTests
{
    [Theory]
    [InlineData("{}", "$")]
    [InlineData("""{"supplier": "s", "files": [{"product": {"key": "a", "titel": "b"}}]}""", "files[0].product.titel")]
    [InlineData(
        """{"supplier": "s", "files": [{"product": {"key": {"template": "a{b"}}}]}""",
        "files[0].product.key.template"
    )]
    [InlineData(
        """{"supplier": "s", "files": [{"product": {"key": {"from": "a", "do": ["shout"]}}}]}""",
        "files[0].product.key.do[0]"
    )]
    [InlineData(
        """{"supplier": "s", "files": [{"product": {"key": {"from": "a", "do": [{"match": "(a)\\1"}]}}}]}""",
        "files[0].product.key.do[0].match"
    )]
    [InlineData(
        """{"supplier": "s", "files": [{"dialect": {"encoding": "ebcdic"}, "product": {"key": "a"}}]}""",
        "files[0].dialect.encoding"
    )]
    public void A_fault_of_a_mapping_names_its_path(string json, string path)
    {
        var refused = FeedMapping.Read(json).Rejection;

        Assert.Equal("MAPPING_INVALID", refused?.Code);
        Assert.Contains(path, refused!.Errors!.Keys);
    }

    [Theory]
    [InlineData("\"text\"", "<p>Tea &amp; <b>cake</b></p>", "Tea & cake")]
    [InlineData("\"text\"", "fish &amp;quot;n&amp;quot; chips", "fish \"n\" chips")]
    [InlineData("\"unmangle\"", "CrÃ¨me", "Crème")]
    [InlineData("{\"number\": \"comma\"}", "1.299,50", "1299.50")]
    [InlineData("{\"number\": \"point\"}", "$1,299.00", "1299.00")]
    [InlineData("{\"match\": \"- ([A-Z0-9]+)$\", \"group\": 1}", "Sony Turntable - PSLX350H", "PSLX350H")]
    [InlineData("{\"pair\": \"color\"}", "size=XS,color=Black", "Black")]
    [InlineData("{\"date\": \"dd/MM/yyyy\"}", "16/03/2011", "2011-03-16")]
    [InlineData("{\"convert\": \"oz\", \"to\": \"g\"}", "16", "453.59237")]
    [InlineData("{\"to\": \"cm\"}", "6.75 inches", "17.145")]
    [InlineData("\"gtin\"", "036000291452", "0036000291452")]
    [InlineData("\"isbn\"", "0-306-40615-2", "9780306406157")]
    [InlineData("\"key\"", "Größe / XL", "Gr-e-XL")]
    [InlineData("\"slug\"", "Red Tea_Pot!", "red-tea-pot")]
    public async Task A_step_changes_a_value(string step, string value, string expected)
    {
        var run = await OfValue($$"""{"from": "v", "do": [{{step}}]}""", value);

        Assert.Empty(run.Codes);
        Assert.Equal(expected, Description(run));
    }

    [Theory]
    [InlineData("{\"number\": \"point\"}", "12,50", "NUMBER_UNREADABLE")]
    [InlineData("{\"number\": \"comma\"}", "4,642,35", "NUMBER_UNREADABLE")]
    [InlineData("{\"number\": \"point\"}", "1e3", "NUMBER_UNREADABLE")]
    [InlineData("\"gtin\"", "036000291453", "GTIN_CHECK_DIGIT")]
    [InlineData("\"gtin\"", "36000291452", "GTIN_LENGTH")]
    [InlineData("\"gtin\"", "9.78043902348e+12", "GTIN_RUINED")]
    [InlineData("\"isbn\"", "439023483", "ISBN_INVALID")]
    [InlineData("{\"to\": \"cm\"}", "6.75 kg", "UNIT_UNKNOWN")]
    [InlineData("{\"date\": \"dd/MM/yyyy\"}", "2011-03-16", "DATE_UNREADABLE")]
    [InlineData("{\"lookup\": {\"a\": \"b\"}}", "c", "LOOKUP_MISSING")]
    public async Task What_a_step_cannot_read_is_left_out_and_told(string step, string value, string code)
    {
        var run = await OfValue($$"""{"from": "v", "do": [{{step}}]}""", value);

        Assert.Equal((1, 1), (run.Drafts, run.Of(code)));
        var fault = Assert.Single(run.Rows[0].Faults);
        Assert.Equal(("v", value, false), (fault.Column, fault.Value, fault.IsFatal));
        Assert.False(run.Rows[0].Source.IsEmpty);
    }

    [Theory]
    [InlineData("19.9", "EUR", "point", 1990)]
    [InlineData("1999", "JPY", "point", 1999)]
    [InlineData("15.500000000", "USD", "point", 1550)]
    [InlineData("0,30", "EUR", "comma", 30)]
    [InlineData("90071992547.41", "EUR", "point", 9007199254741)]
    [InlineData("4995", "USD", "minor", 4995)]
    [InlineData("007", "EUR", "point", 700)]
    [InlineData("1.234", "KWD", "point", 1234)]
    [InlineData("10000000000.00", "EUR", "point", 1_000_000_000_000)]
    [InlineData("10000000000.01", "EUR", "point", 1_000_000_000_001)]
    public async Task A_price_is_exact_minor_units(string amount, string currency, string decimals, long minor)
    {
        var run = await Feeds.Read(
            Feeds.Mapping(
                $$"""{"key": "k", "variants": [{"sku": "k", "prices": [{"amount": "v", "currency": "{{currency}}", "decimals": "{{decimals}}"}]}]}"""
            ),
            null,
            Feeds.Text("f.csv", $"k;v\na;\"{amount}\"\n")
        );

        if (minor <= 1_000_000_000_000)
            Assert.Contains(
                $$"""[{"amount":{{minor}},"currency":"{{currency}}"}]""",
                run.Json(0),
                StringComparison.Ordinal
            );
        else
            Assert.Equal(1, run.Of("PRICE_TOO_LARGE"));
    }

    [Theory]
    [InlineData("-0.00", "EUR", "PRICE_ZERO")]
    [InlineData("0", "EUR", "PRICE_ZERO")]
    [InlineData("-3", "EUR", "PRICE_NEGATIVE")]
    [InlineData("1.5", "JPY", "PRICE_TOO_PRECISE")]
    [InlineData("1.999", "EUR", "PRICE_TOO_PRECISE")]
    [InlineData("1e3", "EUR", "NUMBER_UNREADABLE")]
    [InlineData("12,50", "EUR", "NUMBER_UNREADABLE")]
    [InlineData("٣", "EUR", "NUMBER_UNREADABLE")]
    [InlineData("5", "XYZ", "CURRENCY_UNKNOWN")]
    public async Task What_is_no_price_is_left_out_and_told(string amount, string currency, string code)
    {
        var run = await Feeds.Read(
            Feeds.Mapping("""{"key": "k", "variants": [{"sku": "k", "prices": [{"amount": "v", "currency": "c"}]}]}"""),
            null,
            Feeds.Text("f.csv", $"k;v;c\na;\"{amount}\";{currency}\n")
        );

        Assert.Equal((1, 1), (run.Drafts, run.Of(code)));
        Assert.Contains("\"prices\":[]", run.Json(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_delimiter_that_a_mapping_may_name_can_be_read()
    {
        var taken = new List<char>();
        for (var sign = '\u0001'; sign < '\u0200'; sign++)
        {
            var json = JsonSerializer.Serialize($"{sign}");
            var read = FeedMapping.Read(
                $$$"""{"supplier": "s", "files": [{"format": "csv", "dialect": {"delimiter": {{{json}}}}, "product": {"key": "k", "title": "t"}}]}"""
            );
            if (!read.Is(out var mapping, out _))
                continue;
            var run = await Feeds.Read(mapping, null, Feeds.Text("f.csv", $"k{sign}t\na{sign}b\n"));
            Assert.Contains("\"title\":\"b\"", run.Json(0), StringComparison.Ordinal);
            taken.Add(sign);
        }

        Assert.Empty("\t ,;|^~:#".Except(taken));
        Assert.DoesNotContain(taken, sign => char.IsLetterOrDigit(sign) || sign is '"' or '\n' or '\r' or '§');
    }

    [Fact]
    public async Task Nested_rows_of_xml_give_variants_with_prices_by_predicate()
    {
        var xml = """
            <shop><item code="p1"><name>Cup</name><f><n>Colour</n><v l="sv">röd</v><v l="en">red</v></f>
            <kinds><kind><sku>c1</sku><price c="EUR">1.50</price><price c="SEK">17</price></kind></kinds></item></shop>
            """;

        var run = await Feeds.Read(
            Feeds.Mapping(
                """
                {"key": "@code", "title": "name", "description": "f[n=Colour]/v[@l=en]/#text", "variants": [{"each": "kinds/kind",
                "sku": "sku", "prices": [{"each": "price", "amount": "#text", "currency": "@c"}]}]}
                """,
                """ "format": "xml", "rows": "shop/item", """
            ),
            null,
            Feeds.Text("f.xml", xml)
        );

        Assert.Equal(
            """{"key":"p1","title":"Cup","description":"red","variants":[{"sku":"c1","prices":[{"amount":150,"currency":"EUR"},{"amount":1700,"currency":"SEK"}]}]}""",
            run.Json(0)
        );
    }

    [Fact]
    public async Task Quarantined_rows_can_be_corrected_and_run_again()
    {
        var mapping = Feeds.Mapping("""{"key": "k.1", "title": "v"}""", """ "name": "f.csv", "format": "csv", """);
        var first = await Feeds.Read(mapping, null, Feeds.Text("f.csv", "k.1,v\na,A\nb b,B\n"));
        using var into = new MemoryStream();
        var quarantine = new Quarantine(into);
        foreach (var row in first.Rows)
            await quarantine.Write(row, TestContext.Current.CancellationToken);
        var file = System.Text.Encoding.UTF8.GetString(into.ToArray());

        var second = await Feeds.Read(
            mapping,
            null,
            Feeds.Text("f.csv" + Quarantine.Ending, file.Replace("b b", "b", StringComparison.Ordinal))
        );

        Assert.Equal((1, 1L), (first.Of("KEY_INVALID"), quarantine.Rows));
        Assert.Contains("\"code\":\"KEY_INVALID\"", file, StringComparison.Ordinal);
        Assert.Equal((1, "b"), (second.Drafts, Assert.Single(second.Keys)));
    }

    static Task<Run> OfValue(string value, string text) =>
        Feeds.Read(
            Feeds.Mapping($$"""{"key": "k", "description": {{value}}}""", """ "format": "ndjson", """),
            null,
            Feeds.Text("f.ndjson", System.Text.Json.JsonSerializer.Serialize(new { k = "a", v = text }))
        );

    static string? Description(Run run)
    {
        using var json = System.Text.Json.JsonDocument.Parse(run.Rows[0].Draft!.Product);
        return json.RootElement.GetProperty("description").GetString();
    }
}
