namespace Kontor.Ordering.Tests.Checkout;

public sealed class AnotherCardTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Two_attempts_of_one_cart_never_hold_at_once()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);

        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => guest.Pays("tok_decline", 200)));
            Assert.All(
                answers,
                answer => Assert.Contains(answer.Code, new[] { "PAYMENT_DECLINED", "CART_ALREADY_ORDERED" })
            );
        }
        var last = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => guest.Pays("tok_approve", 200)));

        Assert.Single(last, answer => answer.Status == 201);
        Assert.Equal((98, 98), (shop.Catalog.Left(sku), shop.Catalog.Fewest(sku)));
        Assert.Equal(
            1,
            await shop.Count($"select count(*) from orders where cart = '{guest.Cart}' and status = 'placed'")
        );
        await Books.Agree(shop);
    }
}
