using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Files of a supplier's own form, through their mapping and a run.</summary>
public sealed class MappedRunTests(Shop shop) : IClassFixture<Shop>
{
    const string Header = "art;name;price;pcs;link";

    [Fact]
    public async Task A_dirty_file_is_planned_loaded_and_what_was_kept_out_comes_in_when_corrected()
    {
        var (supplier, key) = (shop.Fresh("potter"), shop.Fresh("pot"));
        var file = Latin(
            Header,
            $"{key}-1;Schüssel;1.299,50;3;https://example.org/1.jpg",
            $"{key}-2;Tasse;;many;",
            $"{key}-3;;4,00;1;",
            ";Ohne Nummer;4,00;1;",
            $"{key}-4;Krug <b>;4,00;1;"
        );

        var planned = await shop.Rested(await shop.Begin(Mapping(supplier), false, ("teile.csv", file)));
        Assert.Equal(("planned", (2, 0, 0, 0)), (planned.State(), planned.Sums("planned")));
        Assert.Equal(
            (5, 3),
            (planned.GetProperty("counts").Count("rows"), planned.GetProperty("counts").Count("faulty"))
        );
        var told = await shop.Faults(planned);
        Assert.Equal(0, await Products(key));
        var done = await shop.Say(planned.Id(), "approve");

        Assert.Equal(("done", (2, 0, 0, 0)), (done.State(), done.Sums()));
        foreach (
            var code in (string[])
                [
                    "!TITLE_MISSING",
                    "!KEY_MISSING",
                    "!TITLE_MARKUP",
                    "PRICE_MISSING",
                    "STOCK_UNREADABLE",
                    "MEDIA_NOT_FETCHED",
                ]
        )
            Assert.Equal((code, 1), (code, told.GetValueOrDefault(code)));
        var bowl = (await shop.Staff.Get($"/api/v1/products/{await IdOf($"{key}-1")}")).Is(200).Data;
        Assert.Equal("Schüssel", bowl.GetProperty("title").GetString());
        Assert.Equal(
            """[{"amount":129950,"currency":"EUR"}]""",
            bowl.GetProperty("variants")[0].GetProperty("prices").ToString()
        );

        var kept = (await shop.Importer().Get($"{ImportWords.Path}/{done.Id()}/quarantine/rows/0")).Is(200).Text;
        Assert.Equal(3, kept.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var corrected = kept.Replace("Krug <b>", "Krug", StringComparison.Ordinal)
            .Replace("\"name\":\"\"", "\"name\":\"Teller\"", StringComparison.Ordinal)
            .Replace("\"art\":\"\"", $"\"art\":\"{key}-5\"", StringComparison.Ordinal);
        var again = await shop.Rested(
            await shop.Begin(
                Mapping(supplier, withdraws: true),
                true,
                ("teile.csv.quarantine.ndjson", Encoding.UTF8.GetBytes(corrected))
            )
        );

        Assert.Equal(("done", (3, 0, 0, 0)), (again.State(), again.Sums()));
        Assert.Equal((5, 0), (await Products(key), await Archived(key)));
    }

    [Fact]
    public async Task A_file_that_ends_early_asks_first_and_withdraws_nothing_even_when_approved()
    {
        var (supplier, key) = (shop.Fresh("potter"), shop.Fresh("pot"));
        var lines = Enumerable.Range(0, 40).Select(i => $"{key}-{i};Topf {i} {Noise(i)};4,00;1;").ToArray();
        var (one, two) = (Latin([Header, .. lines[..30]]), Gzip(Latin([Header, .. lines[30..]])));
        var mapping = Mapping(supplier, withdraws: true);
        await shop.Rested(await shop.Begin(mapping, true, ("one.csv", one), ("two.csv.gz", two)));

        var cut = await shop.Rested(
            await shop.Begin(mapping, true, ("one.csv", one), ("two.csv.gz", two[..(two.Length / 2)]))
        );
        var approved = await shop.Say(cut.Id(), "approve");

        Assert.Equal(("planned", "FEED_BROKEN"), (cut.State(), cut.GetProperty("held").GetString()));
        Assert.Equal(1, (await shop.Faults(cut)).Where(fault => fault.Key[0] == '!').Sum(fault => fault.Value));
        Assert.True(cut.GetProperty("counts").GetProperty("partial").GetBoolean());
        Assert.InRange(cut.GetProperty("counts").Count("products"), 30, 39);
        Assert.Equal("done", approved.State());
        Assert.Equal((40, 0), (await Products(key), await Archived(key)));
    }

    [Fact]
    public async Task What_is_delivered_but_cannot_be_read_is_not_withdrawn()
    {
        var (supplier, key) = (shop.Fresh("potter"), shop.Fresh("pot"));
        var lines = Enumerable.Range(0, 10).Select(i => $"{key}-{i};Topf {i};4,00;1;").ToArray();
        await shop.Rested(
            await shop.Begin(Mapping(supplier, withdraws: true), true, ("a.csv", Latin([Header, .. lines])))
        );

        var run = await shop.Rested(
            await shop.Begin(
                Mapping(supplier, withdraws: true),
                true,
                ("a.csv", Latin([Header, .. lines[..8], $"{key}-8;;4,00;1;"]))
            )
        );

        Assert.Equal(("done", 1), (run.State(), run.GetProperty("counts").GetProperty("loaded").Count("withdrawn")));
        Assert.Equal(
            $"{key}-9",
            await shop.Query<string>("select key from products where state = 'archived' and key like $1", $"{key}-%")
        );
    }

    [Fact]
    public async Task Columns_in_another_order_say_the_same_and_change_nothing()
    {
        var (supplier, key) = (shop.Fresh("potter"), shop.Fresh("pot"));
        string[] two = [$$"""{"key":"{{key}}","title":"Cup","variants":[{"sku":"{{key}}","stock":1}]}"""];
        await shop.Import(supplier, two);
        var hash = await Hash(key);
        var journaled = await shop.GoodsJournaled();

        await shop.Import(
            supplier,
            [$$"""{ "variants": [{"stock":1, "sku":"{{key}}"}], "title":"C\u0075p", "key":"{{key}}" }"""]
        );

        Assert.Equal((hash, journaled), (await Hash(key), await shop.GoodsJournaled()));
    }

    [Fact]
    public async Task A_file_that_no_pattern_fits_ends_the_run_and_a_faulty_mapping_is_refused_with_each_fault()
    {
        var supplier = shop.Fresh("potter");
        var run = await shop.Rested(
            await shop.Begin(Mapping(supplier, name: "*.xml"), true, ("teile.csv", Latin(Header)))
        );
        Assert.Equal(("failed", "FILE_NOT_MAPPED"), (run.State(), run.GetProperty("held").GetString()));

        var refused = await shop.Importer()
            .Post(
                ImportWords.Path,
                new
                {
                    mapping = new
                    {
                        supplier,
                        colour = "red",
                        files = new[] { new { product = new { title = "name" } } },
                    },
                }
            );
        refused.Refused(400, "IMPORT_MAPPING_INVALID", "colour");
        refused.Refused(400, "IMPORT_MAPPING_INVALID", "files[0].product");
    }

    static object Mapping(string supplier, bool withdraws = false, string name = "*.csv*") =>
        new
        {
            supplier,
            withdrawMissing = withdraws,
            files = new[]
            {
                new
                {
                    name,
                    format = "csv",
                    dialect = new { delimiter = ";", encoding = "windows-1252" },
                    product = new
                    {
                        key = "art",
                        title = "name",
                        media = "link",
                        variants = new[]
                        {
                            new
                            {
                                sku = "art",
                                stock = "pcs",
                                prices = new[]
                                {
                                    new
                                    {
                                        amount = "price",
                                        currency = "EUR",
                                        decimals = "comma",
                                    },
                                },
                            },
                        },
                    },
                },
            },
        };

    static byte[] Latin(params string[] lines) => Encoding.Latin1.GetBytes(string.Join("\r\n", lines) + "\r\n");

    /// <summary>Text that does not pack well, so that a cut is a cut in the rows.</summary>
    static string Noise(int seed) => Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(seed)));

    static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    Task<string> Hash(string key) =>
        shop.Query<string>("select encode(hash, 'hex') from import_products where key = $1", key);

    Task<Guid> IdOf(string key) => shop.Query<Guid>("select id from products where key = $1", key);

    Task<long> Products(string key) => shop.Query<long>("select count(*) from products where key like $1", $"{key}-%");

    Task<long> Archived(string key) =>
        shop.Query<long>("select count(*) from products where state = 'archived' and key like $1", $"{key}-%");
}
