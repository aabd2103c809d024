namespace Kontor.Ordering.Tests.Checkout;

/// <summary>Alone, because Catalog is away meanwhile.</summary>
public sealed class CheckoutWithoutCatalogTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Checkout_says_503_while_catalog_is_away_and_recovers()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        shop.Catalog.IsAway = true;

        (await guest.Pays("tok_approve", 200, "k")).Refused(503, "CATALOG_UNAVAILABLE");

        shop.Catalog.IsAway = false;
        var placed = (await guest.Pays("tok_approve", 200, "k")).Is(201);
        shop.Catalog.IsAway = true;
        Assert.Equal(placed.Text, (await guest.Pays("tok_approve", 200, "k")).Text);
        (await guest.Order(placed)).Is(200);
        shop.Catalog.IsAway = false;
    }

    [Fact]
    public async Task A_reservation_whose_answer_was_lost_is_repeated_not_doubled()
    {
        _ = shop.Services;
        shop.Catalog.IsAway = false;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        shop.Catalog.LosesNextAnswer = true;

        (await guest.Pays("tok_approve", 200)).Is(201);

        Assert.Equal(98, shop.Catalog.Left(sku));
        Assert.Equal(2, shop.Catalog.Asked.Count(id => id == shop.Catalog.Asked.Last()));
    }
}
