using System.Text.Json;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;

namespace Kontor.Ordering.Tests.Checkout;

/// <summary>A process may die after every step, and between a side effect and its record.</summary>
public sealed class RestartTests(Shop shop) : IClassFixture<Shop>
{
    const string Key = "the-key";

    public static TheoryData<string, int, bool> Deaths()
    {
        var deaths = new TheoryData<string, int, bool>();
        foreach (var token in new[] { "tok_approve", "tok_decline", "tok_timeout" })
            for (var steps = 0; steps <= 3; steps++)
                foreach (var hasActed in new[] { false, true })
                    deaths.Add(token, steps, hasActed);
        return deaths;
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task An_attempt_that_died_anywhere_is_finished_by_repeating_its_key(
        string token,
        int steps,
        bool hasActed
    )
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        var attempt = await Submit(guest, token);
        for (var step = 0; step < steps; step++)
            attempt = (await Step(attempt)).Attempt;
        if (hasActed)
            await ActWithoutRecording(attempt);

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Repeat(guest, token)));

        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        var order = await Settled(attempt.Order.Id);
        Assert.Equal(token == "tok_decline" ? OrderStage.Rejected : OrderStage.Placed, order.Stage);
        if (order.Stage == OrderStage.Rejected)
            answers[0].Refused(402, "PAYMENT_DECLINED");
        else
            Assert.Contains(answers[0].Status, new[] { 201, 202 });
        Assert.Equal(order.Stage == OrderStage.Placed ? 98 : 100, shop.Catalog.Left(sku));
        Assert.Equal(1, await shop.Count($"select count(*) from orders where cart = '{guest.Cart}'"));
        await Books.Agree(shop);
        Assert.Equal(
            await shop.Count($"select count(distinct type) from journal where stream = '{order.Stream}'"),
            await shop.Count($"select count(*) from journal where stream = '{order.Stream}'")
        );
    }

    [Fact]
    public async Task An_attempt_that_died_after_its_202_is_finished_by_repeating_its_key()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        var attempt = (await Step(await Submit(guest, "tok_late"))).Attempt;
        await shop.The<Ledger>().FixPending(attempt, TestContext.Current.CancellationToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Repeat(guest, "tok_late")));

        Assert.All(answers, answer => answer.Is(202));
        Assert.Equal(OrderStage.Placed, (await Settled(attempt.Order.Id)).Stage);
        Assert.Equal(98, shop.Catalog.Left(sku));
    }

    [Fact]
    public async Task Two_drivers_of_one_attempt_do_no_harm()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        var attempt = await Submit(guest, "tok_approve");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => DriveToTheEnd(attempt)));

        Assert.Equal(98, shop.Catalog.Left(sku));
        Assert.Equal(5, await shop.Count($"select count(*) from journal where stream = '{attempt.Order.Stream}'"));
        Assert.Equal(
            1,
            await shop.Count(
                $"select count(*) from journal where type = 'cart.ordered.v1' and stream = 'cart-{guest.Cart}'"
            )
        );
        (await Repeat(guest, "tok_approve")).Is(201);
    }

    [Fact]
    public async Task Giving_back_cancels_the_money_before_it_releases_the_stock()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        var attempt = (await Step(await Submit(guest, "tok_approve"))).Attempt;
        await ActWithoutRecording(attempt);
        OrderEvent failed = new OrderEvent.Failed(attempt.Order.Id.Value, Rules.Declined, []);
        attempt = (await shop.The<Ledger>().Record(attempt, _ => [failed], default)).Attempt;
        shop.Catalog.IsAway = true;

        await Assert.ThrowsAsync<HttpRequestException>(() => Step(attempt));

        Assert.IsType<PaymentOutcome.Cancelled>(
            await shop.The<IPaymentProvider>().Find(attempt.Order.PaymentKey!, default)
        );
        shop.Catalog.IsAway = false;
        Assert.Equal(98, shop.Catalog.Left(sku));
        (await Repeat(guest, "tok_approve")).Refused(402, "PAYMENT_DECLINED");
        Assert.Equal(100, shop.Catalog.Left(sku));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_slower_driver_s_reservation_is_not_left_behind(int stepsOfTheFaster)
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100, onHand: 1);
        var guest = await Guest.Ready(shop, sku);
        var stale = await Submit(guest, "tok_approve");
        var attempt = stale;
        for (var step = 0; step < stepsOfTheFaster; step++)
            attempt = (await Step(attempt)).Attempt;
        shop.Catalog.Gets(sku, 9);

        for (var progress = new Progress(stale, true); progress.Moved; )
            progress = await Step(progress.Attempt);

        Assert.Equal(10, shop.Catalog.Left(sku));
        (await Repeat(guest, "tok_approve")).Refused(409, "OUT_OF_STOCK");
    }

    [Fact]
    public async Task An_awaited_payment_is_taken_when_the_provider_says_so()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var attempt = await Submit(guest, "tok_challenge");
        await DriveToTheEnd(attempt);
        Assert.Equal(
            OrderStage.AwaitingPayment,
            (await shop.The<Ledger>().Load(attempt.Order.Id, default)).Order.Stage
        );

        await shop.Sandbox.Confirm(attempt.Order.KeyOfPayment);
        await DriveToTheEnd(attempt);

        Assert.Equal(OrderStage.Placed, (await shop.The<Ledger>().Load(attempt.Order.Id, default)).Order.Stage);
        (await Repeat(guest, "tok_challenge")).Is(202);
    }

    [Fact]
    public async Task A_cancelled_key_takes_no_money_that_comes_late()
    {
        _ = shop.Services;
        var provider = shop.The<IPaymentProvider>();

        await provider.Cancel("early", default);

        Assert.IsType<PaymentOutcome.Cancelled>(
            await provider.Authorise(new("early", new Money(5, "EUR"), "tok_approve"), default)
        );
        Assert.IsType<PaymentOutcome.Cancelled>(await provider.Find("early", default));
        Assert.IsType<PaymentOutcome.Unknown>(await provider.Find("never", default));
    }

    [Fact]
    public async Task The_row_of_an_order_says_what_its_events_say()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var attempt = await Submit(guest, "tok_decline");

        for (var progress = new Progress(attempt, true); progress.Moved; progress = await Step(progress.Attempt))
        {
            var row = await OrderTable.Find(shop.Database.Source, attempt.Order.Id, default);
            var contact = new Contact("e", new("n", "l", "c", "p", "SE"));
            Assert.Equal(
                JsonSerializer.Serialize(OrderView.Of(progress.Attempt.Order, contact), KontorJson.Options),
                JsonSerializer.Serialize(row!.View.With(contact), KontorJson.Options)
            );
        }
    }

    Task<Attempt> Submit(Guest guest, string token) => Unattended.Submit(shop, guest, token, Key);

    static Task<Answer> Repeat(Guest guest, string token) => guest.Pays(token, 200, Key);

    Task<Progress> Step(Attempt attempt) => Unattended.Step(shop, attempt);

    Task ActWithoutRecording(Attempt attempt) => Unattended.ActWithoutRecording(shop, attempt);

    async Task DriveToTheEnd(Attempt attempt)
    {
        var progress = new Progress(await shop.The<Ledger>().Load(attempt.Order.Id, default), true);
        while (progress.Moved)
            progress = await shop.The<Till>().Advance(progress.Attempt, default);
    }

    Task<Order> Settled(OrderId id) => Unattended.Reaches(shop, id, OrderStage.Placed, OrderStage.Rejected);
}
