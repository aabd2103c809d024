using System.Text.Json;
using System.Xml.Linq;
using Kontor.Catalog.Exports;
using Kontor.Catalog.Tests.Imports.Runs;
using Kontor.Catalog.Tests.Media;
using Kontor.Catalog.Tests.ProductTypes;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Exports;

public sealed class ExportTests(Shop shop) : IClassFixture<Shop>
{
    const string Path = "/api/v1/products/export";

    /// <summary>What spreadsheets take for formulas, what CSV takes for signs of its own, and what is hard to keep.</summary>
    static readonly string[] Nasty =
    [
        "=1+1",
        "'=1+1",
        "''=1",
        "+49 40 1234",
        "-5",
        "@SUM(A1)",
        "\tTab",
        "'\tTab",
        "'quoted'",
        "'",
        "\"",
        "say \"hi\", twice",
        "a,b;c|d",
        " blanks around ",
        "line\nbreak",
        "\r\nboth\r\nbreaks\r\n",
        "\rlone",
        "ünïcödé 漢字 👩‍👩‍👧 \u200e",
        "null",
        "true",
        "1.50",
        "{\"json\":[1]}",
        "U+FFFD: \uFFFD",
        "{} % \\ \\n \\u0041",
    ];

    Caller Reader => new(shop.Http) { Token = Scopes.CatalogRead };

