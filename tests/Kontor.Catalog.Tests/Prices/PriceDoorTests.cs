using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>Prices, price lists, channels and customer groups as staff set them.</summary>
public sealed class PriceDoorTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_price_is_set_seen_changed_and_removed()
    {
        var sku = await shop.Sold((2_000, "EUR"));
        var path = $"{AllPrices}/{sku}.se";
        var journaled = await shop.Journaled("price.%");

        var made = await shop.Put(
            path,
            new
            {
                sku,
                price = Eur(1_500),
                compareAt = Eur(2_000),
                country = "SE",
            }
        );
        var read = await shop.Clerk.Get(path);
        var same = await shop.Put(
            path,
            new
            {
                sku,
                price = Eur(1_500),
                compareAt = Eur(2_000),
                country = "SE",
            },
            made.Tag
        );
        var changed = await shop.Put(
            path,
            new
            {
                sku,
                price = Eur(1_400),
                country = "SE",
            },
            made.Tag
        );
        var shown = await shop.Shown(sku, "country=SE");
        var removed = await shop.Remove(path, changed.Tag);

        Assert.Equal(path, made.Is(201).Raw.Headers.Location?.ToString());
        Assert.Equal(made.Data.ToString(), read.Is(200).Data.ToString());
        Assert.Equal(("\"1\"", "\"1\"", "\"2\""), (made.Tag, same.Is(200).Tag, changed.Is(200).Tag));
        Assert.Equal([(1_400, "EUR")], shown);
        removed.Is(200);
        Assert.Equal([(2_000, "EUR")], await shop.Shown(sku, "country=SE"));
        (await shop.Clerk.Get(path)).Refused(404, "PRICE_NOT_FOUND");
        Assert.Equal(3, await shop.Journaled("price.%") - journaled);
        Assert.InRange(made.Statements, 1, 8);
    }

    [Fact]
    public async Task Who_has_not_seen_what_stands_changes_nothing()
    {
        var sku = await shop.Sold();
        var path = $"{AllPrices}/{sku}";
        var body = new { sku, price = Eur(1) };

        (await shop.Put(path, body, "\"1\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Put(path, body)).Is(201);
        (await shop.Put(path, new { sku, price = Eur(2) })).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Put(path, new { sku, price = Eur(2) }, "\"7\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Remove(path, null)).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Remove(path, "\"7\"")).Refused(412, "PRECONDITION_FAILED");
        Assert.Equal([(1, "EUR")], await shop.Shown(sku));
        (await shop.Put(path, new { sku, price = Eur(3) }, "*")).Is(200);
        (await shop.Remove(path, "*")).Is(200);
        (await shop.Remove(path, "*")).Refused(404, "PRICE_NOT_FOUND");
    }

    public static TheoryData<string, int, string, string> BadPrices =>
        new()
        {
            { """ "price":{"amount":-1,"currency":"EUR"} """, 400, "VALIDATION_FAILED", "price.amount" },
            { """ "price":{"amount":1000000000001,"currency":"EUR"} """, 400, "VALIDATION_FAILED", "price.amount" },
            {
                """ "price":{"amount":5,"currency":"EUR"},"compareAt":{"amount":5,"currency":"EUR"} """,
                400,
                "VALIDATION_FAILED",
                "compareAt"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"compareAt":{"amount":9,"currency":"SEK"} """,
                400,
                "VALIDATION_FAILED",
                "compareAt"
            },
            { """ "price":{"amount":5,"currency":"EUR"},"country":"Sweden" """, 400, "VALIDATION_FAILED", "country" },
            { """ "price":{"amount":5,"currency":"EUR"},"minQuantity":0 """, 400, "VALIDATION_FAILED", "minQuantity" },
            {
                """ "price":{"amount":5,"currency":"EUR"},"minQuantity":1000001 """,
                400,
                "VALIDATION_FAILED",
                "minQuantity"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"validFrom":"2030-01-02T00:00:00Z","validUntil":"2030-01-02T00:00:00Z" """,
                400,
                "VALIDATION_FAILED",
                "validUntil"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"channel":"no-such" """,
                422,
                "PRICE_NAMES_UNKNOWN",
                "channel"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"customerGroup":"no-such" """,
                422,
                "PRICE_NAMES_UNKNOWN",
                "customerGroup"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"priceList":"no-such" """,
                422,
                "PRICE_NAMES_UNKNOWN",
                "priceList"
            },
            { """ "price":{"amount":5,"currency":"EUR"},"priceList":"a b" """, 400, "VALIDATION_FAILED", "priceList" },
        };

    [Theory]
    [MemberData(nameof(BadPrices))]
    public async Task A_price_that_cannot_be_is_refused_by_its_member(
        string members,
        int status,
        string code,
        string path
    )
    {
        var sku = await shop.Sold();

        var alone = await shop.Put($"{AllPrices}/{sku}", $$"""{"sku":"{{sku}}",{{members}}}""");
        var among = await shop.Clerk.Post(
            AllPrices,
            $$$"""{"prices":[{"key":"{{{sku}}}.ok","sku":"{{{sku}}}","price":{"amount":1,"currency":"NOK"}},{"key":"{{{sku}}}","sku":"{{{sku}}}",{{{members}}}}]}"""
        );

        alone.Refused(status, code, path);
        among.Refused(status, code, $"prices[1].{path}");
        Assert.Empty(await shop.Shown(sku));
    }

    [Fact]
    public async Task A_price_of_no_variant_is_refused()
    {
        (await shop.Put($"{AllPrices}/of-none", new { sku = "no-such", price = Eur(1) })).Refused(
            422,
            "PRICE_NAMES_UNKNOWN",
            "sku"
        );
        (await shop.Put($"{AllPrices}/a%20b", new { sku = "no-such", price = Eur(1) })).Refused(
            400,
            "VALIDATION_FAILED",
            "key"
        );
    }

    [Fact]
    public async Task Prices_are_listed_by_variant_and_by_list_in_pages()
    {
        var (one, two) = (await shop.Sold(), await shop.Sold());
        var list = shop.Fresh("list");
        (await shop.Put($"/api/v1/price-lists/{list}", new { title = "L", priority = 777 })).Is(201);
        foreach (var sku in new[] { one, two })
            for (var i = 1; i <= 3; i++)
                (
                    await shop.Put(
                        $"{AllPrices}/{sku}.{i}",
                        new
                        {
                            sku,
                            price = Eur(i),
                            minQuantity = i,
                            priceList = i == 3 ? null : list,
                        }
                    )
                ).Is(201);

        async Task<List<string>> Keys(string query)
        {
            var (keys, next) = (new List<string>(), "");
            do
            {
                var page = (await shop.Clerk.Get($"{AllPrices}?limit=2&{query}{next}")).Is(200);
                keys.AddRange(page.Data.EnumerateArray().Select(price => price.GetProperty("key").GetString()!));
                Assert.Equal(1, page.Statements);
                next = page.Next is null ? "" : $"&after={page.Next}";
            } while (next.Length > 0);
            return keys;
        }

        Assert.Equal([$"{one}.1", $"{one}.2", $"{one}.3"], await Keys($"sku={one}"));
        Assert.Equal([$"{one}.1", $"{one}.2", $"{two}.1", $"{two}.2"], await Keys($"priceList={list}"));
        Assert.Equal([$"{two}.1", $"{two}.2"], await Keys($"sku={two}&priceList={list}"));
        Assert.Empty(await Keys("sku=no-such"));
        (await shop.Clerk.Get($"{AllPrices}?after=x")).Refused(400, "INVALID_CURSOR");
    }
}
