namespace Kontor.Scenarios;

/// <summary>Ordering without Catalog: what stands is shown, what needs it is refused plainly, and nobody mends by hand.</summary>
public sealed class CatalogDownTests
{
    [Fact]
    [Trait("Kind", "slow")]
    public async Task Ordering_goes_on_without_catalog_and_recovers_by_itself()
    {
        await using var shop = await Machinery.Open(Processes.Three);
        await shop.CreateProduct("THING", amount: 1_000, stock: 10);
        var placed = await Buyer.Enter(shop, "THING", 1);
        var order = await placed.Buy("tok_approve", 1_000);
        var waiting = await Buyer.Enter(shop, "THING", 2);

        await shop.Of("catalog").Kill();

        var cart = await waiting.Get($"/api/v1/carts/{waiting.Cart}");
        Assert.Equal(200, cart.Status);
        Assert.Contains("CATALOG_UNAVAILABLE", cart.Text, StringComparison.Ordinal);
        Assert.Equal(2_000, cart.Data.GetProperty("totals").GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal(200, (await placed.Get($"/api/v1/orders/{order}")).Status);
        var refused = await waiting.Pay("tok_approve", 2_000);
        Assert.Equal((503, "CATALOG_UNAVAILABLE"), (refused.Status, refused.Code));

        await shop.Of("catalog").Restart();

        await Eventually.Holds(
            async () => await waiting.Pay("tok_approve", 2_000) is { Status: 201 or 202 },
            "the same checkout goes through"
        );
        await waiting.IsPlaced((await waiting.Pay("tok_approve", 2_000)).Data.GetProperty("id").GetString()!);
        await shop.Verify();
    }
}
