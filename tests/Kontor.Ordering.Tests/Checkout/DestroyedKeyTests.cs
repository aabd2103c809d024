namespace Kontor.Ordering.Tests.Checkout;

/// <summary>A backup of the database brings back the row of a guest who was erased, and not the key.</summary>
public sealed class DestroyedKeyTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_cart_whose_key_was_destroyed_begins_no_attempt_whatever_its_row_says()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        Assert.True(shop.Keys.Persons.Destroy(Guid.Parse(guest.Cart)));

        (await guest.Pays("tok_approve", 200)).Refused(409, "CART_ERASED");

        Assert.Equal(0, await shop.Count($"select count(*) from orders where cart = '{guest.Cart}'"));
        Assert.Equal(
            0,
            await shop.Count($"select count(*) from carts where id = '{guest.Cart}' and attempt is not null")
        );
        Assert.Equal(100, shop.Catalog.Left(sku));
    }
}
