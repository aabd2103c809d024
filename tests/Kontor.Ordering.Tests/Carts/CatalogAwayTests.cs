namespace Kontor.Ordering.Tests.Carts;

/// <summary>Alone, because Catalog is away meanwhile.</summary>
public sealed class CatalogAwayTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Without_catalog_a_cart_shows_the_last_known_prices()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(1_999);
        await guest.Add(sku, 2);
        shop.Catalog.IsAway = true;

        var cart = (await guest.Look()).Is(200);

        Assert.Equal(3_998, cart.Data.GetProperty("totals").GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal("CATALOG_UNAVAILABLE", cart.Data.GetProperty("warnings")[0].GetProperty("code").GetString());
        (await guest.Add(sku, 1)).Refused(503, "CATALOG_UNAVAILABLE");
        shop.Catalog.IsAway = false;
        (await guest.Add(sku, 1)).Is(200);
    }
}
