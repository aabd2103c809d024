using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Microsoft.Extensions.DependencyInjection;
using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>Prices where they are read: products by REST and GraphQL, and what Ordering asks.</summary>
public sealed class ReadingTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Without_a_context_the_winner_in_each_currency_is_shown_and_what_it_is_compared_with()
    {
        var sku = await shop.Sold((2_000, "EUR"), (20_000, "SEK"));
        (
            await shop.Put(
                $"{AllPrices}/{sku}.sale",
                new
                {
                    sku,
                    price = Eur(1_500),
                    compareAt = Eur(2_000),
                }
            )
        ).Is(201);
        (
            await shop.Put(
                $"{AllPrices}/{sku}.de",
                new
                {
                    sku,
                    price = Eur(1),
                    country = "DE",
                }
            )
        ).Is(201);

        var product = (await shop.Stranger.Get($"/api/v1/products/{sku}")).Is(200);
        var variant = product.Data.GetProperty("variants")[0];

        Assert.Equal([(1_500, "EUR"), (20_000, "SEK")], Amounts(variant.GetProperty("prices")));
        Assert.Equal([(2_000, "EUR")], Amounts(variant.GetProperty("compareAt")));
        Assert.False(product.Data.TryGetProperty("pricesChangeAt", out _));
        Assert.Equal([(20_000, "SEK")], await shop.Shown(sku, "currency=SEK"));
        Assert.Empty(await shop.Shown(sku, "currency=NOK"));
        Assert.Equal([(1, "EUR")], await shop.Shown(sku, "currency=EUR&country=DE"));
    }

    [Fact]
    public async Task A_scheduled_price_takes_effect_by_itself_and_is_announced()
    {
        var sku = await shop.Sold((2_000, "EUR"));
        var path = $"/api/v1/products/{sku}";
        var before = (await shop.Stranger.Get(path)).Is(200);
        var soon = await shop.Query<DateTime>("select now() + interval '4 seconds'");
        var from = new DateTimeOffset(soon, TimeSpan.Zero);
        (
            await shop.Put(
                $"{AllPrices}/{sku}.soon",
                new
                {
                    sku,
                    price = Eur(1),
                    validFrom = from,
                }
            )
        ).Is(201);

        var announced = (await shop.Stranger.Get(path, before.Tag)).Is(200);
        var journaled = await shop.Journaled();

        Assert.Equal(from, announced.Data.GetProperty("pricesChangeAt").GetDateTimeOffset());
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        Answer now;
        do
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "The price never came.");
            await Task.Delay(50);
            now = await shop.Stranger.Get(path, announced.Tag);
        } while (now.Status == 304);
        Assert.Equal([(1, "EUR")], Amounts(now.Is(200).Data.GetProperty("variants")[0].GetProperty("prices")));
        Assert.False(now.Data.TryGetProperty("pricesChangeAt", out _));
        Assert.Equal(journaled, await shop.Journaled());
        Assert.True(await shop.Query<bool>("select now() >= $1", soon));
    }

    [Theory]
    [InlineData("currency=EURO", 400, "VALIDATION_FAILED", "currency")]
    [InlineData("country=Sweden", 400, "VALIDATION_FAILED", "country")]
    [InlineData("channel=%20", 400, "VALIDATION_FAILED", "channel")]
    [InlineData("quantity=0", 400, "VALIDATION_FAILED", "quantity")]
    [InlineData("quantity=1000001", 400, "VALIDATION_FAILED", "quantity")]
    [InlineData("customerGroup=vip", 401, "UNAUTHENTICATED", null)]
    [InlineData("at=2030-01-01T00:00:00Z", 401, "UNAUTHENTICATED", null)]
    [InlineData("quantity=many", 400, "BAD_REQUEST", "quantity")]
    public async Task A_context_that_is_none_or_is_not_for_everybody_is_refused(
        string query,
        int status,
        string code,
        string? path
    )
    {
        var sku = await shop.Sold();

        foreach (var address in new[] { $"/api/v1/products/{sku}?", "/api/v1/products?", "/api/v1/search?q=x&" })
            (await shop.Stranger.Get(address + query)).Refused(status, code, path);
    }

    [Fact]
    public async Task A_groups_prices_are_for_staff_to_see()
    {
        var (sku, group) = (await shop.Sold((5, "EUR")), shop.Fresh("group"));
        await shop.Groups(group);
        (
            await shop.Put(
                $"{AllPrices}/{sku}.g",
                new
                {
                    sku,
                    price = Eur(1),
                    customerGroup = group,
                }
            )
        ).Is(201);

        (await shop.Staff.Get($"/api/v1/products/{sku}?customerGroup={group}")).Refused(403, "FORBIDDEN");
        Assert.Equal([(1, "EUR")], await shop.Shown(sku, $"customerGroup={group}"));
        Assert.Equal([(5, "EUR")], await shop.Shown(sku));
    }

    [Fact]
    public async Task GraphQL_shows_the_same_winner()
    {
        var sku = await shop.Sold((2_000, "EUR"));
        (
            await shop.Put(
                $"{AllPrices}/{sku}.ten",
                new
                {
                    sku,
                    price = Eur(900),
                    compareAt = Eur(1_000),
                    country = "SE",
                    minQuantity = 10,
                    validUntil = Monday,
                }
            )
        ).Is(201);
        const string Fields =
            "variants { prices { amount currency } compareAt { amount } pricesChangeAt } pricesChangeAt";
        Task<Answer> Ask(string query, Caller? caller = null) =>
            (caller ?? shop.Stranger).Post("/graphql", new { query });

        var one = await Ask($$"""{ product(slug: "{{sku}}", country: "SE", quantity: 10) { {{Fields}} } }""");
        var page = await Ask(
            $$"""{ products(first: 100, country: "SE", quantity: 10) { nodes { slug {{Fields}} } } }"""
        );
        var refused = await Ask($$"""{ product(slug: "{{sku}}", customerGroup: "vip") { {{Fields}} } }""");
        var wrong = await Ask($$"""{ product(slug: "{{sku}}", quantity: 0) { {{Fields}} } }""");

        var shown = one.Is(200).Data.GetProperty("product");
        var rest = (await shop.Stranger.Get($"/api/v1/products/{sku}?country=SE&quantity=10")).Is(200).Data;
        var variant = shown.GetProperty("variants")[0];
        Assert.Equal([(900, "EUR")], Amounts(variant.GetProperty("prices")));
        Assert.Equal(1_000, variant.GetProperty("compareAt")[0].GetProperty("amount").GetInt64());
        Assert.Equal(Monday, shown.GetProperty("pricesChangeAt").GetDateTimeOffset());
        Assert.Equal(Monday, rest.GetProperty("pricesChangeAt").GetDateTimeOffset());
        Assert.Equal(
            shown.GetProperty("variants").ToString(),
            page.Is(200)
                .Data.GetProperty("products")
                .GetProperty("nodes")
                .EnumerateArray()
                .Single(node => node.GetProperty("slug").GetString() == sku)
                .GetProperty("variants")
                .ToString()
        );
        Assert.Equal((1, 1), (one.Statements, page.Statements));
        Assert.Contains("UNAUTHENTICATED", refused.Text, StringComparison.Ordinal);
        Assert.Contains("VALIDATION_FAILED", wrong.Text, StringComparison.Ordinal);
    }

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
