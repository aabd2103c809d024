namespace Kontor.Ordering.Tests.Carts;

/// <summary>The pieces of a line and where they go decide upon its price, in the cart and at the checkout.</summary>
public sealed class PricedByQuantityTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_line_that_reaches_a_tier_costs_what_the_tier_says_and_falls_back_below_it()
    {
        var guest = await Guest.Arrives(shop);
        var (sku, other) = (shop.Catalog.Sells(100), shop.Catalog.Sells(7));
        shop.Catalog.Prices(sku, 80, quantity: 10);
        (await guest.Add(other, 20)).Is(200);

        Assert.Equal(9 * 100 + 140, Total(await guest.Add(sku, 9)));
        var reached = await guest.Add(sku, 1);
        Assert.Equal(10 * 80 + 140, Total(reached));
        Assert.Empty(reached.Data.GetProperty("warnings").EnumerateArray());
        Assert.Equal(10 * 80 + 140, Total(await guest.Look()));
        var below = await guest.Caller.Send(HttpMethod.Patch, $"{guest.Path}/lines/{sku}", new { quantity = 3 });
        Assert.Equal(3 * 100 + 140, Total(below));
        var above = await guest.Caller.Send(HttpMethod.Patch, $"{guest.Path}/lines/{sku}", new { quantity = 12 });
        Assert.Equal(12 * 80 + 140, Total(above));
        Assert.Equal(12 * 80, Total(await guest.Caller.Send(HttpMethod.Delete, $"{guest.Path}/lines/{other}", null)));
    }

    [Fact]
    public async Task The_price_of_the_tier_is_charged_and_one_that_has_gone_is_told_of()
    {
        var sku = shop.Catalog.Sells(100);
        shop.Catalog.Prices(sku, 80, quantity: 2);
        var guest = await Guest.Ready(shop, sku);
        var other = await Guest.Ready(shop, sku);

        (await guest.Pays("tok_approve", 200)).Refused(409, "PRICE_CHANGED");
        var order = await guest.Pays("tok_approve", 160);
        shop.Catalog.Prices(sku, 90, quantity: 2);
        (await other.Pays("tok_approve", 160)).Refused(409, "PRICE_CHANGED");

        Assert.InRange(order.Status, 201, 202);
        var line = (await guest.OrderIs("placed", order)).Data.GetProperty("lines")[0];
        Assert.Equal(80, line.GetProperty("unitPrice").GetProperty("amount").GetInt64());
        Assert.Equal(180, Total(await other.Look()));
    }

    [Fact]
    public async Task The_country_of_the_address_decides_from_the_moment_it_is_known()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(100);
        shop.Catalog.Prices(sku, 70, quantity: 1, country: "SE");
        Assert.Equal(100, Total(await guest.Add(sku, 1)));

        var addressed = await guest.IsAddressed();

        Assert.Equal(70, Total(addressed));
        Assert.Equal(70, Total(await guest.Look()));
        (await guest.Pays("tok_approve", 100)).Refused(409, "PRICE_CHANGED");
        Assert.InRange((await guest.Pays("tok_approve", 70)).Status, 201, 202);
    }

    [Fact]
    public async Task A_cart_keeps_the_channel_that_it_was_opened_in()
    {
        _ = shop.Services;
        var caller = new Caller(shop.Http);
        var opened = (await caller.Post("/api/v1/carts", new { currency = "EUR", channel = "web-se" })).Is(201);
        var token = opened.Data.GetProperty("token").GetString()!;
        var path = opened.Raw.Headers.Location!.ToString();
        var sku = shop.Catalog.Sells(100);

        (await new Caller(shop.Http) { CartToken = token }.Post($"{path}/lines", new { sku, quantity = 3 })).Is(200);
        var seen = (await new Caller(shop.Http) { CartToken = token }.Get(path)).Is(200);

        Assert.Equal("web-se", opened.Data.GetProperty("channel").GetString());
        Assert.Equal("web-se", seen.Data.GetProperty("channel").GetString());
        Assert.Equal("web-se", shop.Catalog.LastAsked?.Channel);
        Assert.Equal(3, Assert.Single(shop.Catalog.LastAsked!.Wishes).Quantity);
        (await caller.Post("/api/v1/carts", new { currency = "EUR", channel = "a b" })).Refused(
            400,
            "VALIDATION_FAILED"
        );
    }

    static long Total(Answer answer) =>
        answer.Is(200).Data.GetProperty("totals").GetProperty("total").GetProperty("amount").GetInt64();
}
