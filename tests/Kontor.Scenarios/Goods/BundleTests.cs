namespace Kontor.Scenarios.Goods;

/// <summary>A bundle from cart to order: bought by its own name and price, taken from the shelves of others.</summary>
public sealed class BundleTests
{
    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public async Task A_bundle_is_bought_beside_its_component_and_what_is_not_paid_goes_back(Processes processes)
    {
        await using var shop = await Machinery.Open(processes);
        await shop.CreateProduct("CUP", amount: 500, stock: 5);
        await shop.CreateProduct("POT", amount: 2_000, stock: 5);
        await shop.CreateProduct("TEA-SET", amount: 2_700, stock: 0);
        var made = await shop.Send(
            HttpMethod.Put,
            "/api/v1/variants/TEA-SET/components",
            new { components = new[] { new { sku = "CUP", quantity = 2 }, new { sku = "POT", quantity = 1 } } },
            ("Authorization", $"Bearer {await shop.Token()}")
        );
        Assert.True(made.Status == 201, made.Text);

        var buyer = await Buyer.Enter(shop, "TEA-SET", 2);
        var more = await buyer.Send(
            HttpMethod.Post,
            $"/api/v1/carts/{buyer.Cart}/lines",
            new { sku = "CUP", quantity = 1 },
            ("Idempotency-Key", Buyer.NewKey())
        );
        Assert.True(more.Status is 200 or 201, more.Text);
        var order = await buyer.Buy("tok_approve", 5_900);
        Assert.Equal((5, 2), await Reserved(shop));

        var late = await Buyer.Enter(shop, "POT", 2);
        Assert.True(await late.Pay("tok_decline", 4_000) is { Status: 402 or 202 });
        await Eventually.Holds(async () => await Reserved(shop) == (5, 2), "what was not paid is back");
        var second = await (await Buyer.Enter(shop, "TEA-SET", 1)).Pay("tok_approve", 2_700);
        Assert.Equal((409, true), (second.Status, second.Text.Contains("TEA-SET", StringComparison.Ordinal)));

        await shop.Verify();
        await shop.Of("catalog")
            .Tamper($"update catalog.reservation_bundles set quantity = 1 where reservation = '{order}'");
        if (processes == Processes.One)
        {
            var (code, report) = await shop.Of("catalog").Command("verify");
            Assert.True(
                code == 1 && report.Contains("STOCK_IS_HELD_FOR_PLACED_ORDERS", StringComparison.Ordinal),
                report
            );
        }
    }

    /// <summary>Of cups and of pots.</summary>
    static async Task<(long Cups, long Pots)> Reserved(RunningShop shop)
    {
        var token = await shop.Token();
        async Task<long> Of(string sku) =>
            (await shop.Send(HttpMethod.Get, $"/api/v1/stock?sku={sku}", null, ("Authorization", $"Bearer {token}")))
                .Data[0]
                .GetProperty("reserved")
                .GetInt64();
        return (await Of("CUP"), await Of("POT"));
    }
}
