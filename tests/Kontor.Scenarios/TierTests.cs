namespace Kontor.Scenarios;

/// <summary>A tier price, from the staff who set it to the order that is charged by it.</summary>
public sealed class TierTests
{
    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public async Task The_pieces_of_a_line_decide_upon_its_price_in_both_shapes(Processes processes)
    {
        await using var shop = await Machinery.Open(processes);
        await shop.CreateProduct("THING", amount: 1_000, stock: 50);
        var set = await shop.Send(
            HttpMethod.Post,
            "/api/v1/prices",
            new
            {
                prices = new[]
                {
                    Tier("ten", 800, quantity: 10),
                    Tier("ten-dk", 700, quantity: 10, country: "DK"),
                    Tier("twenty", 600, quantity: 20),
                },
            },
            ("Authorization", $"Bearer {await shop.Token()}")
        );
        Assert.True(set.Status == 200, set.Text);

        var few = await Buyer.Enter(shop, "THING", 9);
        var many = await Buyer.Enter(shop, "THING", 10);

        var refused = await many.Pay("tok_approve", 10_000, Buyer.NewKey());
        Assert.Equal((409, "PRICE_CHANGED"), (refused.Status, refused.Code));
        await few.Buy("tok_approve", 9_000);
        await many.Buy("tok_approve", 8_000);
        await shop.Verify();
    }

    static object Tier(string key, long amount, int quantity, string? country = null) =>
        new
        {
            key,
            sku = "THING",
            price = new { amount, currency = "EUR" },
            minQuantity = quantity,
            country = country ?? "DE",
        };
}
