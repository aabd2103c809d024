using System.Text;
using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;

namespace Kontor.Ordering.Tests.Checkout;

/// <summary>A callback says where to look; what is true stands in the provider's books.</summary>
public sealed class CallbackTests(Shop shop) : IClassFixture<Shop>
{
    static readonly object Usual = new { };

    [Fact]
    public async Task A_confirmed_challenge_places_the_order()
    {
        var (guest, answer) = await Challenged();

        await shop.Sandbox.Confirm(KeyOf(answer));

        var order = await guest.OrderIs("placed", answer);
        Assert.Equal(answer.Text, (await guest.Pays("tok_challenge", 200, "c")).Is(202).Text);
        Assert.StartsWith("sandbox-", order.Data.GetProperty("payment").GetProperty("authorisation").GetString());
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_declined_challenge_leaves_the_cart_open_for_another_card()
    {
        var (guest, answer) = await Challenged();

        (await shop.Sandbox.Act(KeyOf(answer), "decline")).EnsureSuccessStatusCode();

        var order = await guest.OrderIs("rejected", answer);
        Assert.Equal("PAYMENT_DECLINED", order.Data.GetProperty("rejection").GetProperty("code").GetString());
        (await guest.Pays("tok_approve", 200)).Is(201);
        await Books.Agree(shop);
    }

    [Fact]
    public async Task Fifty_copies_at_once_make_one_order()
    {
        var (guest, answer) = await Challenged();
        await shop.Sandbox.Follow(new { callbacks = new { copies = 50, delayMs = 0 } });

        await shop.Sandbox.Confirm(KeyOf(answer));

        await guest.OrderIs("placed", answer);
        await shop.Sandbox.Follow(Usual);
        Assert.Equal(6, await EventsOf(answer));
        Assert.Equal(1, await OrderedEventsOf(guest));
        await Books.Agree(shop);
    }

    [Fact]
    public async Task Fifty_copies_by_hand_of_the_same_words_make_one_order()
    {
        var (guest, answer) = await Challenged();
        await shop.Sandbox.Follow(new { callbacks = new { delayMs = 60_000 } });
        await shop.Sandbox.Confirm(KeyOf(answer));
        var body = PlaySandbox.Body(KeyOf(answer));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shop.Sandbox.Calls(shop.Http, body)));