    [Theory]
    [InlineData(ExportFormat.Ndjson)]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Xlsx)]
    public async Task An_export_imports_back_as_unchanged(ExportFormat format)
    {
        var type = await Fill();
        var journaled = await shop.GoodsJournaled();

        var answer = (await Reader.Get($"{Path}?format={ProductExport.Word(format)}&type={type}")).Is(200);
        var bytes = await answer.Raw.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var mapping = Mapping(format);
        var file = ($"products.{ProductExport.FileOf(format).Ending}", bytes);
        var planned = await shop.Rested(await shop.Begin(mapping, false, file));

        // XML knows one line break only: a cell of a workbook has no carriage return.
        var changed = format == ExportFormat.Xlsx ? Nasty.Count(text => text.Contains('\r')) : 0;
        Assert.Equal((0, changed, Nasty.Length + 2 - changed, 0), planned.Sums("planned"));
        if (changed > 0)
            return;
        var loaded = await shop.Say(planned.Id(), "approve");
        Assert.Equal((0, 0, Nasty.Length + 2, 0), loaded.Sums());
        Assert.Empty(await shop.Faults(loaded));
        Assert.Equal(journaled, await shop.GoodsJournaled());
    }

    [Theory]
    [InlineData(ExportFormat.Ndjson)]
    [InlineData(ExportFormat.Csv)]
    public async Task An_export_brings_back_what_was_changed_since(ExportFormat format)
    {
        var type = await Fill();
        var before = (await Reader.Get($"{Path}?type={type}")).Is(200).Text;
        var answer = (await Reader.Get($"{Path}?format={ProductExport.Word(format)}&type={type}")).Is(200);
        await shop.Query<object>(
            """
            with counted as (update stock set on_hand = 1 where variant in
                (select v.id from variants v join products p on p.id = v.product where p.type = $1))
            update products set title = 'Other', description = left(description, 0) || 'Other', texts = '{}', version = version + 1 where type = $1 returning 1
            """,
            type
        );

        var bytes = await answer.Raw.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var mapping = Mapping(format);
        var run = await shop.Rested(
            await shop.Begin(mapping, true, ($"products.{ProductExport.FileOf(format).Ending}", bytes))
        );

        Assert.Equal((0, Nasty.Length + 2, 0, 0), run.Sums());
        Assert.Equal(before, (await Reader.Get($"{Path}?type={type}")).Is(200).Text);
    }

    [Fact]
    public async Task No_cell_of_an_export_is_a_formula()
    {
        var type = await Fill();

        var csv = (await Reader.Get($"{Path}?format=csv&type={type}")).Is(200).Text;

        Assert.Contains(",\"'=1+1\",", csv, StringComparison.Ordinal);
        Assert.DoesNotMatch("(^|,)\"?[=+@\t-]", csv);
    }

    [Fact]
    public async Task What_Google_requires_is_there_and_what_lacks_it_is_counted()
    {
        var type = await shop.NewType(
            """{"key":"gtin","kind":"text","level":"variant"},{"key":"brand","kind":"text"}"""
        );
        var key = shop.Fresh("google");
        foreach (var (name, published) in new[] { ("good", true), ("bare", true), ("draft", false) })
            (
                await shop.Staff.Post(
                    "/api/v1/products",
                    $$$"""
                    {"key":"{{{key}}}-{{{name}}}","title":"Cup & saucer {{{name}}}","description":"=White\u0001","type":"{{{type}}}",
                     "publication":{"state":"{{{(published ? "published" : "draft")}}}"},
                     "variants":[{"sku":"{{{key}}}-{{{name}}}","stock":3,"attributes":{"gtin":"4006381333931"},
                       "prices":[{"amount":1990,"currency":"EUR"},{"amount":2100,"currency":"USD"}]}]}
                    """
                )
            ).Is(201);
        await Picture($"{key}-good");

        var answer = (
            await Reader.Get(
                $"{Path}?format=google&type={type}&currency=EUR&link=https://shop.example/p/%7Bslug%7D&images=https://shop.example"
            )
        ).Is(200);

        var feed = XDocument.Parse(answer.Text);
        XNamespace g = "http://base.google.com/ns/1.0";
        var item = Assert.Single(feed.Descendants("item"));
        Assert.Equal($"{key}-good", item.Element(g + "id")?.Value);
        Assert.Equal("Cup & saucer good", item.Element(g + "title")?.Value);
        Assert.Equal("=White", item.Element(g + "description")?.Value);
        Assert.StartsWith("https://shop.example/p/cup-saucer-good", item.Element(g + "link")?.Value);
        Assert.StartsWith("https://shop.example/api/v1/media/files/", item.Element(g + "image_link")?.Value);
        Assert.Equal("in_stock", item.Element(g + "availability")?.Value);
        Assert.Equal("19.90 EUR", item.Element(g + "price")?.Value);
        Assert.Equal("4006381333931", item.Element(g + "gtin")?.Value);
        Assert.Equal(" 1 items; left out: 1 without image_link ", feed.Nodes().OfType<XComment>().Single().Value);
    }

    [Fact]
    public async Task Who_may_not_read_as_staff_gets_none_and_terms_that_are_missing_are_told()
    {
        (await shop.Stranger.Get(Path)).Refused(401, "UNAUTHENTICATED");
        (await shop.Importer().Get(Path)).Refused(403, "FORBIDDEN");
        (await Reader.Get($"{Path}?format=pdf")).Refused(400, "VALIDATION_FAILED", "format");
        (await Reader.Get($"{Path}?format=google&currency=EUR&link=/p/x")).Refused(400, "VALIDATION_FAILED", "link");
    }

    /// <summary>As it is told, of a supplier of its own: those of one supplier go one after the other.</summary>
    JsonElement Mapping(ExportFormat format) =>
        JsonDocument
            .Parse(
                ProductExport
                    .MappingOf(format)
                    .Replace("\"export\"", $"\"{shop.Fresh("export")}\"", StringComparison.Ordinal)
            )
            .RootElement;

    /// <summary>A type with attributes of all kinds, products with options, texts, prices in two currencies, counts, and each of the
    /// nasty texts wherever a text may stand.</summary>
    async Task<string> Fill()
    {
        var category = shop.Fresh("shelf");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Shelf" })).Is(201);
        var type = await shop.NewType(
            """
            {"key":"note","kind":"text"},{"key":"notes","kind":"text","list":true},{"key":"name","kind":"localisedText"},
            {"key":"weight","kind":"number"},{"key":"is_new","kind":"boolean"},{"key":"size","kind":"enum","values":["s","=m"]},
            {"key":"day","kind":"date"},{"key":"since","kind":"dateTime"},{"key":"deposit","kind":"money"},
            {"key":"height","kind":"measure","unit":"cm"},{"key":"shelf","kind":"reference","to":"category"},
            {"key":"shade","kind":"text","level":"variant"},{"key":"lengths","kind":"measure","unit":"cm","list":true,"level":"variant"}
            """
        );
        var key = shop.Fresh("export");
        for (var i = 0; i < Nasty.Length; i++)
            await Put($"{key}-{i}", type, category, Nasty[i]);
        var bare = new
        {
            key = $"{key}-bare",
            type,
            title = "Bare",
            variants = new[] { new { sku = $"{key}-bare" } },
        };
        (await shop.Staff.Post("/api/v1/products", bare)).Is(201);
        await PutOfOptions($"{key}-sizes", type);
        return type;
    }

    async Task Put(string key, string type, string category, string text) =>
        (
            await shop.Staff.Post(
                "/api/v1/products",
                new
                {
                    key,
                    type,
                    title = text.Any(char.IsControl) || text.Trim() != text ? "Title" : text,
                    description = text,
                    categories = new[] { category },
                    publication = new { state = "draft", from = "2030-01-01T00:00:00Z" },
                    translations = new Dictionary<string, object> { ["de"] = new { description = text } },
                    attributes = new Dictionary<string, object>
                    {
                        ["note"] = text,
                        ["notes"] = new[] { text, "two" },
                        ["name"] = new Dictionary<string, string> { ["en"] = text, ["de"] = "Name" },
                        ["weight"] = 1.5m,
                        ["is_new"] = true,
                        ["size"] = "=m",
                        ["day"] = "2026-11-24",
                        ["since"] = "2026-11-24T10:00:00Z",
                        ["deposit"] = new { amount = 25, currency = "EUR" },
                        ["height"] = new { value = -12.25m, unit = "cm" },
                        ["shelf"] = category,
                    },
                    variants = new[]
                    {
                        new
                        {
                            sku = key,
                            stock = 7,
                            prices = new[]
                            {
                                new { amount = 1, currency = "EUR" },
                                new { amount = 1_999, currency = "JPY" },
                            },
                            attributes = new Dictionary<string, object> { ["shade"] = text },
                        },
                    },
                }
            )
        ).Is(201);

    async Task PutOfOptions(string key, string type) =>
        (
            await shop.Staff.Post(
                "/api/v1/products",
                $$$"""
                {"key":"{{{key}}}","type":"{{{type}}}","title":"Of sizes","body":"<p>Rich, \"quoted\" &amp; long</p>",
                 "seo":{"title":"=Seo","description":"Told"},
                 "options":[{"key":"size","title":"Size","values":[{"key":"l","title":"Large, =really"},{"key":"s","title":"Small"}]}],
                 "variants":[
                   {"sku":"{{{key}}}-S","options":{"size":"s"},"prices":[{"amount":0,"currency":"EUR"}],
                    "attributes":{"lengths":[{"value":1.5,"unit":"cm"},{"value":2,"unit":"cm"}]}},
                   {"sku":"{{{key}}}-L","options":{"size":"l"},"prices":[],"stock":0}]}
                """
            )
        ).Is(201);

    async Task Picture(string key)
    {
        using var body = new ByteArrayContent(Pictures.Halves(600, 400));
        body.Headers.ContentType = new("image/png");
        (await shop.Staff.Send(HttpMethod.Put, $"/api/v1/media/{key}", body)).Is(201);
        var id = await shop.Query<Guid>("select id from products where key = $1", key);
        (
            await shop.Staff.Send(
                HttpMethod.Put,
                $"/api/v1/products/{id}/media",
                Caller.Content(new { media = new[] { key } }),
                ("If-Match", "*")
            )
        ).Is(200);
    }
}
