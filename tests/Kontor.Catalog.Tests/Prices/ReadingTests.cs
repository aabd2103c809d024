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
}
