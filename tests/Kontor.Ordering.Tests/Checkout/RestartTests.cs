using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;
using Kontor.Platform.Http;

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
        Assert.Equal(
            1,
            await shop.Count($"select count(*) from sandbox_authorisations where key = 'order-{order.Id}'")
        );
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

        await shop.Count(
            $"with paid as (update sandbox_authorisations set state = 'authorised' where key = 'order-{attempt.Order.Id}' returning 1) select count(*) from paid"
        );
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

    /// <summary>What the request does first, and no more: as if the process died then.</summary>
    async Task<Attempt> Submit(Guest guest, string token)
    {
        var request = new PlaceOrder.Request(new Money(200, "EUR"), new("sandbox", token));
        var cart = await CartTable.Find(shop.Database.Source, CartId.Parse(guest.Cart, null), default);
        var shelf = await shop.The<Goods>().Ask([.. cart!.Skus], "EUR", default);
        var claim = new IdempotencyClaim(
            $"cart:{Convert.ToHexStringLower(CartToken.Hash(guest.Token))}",
            "POST",
            $"/api/v1/carts/{{cart}}/checkout cart={guest.Cart}",
            Key,
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"\n{JsonSerializer.Serialize(Guest.Payment(token, 200), JsonSerializerOptions.Web)}"
                )
            )
        );
        var submitted = await shop.The<Submission>().Try(cart, shelf, new(request, null, "trace"), claim, default);
        return submitted!.Value.Value.Attempt!;
    }

    static Task<Answer> Repeat(Guest guest, string token) => guest.Pays(token, 200, Key);

    /// <summary>One step; a provider that never answers is left after a moment, as a dying process leaves it.</summary>
    async Task<Progress> Step(Attempt attempt)
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var hangs =
            attempt.Order.Stage == OrderStage.PaymentRequested && shop.The<Ledger>().TokenOf(attempt) == "tok_timeout";
        try
        {
            return await shop.The<Till>().Advance(attempt, hangs ? moment.Token : default);
        }
        catch (OperationCanceledException)
        {
            return new(attempt, Moved: true);
        }
    }

    async Task ActWithoutRecording(Attempt attempt)
    {
        var order = attempt.Order;
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var provider = shop.The<IPaymentProvider>();
        switch (order.Stage)
        {
            case OrderStage.Submitted:
                var lines = order.Lines.Select(line => new ReservationLine(line.Sku, line.Quantity));
                await shop.Catalog.Reserve(new(order.Id.Value, [.. lines]), default);
                break;
            case OrderStage.PaymentRequested:
                var request = new PaymentRequest(
                    order.PaymentKey!,
                    order.Totals.Total,
                    shop.The<Ledger>().TokenOf(attempt)
                );
                try
                {
                    await provider.Authorise(request, moment.Token);
                }
                catch (OperationCanceledException)
                {
                    // tok_timeout: the money is taken and nobody was told.
                }
                break;
            case OrderStage.Failed:
                await provider.Cancel(order.PaymentKey!, default);
                await shop.Catalog.Release(order.Id.Value, default);
                break;
        }
    }

    async Task DriveToTheEnd(Attempt attempt)
    {
        var progress = new Progress(await shop.The<Ledger>().Load(attempt.Order.Id, default), true);
        while (progress.Moved)
            progress = await shop.The<Till>().Advance(progress.Attempt, default);
    }

    async Task<Order> Settled(OrderId id)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            var order = (await shop.The<Ledger>().Load(id, default)).Order;
            if (order.IsSettled)
                return order;
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"It stands at {order.Stage}.");
            await Task.Delay(50);
        }
    }
}