        await shop.Sandbox.Follow(Usual);
        Assert.All(answers, said => Assert.Equal("placed", said.Is(200).Data.GetProperty("status").GetString()));
        Assert.Equal(6, await EventsOf(answer));
        Assert.Equal(1, await OrderedEventsOf(guest));
        await Books.Agree(shop);
    }

    [Fact]
    public async Task Callbacks_that_overtake_each_other_change_nothing()
    {
        await shop.Sandbox.Follow(
            new
            {
                seed = 7,
                callbacks = new
                {
                    copies = 5,
                    delayMs = 0,
                    spreadMs = 1_500,
                },
            }
        );
        var buyers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Challenged()));
        foreach (var (_, answer) in buyers)
            await shop.Sandbox.Confirm(KeyOf(answer));

        foreach (var (guest, answer) in buyers)
        {
            await guest.OrderIs("placed", answer);
            foreach (var state in new[] { "challenged", "declined", "cancelled", "authorised" })
                (await shop.Sandbox.Calls(shop.Http, PlaySandbox.Body(KeyOf(answer), state))).Is(200);
            Assert.Equal(6, await EventsOf(answer));
        }
        await shop.Sandbox.Follow(Usual);
        await Books.Agree(shop);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_callback_before_the_attempt_waits_has_it_driven_on(int steps)
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var attempt = await Unattended.Submit(shop, guest, "tok_approve");
        for (var step = 0; step < steps; step++)
            attempt = (await Unattended.Step(shop, attempt)).Attempt;
        var body = PlaySandbox.Body(attempt.Order.KeyOfPayment);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shop.Sandbox.Calls(shop.Http, body)));

        Assert.All(answers, said => Assert.InRange(said.Status, 200, 202));
        await Unattended.Reaches(shop, attempt.Order.Id, OrderStage.Placed);
        Assert.Equal(5, await shop.Count($"select count(*) from journal where stream = '{attempt.Order.Stream}'"));
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_callback_before_the_order_is_known_is_to_come_again()
    {
        _ = shop.Services;

        foreach (var key in new[] { $"order-{Fresh.Id()}", "order-", "order-x", "somebody-else's", "" })
            (await shop.Sandbox.Calls(shop.Http, PlaySandbox.Body(key))).Refused(404, "PAYMENT_NOT_FOUND");
    }

    [Fact]
    public async Task A_callback_is_not_believed_where_the_books_say_otherwise()
    {
        var (guest, answer) = await Challenged();

        var said = await shop.Sandbox.Calls(shop.Http, PlaySandbox.Body(KeyOf(answer)));

        Assert.Equal("awaiting_payment", said.Is(202).Data.GetProperty("status").GetString());
        await guest.OrderIs("awaiting_payment", answer);
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_forged_callback_is_refused()
    {
        var begun = TimeProvider.System.GetTimestamp();
        var (guest, answer) = await Challenged();
        await shop.Sandbox.Follow(new { callbacks = new { delayMs = 60_000 } });
        await shop.Sandbox.Confirm(KeyOf(answer));
        var body = PlaySandbox.Body(KeyOf(answer));
        var another = Kernel.WebhookSignature.NewSecret();

        (await shop.Sandbox.Calls(shop.Http, body, secret: another)).Refused(401, "CALLBACK_NOT_SIGNED");
        (await shop.Sandbox.Calls(shop.Http, body, sign: "")).Refused(401, "CALLBACK_NOT_SIGNED");
        (await shop.Sandbox.Calls(shop.Http, body, sign: "v1,")).Refused(401, "CALLBACK_NOT_SIGNED");
        (await shop.Sandbox.Calls(shop.Http, body, sign: $"v1,{new string('A', 4000)}")).Refused(
            401,
            "CALLBACK_NOT_SIGNED"
        );
        (await new Caller(shop.Http).Post("/api/v1/payments/sandbox/callbacks", new { })).Refused(
            401,
            "CALLBACK_NOT_SIGNED"
        );
        await SignedForAnother(PlaySandbox.Body(KeyOf(answer), amount: 1), body);

        // An attempt that has stood still for ten seconds is taken over, and the provider asked: then it is rightly placed.
        if (TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(5))
            await guest.OrderIs("awaiting_payment", answer);
        await shop.Sandbox.Follow(Usual);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(-310)]
    [InlineData(100_000_000)]
    public async Task A_stale_callback_is_refused(int age)
    {
        _ = shop.Services;

        (await shop.Sandbox.Calls(shop.Http, PlaySandbox.Body("order-x"), age: age)).Refused(400, "CALLBACK_STALE");
        (await shop.Sandbox.Calls(shop.Http, PlaySandbox.Body("order-x"), age: 200)).Refused(404, "PAYMENT_NOT_FOUND");
    }

    [Theory]
    [InlineData(199, "EUR")]
    [InlineData(201, "EUR")]
    [InlineData(200, "SEK")]
    public async Task Another_amount_or_currency_is_refused_and_changes_nothing(long amount, string currency)
    {
        var (guest, answer) = await Challenged();
        await shop.Sandbox.Follow(new { callbacks = new { delayMs = 60_000 } });
        await shop.Sandbox.Confirm(KeyOf(answer));

        var body = PlaySandbox.Body(KeyOf(answer), amount: amount, currency: currency);
        (await shop.Sandbox.Calls(shop.Http, body)).Refused(422, "PAYMENT_MISMATCH");

        await guest.OrderIs("awaiting_payment", answer);
        (await shop.Sandbox.Calls(shop.Http, PlaySandbox.Body(KeyOf(answer)))).Is(200);
        await shop.Sandbox.Follow(Usual);
        await Books.Agree(shop);
    }

    [Fact]
    public async Task Signed_nonsense_is_refused()
    {
        _ = shop.Services;

        foreach (var text in new[] { "", "null", "[]", "{}", "{\"key\":", "{\"key\":1}", "{\"key\":\"order-x\"}" })
            (await shop.Sandbox.Calls(shop.Http, Encoding.UTF8.GetBytes(text))).Refused(400, "MALFORMED_BODY");
        (await shop.Sandbox.Calls(shop.Http, PlaySandbox.Body("order-x", currency: "XXX"))).Refused(
            400,
            "MALFORMED_BODY"
        );
        (await shop.Sandbox.Calls(shop.Http, new byte[70_000])).Refused(413, "BODY_TOO_LARGE");
    }

    [Fact]
    public async Task Money_that_comes_after_everything_was_given_back_is_voided()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100, onHand: 1));
        var attempt = await Unattended.Submit(shop, guest, "tok_approve");
        while (attempt.Order.Stage != OrderStage.Rejected)
            attempt = (await Unattended.Step(shop, attempt)).Attempt;
        var key = attempt.Order.KeyOfPayment;
        await shop.Sandbox.Follow(new { callbacks = new { copies = 50, delayMs = 0 } });

        await shop.Sandbox.Authorise(key, callbacks: $"{shop.Http.BaseAddress}api/v1/payments/sandbox/callbacks");

        await shop.Sandbox.Reaches(key, "cancelled");
        await shop.Sandbox.Follow(Usual);
        Assert.Equal(1, await shop.Count($"select count(*) from orders where cart = '{guest.Cart}'"));
        Assert.Equal(3, await shop.Count($"select count(*) from journal where stream = '{attempt.Order.Stream}'"));
        await Books.Agree(shop);
    }

    [Fact]
    public async Task A_callback_that_cannot_be_followed_is_to_come_again()
    {
        await using var own = await Shop.Start(CheckoutLimits.Usual with { Inline = TimeSpan.FromSeconds(2) });
        var guest = await Guest.Ready(own, own.Catalog.Sells(100, onHand: 1));
        var attempt = await Unattended.Submit(own, guest, "tok_approve");
        while (attempt.Order.Stage != OrderStage.Rejected)
            attempt = (await Unattended.Step(own, attempt)).Attempt;
        var (secret, body) = (own.Sandbox.Secret, PlaySandbox.Body(attempt.Order.KeyOfPayment));

        await own.Sandbox.Stop();

        (await own.Sandbox.Calls(own.Http, body, secret)).Refused(503, "PAYMENT_UNAVAILABLE");
    }

    async Task SignedForAnother(byte[] sent, byte[] signed)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString();
        var signature = Kernel.WebhookSignature.Sign(shop.Sandbox.Secret, "msg_1", timestamp, signed);
        (await shop.Sandbox.Calls(shop.Http, sent, sign: signature)).Refused(401, "CALLBACK_NOT_SIGNED");
    }

    async Task<(Guest, Answer)> Challenged()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var answer = (await guest.Pays("tok_challenge", 200, "c")).Is(202);
        Assert.Equal("awaiting_payment", answer.Data.GetProperty("status").GetString());
        return (guest, answer);
    }

    Task<long> EventsOf(Answer answer) => shop.Count($"select count(*) from journal where stream = '{KeyOf(answer)}'");

    Task<long> OrderedEventsOf(Guest guest) =>
        shop.Count($"select count(*) from journal where type = 'cart.ordered.v1' and stream = 'cart-{guest.Cart}'");

    /// <summary>Of the payment; the order's stream happens to be named alike.</summary>
    static string KeyOf(Answer answer) => $"order-{answer.Data.GetProperty("id").GetString()}";
}
