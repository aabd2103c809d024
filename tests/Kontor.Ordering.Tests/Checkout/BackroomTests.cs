using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;

namespace Kontor.Ordering.Tests.Checkout;

/// <summary>Attempts that cannot go on stand in nobody's way.</summary>
public sealed class BackroomTests
{
    static readonly CheckoutLimits Patient = CheckoutLimits.Usual with
    {
        Provider = TimeSpan.FromSeconds(2),
        StandStill = TimeSpan.FromMinutes(10),
        Look = TimeSpan.FromMinutes(10),
    };

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Attempts_at_a_provider_that_hangs_keep_no_other_from_its_end()
    {
        await using var shop = await Shop.Start(Patient);
        var backroom = shop.The<Backroom>();
        await shop.Sandbox.Follow(new { calls = new[] { new { does = "silence", token = "tok_late" } } });
        List<OrderId> hanging = [];
        for (var i = 0; i < 20; i++)
            hanging.Add((await Submitted("tok_late", shop.Catalog.Sells(100))).Order.Id);
        var (sku, sold) = (shop.Catalog.Sells(100), shop.Catalog.Sells(100));
        var failed = await Submitted("tok_decline", sku);
        while (failed.Order.Stage != OrderStage.Failed)
            failed = (await Unattended.Step(shop, failed)).Attempt;
        var other = await Submitted("tok_approve", sold);

        foreach (var order in hanging)
            backroom.Take(order);
        await TheProviderHangs();
        backroom.Take(failed.Order.Id);
        backroom.Take(other.Order.Id);

        await Unattended.Reaches(shop, failed.Order.Id, OrderStage.Rejected);
        await Unattended.Reaches(shop, other.Order.Id, OrderStage.Placed);
        Assert.Equal((100, 98), (shop.Catalog.Left(sku), shop.Catalog.Left(sold)));
        foreach (var order in hanging)
            Assert.False((await shop.The<Ledger>().Load(order, default)).Order.IsSettled);
        await shop.Sandbox.Follow(new { });
        foreach (var order in hanging)
            await Unattended.Reaches(shop, order, OrderStage.Placed);
        await Books.Agree(shop);

        async Task<Attempt> Submitted(string token, string piece) =>
            await Unattended.Submit(shop, await Guest.Ready(shop, piece), token);

        // It took the money of as many as there are drivers, and answers none of them.
        async Task TheProviderHangs()
        {
            foreach (var order in hanging.Take(16))
                await shop.Sandbox.Reaches($"order-{order}", "authorised");
        }
    }

    [Fact]
    [Trait("Kind", "slow")]
    public async Task An_attempt_is_driven_once_at_a_time_and_again_after_a_rest()
    {
        await using var shop = await Shop.Start(Patient);
        await shop.Sandbox.Follow(new { calls = new[] { new { does = "silence", token = "tok_late" } } });
        var attempt = await Unattended.Submit(shop, await Guest.Ready(shop, shop.Catalog.Sells(100)), "tok_late");
        var key = $"order-{attempt.Order.Id}";

        for (var i = 0; i < 100; i++)
            shop.The<Backroom>().Take(attempt.Order.Id);
        await shop.Sandbox.Reaches(key, "authorised");
        for (var i = 0; i < 100; i++)
            shop.The<Backroom>().Take(attempt.Order.Id);
        await shop.Sandbox.Follow(new { });
        await Unattended.Reaches(shop, attempt.Order.Id, OrderStage.Placed);

        Assert.Equal([attempt.Order.Id.Value], shop.Catalog.Asked);
        await Books.Agree(shop);
    }
}
