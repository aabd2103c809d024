using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Microsoft.Extensions.DependencyInjection;
using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>What Ordering is offered, and why a price is what it is.</summary>
public sealed class OfferTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task What_Ordering_is_offered_is_the_winner_for_the_pieces_it_names_in_process_and_by_REST()
    {
        var (one, two) = (await shop.Sold((100, "EUR")), await shop.Sold((100, "EUR"), (7, "SEK")));
        foreach (var sku in new[] { one, two })
        foreach (var (quantity, amount) in new[] { (10, 90), (50, 80) })
            (
                await shop.Put(
                    $"{AllPrices}/{sku}.{quantity}",
                    new
                    {
                        sku,
                        price = Eur(amount),
                        compareAt = Eur(100),
                        minQuantity = quantity,
                        country = "SE",
                    }
                )
            ).Is(201);
        var catalog = shop.Services.GetRequiredService<ICatalog>();

        var inProcess = await catalog.Offers(new([new(one, 10), new(two, 49)], "EUR", "SE"), default);
        var byRest = (
            await new Caller(shop.Http) { Token = Scopes.CatalogRead }.Post(
                "/api/v1/offers",
                new
                {
                    skus = new[] { one, two },
                    currency = "EUR",
                    quantities = new[] { 10, 49 },
                    country = "SE",
                }
            )
        ).Is(200);
        var elsewhere = await catalog.Offers(new([new(one, 1_000), new(two)], "EUR", "DE"), default);
        var many = await catalog.Offers(new([new(one, 1_000), new(two)], "EUR", "SE"), default);

        Assert.Equal((90, 90), (inProcess[one].Price?.Amount, inProcess[two].Price?.Amount));
        Assert.Equal(100, inProcess[one].CompareAt?.Amount);
        Assert.Equal(
            inProcess
                .Values.OrderBy(offer => offer.Sku, StringComparer.Ordinal)
                .Select(offer => (offer.Sku, offer.Price?.Amount, offer.CompareAt?.Amount)),
            byRest
                .Data.GetProperty("offers")
                .EnumerateArray()
                .Select(offer =>
                    (
                        offer.GetProperty("sku").GetString()!,
                        (long?)offer.GetProperty("price").GetProperty("amount").GetInt64(),
                        (long?)offer.GetProperty("compareAt").GetProperty("amount").GetInt64()
                    )
                )
        );
        Assert.Equal(1, byRest.Statements);
        Assert.Equal((100, 100), (elsewhere[one].Price?.Amount, elsewhere[two].Price?.Amount));
        Assert.Equal((80, 100), (many[one].Price?.Amount, many[two].Price?.Amount));
    }

    [Theory]
    [InlineData("""{"skus":["a","b"],"currency":"EUR","quantities":[1]}""", "quantities")]
    [InlineData("""{"skus":["a","a"],"currency":"EUR","quantities":[1,2]}""", "quantities")]
    [InlineData("""{"skus":["a"],"currency":"EUR","quantities":[0]}""", "quantities")]
    [InlineData("""{"skus":["a"],"currency":"EURO"}""", "currency")]
    [InlineData("""{"skus":["a"],"currency":"EUR","country":"SWE"}""", "country")]
    [InlineData("""{"skus":["a"],"currency":"EUR","channel":"a b"}""", "channel")]
    public async Task A_question_that_makes_no_sense_is_refused(string body, string path) =>
        (await new Caller(shop.Http) { Token = Scopes.CatalogRead }.Post("/api/v1/offers", body)).Refused(
            400,
            "VALIDATION_FAILED",
            path
        );

    [Fact]
    public async Task Explain_says_of_each_price_why_it_lost()
    {
        var (sku, channel, group) = (await shop.Sold((2_000, "EUR")), shop.Fresh("ch"), shop.Fresh("gr"));
        await shop.Channels(channel);
        await shop.Groups(group);
        var list = shop.Fresh("li");
        (
            await shop.Put(
                $"/api/v1/price-lists/{list}",
                new
                {
                    title = "L",
                    priority = 4_321,
                    validFrom = Monday.AddDays(30),
                }
            )
        ).Is(201);
        object Row(string key, object extra) =>
            Merge(
                new
                {
                    key = $"{sku}.{key}",
                    sku,
                    price = Eur(1_000),
                },
                extra
            );
        (
            await shop.Clerk.Post(
                AllPrices,
                new
                {
                    prices = new[]
                    {
                        Row("list", new { priceList = list }),
                        Row("group", new { customerGroup = group }),
                        Row("channel", new { channel }),
                        Row("se", new { country = "SE" }),
                        Row("ten", new { country = "SE", minQuantity = 10 }),
                        Row("de", new { country = "DE" }),
                        Row("over", new { validUntil = Monday }),
                        Row("later", new { validFrom = Monday.AddDays(1) }),
                    },
                }
            )
        ).Is(200);

        var explained = (
            await shop.Clerk.Get(
                $"/api/v1/variants/{sku}/price/explain?currency=EUR&country=SE&channel={channel}&quantity=5&{At(Monday)}"
            )
        ).Is(200);

        var verdicts = explained
            .Data.GetProperty("candidates")
            .EnumerateArray()
            .Select(one =>
                (
                    one.TryGetProperty("key", out var key) ? key.GetString()![(sku.Length + 1)..] : "base",
                    one.GetProperty("verdict").GetString()!
                )
            );
        Assert.Equal(
            [
                ("list", "listNotYetValid"),
                ("group", "otherCustomerGroup"),
                ("channel", "won"),
                ("ten", "quantityNotReached"),
                ("se", "outranked"),
                ("de", "otherCountry"),
                ("over", "noLongerValid"),
                ("later", "notYetValid"),
                ("base", "outranked"),
            ],
            // Prices of one rank never apply together, and stand in any order.
            verdicts.OrderBy(verdict => Place(verdict.Item1))
        );
        var ranks = explained
            .Data.GetProperty("candidates")
            .EnumerateArray()
            .Select(one => one.GetProperty("rank").GetInt64());
        Assert.Equal(ranks.OrderDescending(), ranks);
        Assert.Equal(1, explained.Statements);
        Assert.Contains(
            $"'{sku}.channel' names the channel, and this does not.",
            explained.Text,
            StringComparison.Ordinal
        );
        (await shop.Clerk.Get("/api/v1/variants/no-such/price/explain?currency=EUR")).Refused(404, "SKU_NOT_FOUND");
        (await shop.Clerk.Get($"/api/v1/variants/{sku}/price/explain")).Refused(400, "VALIDATION_FAILED", "currency");

        static int Place(string key) =>
            Array.IndexOf(["list", "group", "channel", "ten", "se", "de", "over", "later", "base"], key);
    }

    static Dictionary<string, JsonElement> Merge(params object[] parts) =>
        parts
            .SelectMany(part => JsonSerializer.SerializeToElement(part).EnumerateObject())
            .ToDictionary(member => member.Name, member => member.Value);
}
