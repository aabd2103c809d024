using System.Text.Json;
using Kontor.Catalog.Tests.Bundles;
using Kontor.Catalog.Tests.Stock;

namespace Kontor.Catalog.Tests.Bulk;

/// <summary>Many prices, one a line.</summary>
public sealed class WritePricesTests(Shop shop) : IClassFixture<Shop>
{
    const string Path = "/api/v1/prices/bulk";

    static string Line(string key, string sku, long amount, object? version = null, string? from = null) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["key"] = key,
                ["sku"] = sku,
                ["price"] = new { amount, currency = "EUR" },
                ["version"] = version,
                ["validFrom"] = from,
                ["country"] = "DE",
            }
                .Where(member => member.Value is not null)
                .ToDictionary(StringComparer.Ordinal)
        );

    async Task<List<JsonElement>> Write(params string[] lines) =>
        Lines.Of(
            (await shop.Staff.Send(HttpMethod.Post, Path, Caller.Content(string.Join('\n', lines), Lines.Media)))
                .Is(200)
                .Text
        );

    [Fact]
    public async Task Of_many_who_bring_a_new_price_at_once_one_does_and_the_others_are_told()
    {
        for (var round = 0; round < 5; round++)
        {
            var (key, sku) = (shop.Fresh("price"), await shop.Stocked(1));

            var told = await Task.WhenAll(
                Enumerable.Range(1, 6).Select(i => Write(Line(key, sku, 100 + i, version: 0)))
            );

            Assert.Single(told, one => one[0].Text("status") == "created");
            Assert.All(
                told.Where(one => one[0].Text("status") != "created"),
                one => Assert.Equal("PRECONDITION_FAILED", one[0].Text("code"))
            );
            Assert.Equal(1, await shop.Query<long>("select version from price_rows where key = $1", key));
        }
    }

    [Fact]
    public async Task Prices_come_change_and_stand_and_a_repeat_changes_nothing()
    {
        var (sku, other) = (await shop.Stocked(1), await shop.Stocked(1));
        var (a, b) = (shop.Fresh("price"), shop.Fresh("price"));

        var first = await Write(Line(a, sku, 100), "", Line(b, other, 200), Line(a, sku, 150));
        Assert.Equal((2, 1, 0, 0), first.Sum());
        Assert.Equal(["1", "1", "2", ""], first.Select(line => line.Text("version")));
        Assert.Equal(["1", "3", "4", ""], first.Select(line => line.Text("line")));
        var before = await shop.Journaled("price.%");
        var again = await Write(Line(a, sku, 150), Line(b, other, 200));
        Assert.Equal((0, 0, 2, 0), again.Sum());
        Assert.False(again[^1].TryGetProperty("position", out _));

        Assert.Equal(before, await shop.Journaled("price.%"));
        Assert.Equal(150, await shop.Query<long>("select amount from price_rows where key = $1", a));
    }

    [Fact]
    public async Task A_line_that_is_refused_leaves_the_others_alone()
    {
        var (sku, good, met) = (await shop.Stocked(1), shop.Fresh("price"), shop.Fresh("price"));
        var events = await shop.Journaled("price.set.v1");

        var told = await Write(
            Line(good, sku, 100),
            Line(met, sku, 90),
            Line(shop.Fresh("price"), "none", 100),
            "{nonsense",
            Line("a b", sku, 100),
            Line(shop.Fresh("price"), await shop.Stocked(1), 100, version: 3),
            "null",
            Line(shop.Fresh("price"), await shop.Stocked(1), 70, version: 0)
        );

        Assert.Equal((2, 0, 0, 6), told.Sum());
        Assert.Equal(
            [
                "",
                "PRICE_OVERLAPS",
                "PRICE_NAMES_UNKNOWN",
                "MALFORMED_BODY",
                "VALIDATION_FAILED",
                "PRECONDITION_FAILED",
                "MALFORMED_BODY",
                "",
                "",
            ],
            told.Select(line => line.Text("code"))
        );
        Assert.Equal(events + 2, await shop.Journaled("price.set.v1"));
        Assert.Equal(0, await shop.Query<long>("select count(*) from price_rows where key = $1", met));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_price_takes_the_place_that_the_line_before_it_has_left()
    {
        var (sku, old, next) = (await shop.Stocked(1), shop.Fresh("price"), shop.Fresh("price"));
        await Write(Line(old, sku, 100));

        var told = await Write(Line(old, sku, 100, from: "2090-01-01T00:00:00Z"), Line(next, sku, 90));

        Assert.Equal("PRICE_OVERLAPS", told[1].Text("code"));
        Assert.Equal("updated", told[0].Text("status"));
    }

    [Fact]
    public async Task Two_who_bring_the_same_lines_in_turned_order_both_end_and_all_stand()
    {
        var skus = new List<string>();
        for (var i = 0; i < 30; i++)
            skus.Add(await shop.Stocked(1));
        string[] lines = [.. skus.Select((sku, i) => Line($"{sku}-turned", sku, 100 + i)), Line("x", "none", 1)];

        var both = await Task.WhenAll(Write(lines), Write([.. lines.Reverse()]));

        // One that the other brings between the look and the write is written again, as a change.
        Assert.All(
            both,
            told =>
            {
                var (created, updated, unchanged, rejected) = told.Sum();
                Assert.Equal((30, 1), (created + updated + unchanged, rejected));
            }
        );
        Assert.Equal(30, both.Sum(told => told.Sum().Item1));
        Assert.Equal(30, await shop.Query<long>("select count(*) from price_rows where key like '%-turned'"));
    }

    [Fact]
    public async Task A_product_whose_line_is_refused_after_its_variants_prices_went_has_lost_none_and_told_nobody()
    {
        var (key, cup, taken, price) = (
            shop.Fresh("product"),
            await shop.Stocked(1),
            await shop.Stocked(1),
            shop.Fresh("price")
        );
        var variants = new[] { new { sku = $"{key}-A" }, new { sku = $"{key}-B" } };
        (
            await shop.Staff.Post(
                "/api/v1/products",
                new
                {
                    key,
                    title = key,
                    variants,
                }
            )
        ).Is(201);
        (await shop.Components($"{key}-B", (cup, 1))).Is(201);
        await Write(Line(price, $"{key}-B", 100));

        var told = await shop.Write(
            $$"""{"key":"{{key}}","title":"{{key}}","variants":[{"sku":"{{key}}-A"},{"sku":"{{taken}}"}]}"""
        );

        Assert.Equal("SKU_TAKEN", told[0].Text("code"));
        Assert.Equal(1, await shop.Query<long>("select count(*) from price_rows where key = $1", price));
        Assert.Equal(
            0,
            await shop.Query<long>(
                "select count(*) from journal where stream in ($1, $2) and type like '%.removed.v1'",
                $"price-{price}",
                $"bundle-{key}-B"
            )
        );
    }

    [Fact]
    public async Task Many_lines_cost_few_statements_and_strangers_none()
    {
        var sku = await shop.Stocked(1);
        string[] lines =
        [
            .. Enumerable
                .Range(1, 300)
                .Select(i =>
                    Line($"{sku}-{i}", sku, i)
                        .Replace("\"country\"", $"\"minQuantity\":{i},\"country\"", StringComparison.Ordinal)
                ),
        ];

        var answer = await shop.Staff.Send(
            HttpMethod.Post,
            Path,
            Caller.Content(string.Join('\n', lines), Lines.Media)
        );

        Assert.Equal((300, 0, 0, 0), Lines.Of(answer.Is(200).Text).Sum());
        Assert.InRange(answer.Statements, 1, 16);
        (await shop.Stranger.Send(HttpMethod.Post, Path, Caller.Content(lines[0], Lines.Media))).Refused(
            401,
            "UNAUTHENTICATED"
        );
        (await shop.Staff.Send(HttpMethod.Post, Path, Caller.Content(lines[0], "text/csv"))).Refused(
            415,
            "UNSUPPORTED_MEDIA_TYPE"
        );
    }
}
