using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;

namespace Kontor.Ordering.Tests.Checkout;

/// <summary>Attempts whose process is gone, or whose buyer is, come to an end without anybody asking.</summary>
public sealed class TakeoverTests
{
    static readonly CheckoutLimits Quick = CheckoutLimits.Usual with
    {
        Inline = TimeSpan.FromSeconds(2),
        Provider = TimeSpan.FromSeconds(1),
        StandStill = TimeSpan.FromMilliseconds(300),
        Look = TimeSpan.FromMilliseconds(50),
    };

    [Theory]
    [InlineData("tok_approve")]
    [InlineData("tok_decline")]
    [InlineData("tok_timeout")]
    public async Task What_a_dead_process_left_anywhere_is_finished_by_another(string token)
    {
        await using var shop = await Shop.Start(Quick with { Look = TimeSpan.FromMinutes(10) });
        List<(string Sku, OrderId Order)> left = [];
        for (var steps = 0; steps <= 3; steps++)
            foreach (var hasActed in new[] { false, true })
            {
                var sku = shop.Catalog.Sells(100);
                var attempt = await Unattended.Submit(shop, await Guest.Ready(shop, sku), token);
                for (var step = 0; step < steps; step++)
                    attempt = (await Unattended.Step(shop, attempt)).Attempt;
                if (hasActed)
                    await Unattended.ActWithoutRecording(shop, attempt);
                left.Add((sku, attempt.Order.Id));
            }
        await shop.Count(
            "with aged as (update orders set due_at = now() where due_at is not null returning 1) select count(*) from aged"
        );

        await shop.Reopen(Quick);

        foreach (var (sku, id) in left)
        {
            var order = await Unattended.Reaches(shop, id, OrderStage.Placed, OrderStage.Rejected);
            Assert.Equal(token == "tok_decline" ? OrderStage.Rejected : OrderStage.Placed, order.Stage);
            Assert.Equal(order.Stage == OrderStage.Placed ? 98 : 100, shop.Catalog.Left(sku));
        }
        await Books.Agree(shop);
        Assert.Equal(0, await shop.Count("select count(*) from orders where due_at is not null"));
    }

    [Fact]
    public async Task An_attempt_is_taken_over_once_it_has_stood_still_long_enough()
    {
        await using var shop = await Shop.Start(Quick);
        var attempt = await Unattended.Submit(shop, await Guest.Ready(shop, shop.Catalog.Sells(100)), "tok_approve");

        await Unattended.Reaches(shop, attempt.Order.Id, OrderStage.Placed);

        await Books.Agree(shop);
    }

    [Fact]
    public async Task An_attempt_that_cannot_move_is_looked_at_later_and_stands_in_nobody_s_way()
    {
        await using var shop = await Shop.Start(Quick with { Look = TimeSpan.FromMinutes(10) });
        var takeover = Microsoft
            .Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetServices<Microsoft.Extensions.Hosting.IHostedService>(
                shop.Services
            )
            .OfType<Takeover>()
            .Single();
        await shop.Sandbox.Follow(new { calls = new[] { new { does = "dropBefore", token = "tok_late" } } });
        var stuck = await Unattended.Submit(shop, await Guest.Ready(shop, shop.Catalog.Sells(100)), "tok_late");
        var other = await Unattended.Submit(shop, await Guest.Ready(shop, shop.Catalog.Sells(100)), "tok_approve");
        await shop.Count(
            "with aged as (update orders set due_at = now() - interval '1 s' returning 1) select count(*) from aged"
        );

        Assert.Equal(2, await takeover.Take(default));
        Assert.Equal(
            2,
            await shop.Count("select count(*) from orders where due_at > now()")
                + await shop.Count("select count(*) from orders where due_at is null")
        );

        await Unattended.Reaches(shop, other.Order.Id, OrderStage.Placed);
        Assert.False((await shop.The<Ledger>().Load(stuck.Order.Id, default)).Order.IsSettled);
        await shop.Sandbox.Follow(new { });
        await Unattended.Reaches(shop, stuck.Order.Id, OrderStage.Placed);
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_buyer_who_never_pays_is_given_up_and_everything_is_given_back()
    {
        await using var shop = await Shop.Start(Quick with { AwaitPayment = TimeSpan.FromSeconds(1) });
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);

        var answer = (await guest.Pays("tok_challenge", 200, "c")).Is(202);

        var order = await guest.OrderIs("rejected", answer);
        Assert.Equal("PAYMENT_EXPIRED", order.Data.GetProperty("rejection").GetProperty("code").GetString());
        var key = $"order-{answer.Data.GetProperty("id").GetString()}";
        Assert.Equal("cancelled", (await shop.Sandbox.Find(key))?.State);
        Assert.Equal(409, (int)(await shop.Sandbox.Act(key, "confirm")).StatusCode);
        Assert.Equal(100, shop.Catalog.Left(sku));
        Assert.Equal(answer.Text, (await guest.Pays("tok_challenge", 200, "c")).Is(202).Text);
        (await guest.Pays("tok_approve", 200)).Is(201);
        Assert.Equal(98, shop.Catalog.Left(sku));
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_buyer_of_the_version_before_who_never_pays_is_given_up_too()
    {
        await using var shop = await Shop.Start(Quick with { AwaitPayment = TimeSpan.FromMinutes(10) });
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var answer = (await guest.Pays("tok_challenge", 200)).Is(202);

        await shop.Count(
            """
            with aged as (
                update orders set due_at = now(), moved_at = null, submitted_at = now() - interval '1 h' returning 1
            ) select count(*) from aged
            """
        );

        await guest.OrderIs("rejected", answer);
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_payment_whose_callback_was_lost_is_found_before_the_buyer_is_given_up()
    {
        await using var shop = await Shop.Start(Quick with { AwaitPayment = TimeSpan.FromMinutes(10) });
        await shop.Sandbox.Follow(new { callbacks = new { delayMs = 600_000 } });
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var answer = (await guest.Pays("tok_challenge", 200)).Is(202);
        await shop.Sandbox.Confirm($"order-{answer.Data.GetProperty("id").GetString()}");

        await shop.Count(
            "with aged as (update orders set due_at = now(), moved_at = now() - interval '1 h' returning 1) select count(*) from aged"
        );

        await guest.OrderIs("placed", answer);
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_buyer_is_waited_for_as_long_as_is_said()
    {
        await using var shop = await Shop.Start(Quick with { AwaitPayment = TimeSpan.FromMinutes(10) });
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var answer = (await guest.Pays("tok_challenge", 200)).Is(202);
        var attempt = await shop.The<Ledger>()
            .Load(OrderId.Parse(answer.Data.GetProperty("id").GetString()!, null), default);

        var progress = await shop.The<Till>().Advance(attempt, default);

        Assert.False(progress.Moved);
        Assert.Equal(
            1,
            await shop.Count(
                "select count(*) from orders where due_at between now() + interval '8 min' and now() + interval '11 min'"
            )
        );
    }
}
