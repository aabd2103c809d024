using Kontor.Ordering.Carts;
using Kontor.Platform.Http;

namespace Kontor.Ordering.Tests.Carts;

public sealed class EraseGuestTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task An_erased_guest_is_forgotten_and_the_order_still_adds_up()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(1_999), shop.Catalog.Sells(24_900));
        (await guest.Pays("tok_decline", 2 * (1_999 + 24_900))).Refused(402, "PAYMENT_DECLINED");
        var placed = (await guest.Pays("tok_approve", 2 * (1_999 + 24_900))).Is(201);

        var erased = (await Erase(guest)).Is(200);

        foreach (var answer in new[] { erased, (await guest.Look()).Is(200), (await guest.Order(placed)).Is(200) })
        {
            IsForgotten(answer);
            Assert.Equal("SE", answer.Data.GetProperty("shipping").GetProperty("country").GetString());
        }
        var order = (await guest.Order(placed)).Data;
        Assert.Equal(placed.Data.GetProperty("totals").GetRawText(), order.GetProperty("totals").GetRawText());
        Assert.Equal(placed.Data.GetProperty("lines").GetRawText(), order.GetProperty("lines").GetRawText());
        Assert.Equal(
            order.GetProperty("totals").GetProperty("total").GetProperty("amount").GetInt64(),
            order
                .GetProperty("lines")
                .EnumerateArray()
                .Sum(line => line.GetProperty("total").GetProperty("amount").GetInt64())
        );
        var id = placed.Data.GetProperty("id").GetString();
        (await guest.Caller.Get($"/api/v1/orders/{id}/events")).Is(200);
        Assert.Equal(0, await Held(guest));
        Assert.Equal(
            1,
            await shop.Count($"select count(*) from journal where type = 'cart.erased.v1' and {Of(guest)}")
        );
        await HoldsItsInvariants();
    }

    [Fact]
    public async Task What_was_answered_about_an_erased_guest_is_answered_no_more()
    {
        _ = shop.Services;
        var (sku, other) = (shop.Catalog.Sells(100), shop.Catalog.Sells(100));
        var guest = await Guest.Arrives(shop);
        var first = (await guest.Add(sku, 2, "before-anything-is-known")).Is(200);
        (await Address(guest, "address")).Is(200);
        (await guest.Add(other, 2, "line")).Is(200);
        (await guest.Pays("tok_decline", 400, "declined")).Refused(402, "PAYMENT_DECLINED");
        (await guest.Pays("tok_approve", 400, "paid")).Is(201);
        (await guest.Pays("tok_approve", 400, "paid")).Is(201);

        var erased = (await Erase(guest, "erase")).Is(200);

        (await guest.Pays("tok_approve", 400, "paid")).Refused(410, "ANSWER_ERASED");
        (await guest.Pays("tok_decline", 400, "declined")).Refused(410, "ANSWER_ERASED");
        (await Address(guest, "address")).Refused(410, "ANSWER_ERASED");
        (await guest.Add(other, 2, "line")).Refused(410, "ANSWER_ERASED");
        (await guest.Pays("tok_approve", 401, "paid")).Refused(422, "IDEMPOTENCY_KEY_REUSED");
        Assert.Equal(first.Text, (await guest.Add(sku, 2, "before-anything-is-known")).Is(200).Text);
        Assert.Equal(erased.Text, (await Erase(guest, "erase")).Is(200).Text);
    }

    [Fact]
    public async Task Everything_about_a_cart_is_under_its_key_from_the_moment_that_it_has_one()
    {
        _ = shop.Services;
        var guest = await Guest.Arrives(shop);
        (await guest.Add(shop.Catalog.Sells(100), 2, "one")).Is(200);
        Assert.Equal(0, await shop.Count($"select count(*) from idempotency where person = '{guest.Cart}'"));

        (await Address(guest, "two")).Is(200);
        (await guest.Pays("tok_approve", 200, "three")).Is(201);

        Assert.Equal(
            2,
            await shop.Count(
                $"select count(*) from idempotency where person = '{guest.Cart}' and key in ('two', 'three') and get_byte(body, 0) = 3"
            )
        );
        Assert.Equal(
            1,
            await shop.Count($"select count(*) from carts where id = '{guest.Cart}' and get_byte(contact, 0) = 3")
        );
        Assert.Equal(
            1,
            await shop.Count(
                $"""
                select count(*) from checkouts k join orders o on o.id = k.order_id
                where o.cart = '{guest.Cart}' and get_byte(k.contact, 0) = 3 and get_byte(k.payment_token, 0) = 3
                """
            )
        );
    }

    [Fact]
    public async Task An_erased_cart_takes_no_other_guest()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        (await Erase(guest)).Is(200);

        (await guest.IsAddressed("bo@example.org")).Refused(409, "CART_ERASED");
        (await guest.Pays("tok_approve", 200)).Refused(409, "CART_NOT_ADDRESSED");
        IsForgotten((await guest.Add(sku, 1)).Is(200));
        Assert.False(await shop.Keys.Persons.Make(Guid.Parse(guest.Cart), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cart_of_which_nothing_is_known_can_be_erased_and_stays_so()
    {
        _ = shop.Services;
        var guest = await Guest.Arrives(shop);

        (await Erase(guest)).Is(200);

        (await guest.IsAddressed()).Refused(409, "CART_ERASED");
        Assert.False((await guest.Look()).Is(200).Data.TryGetProperty("email", out _));
    }

    [Fact]
    public async Task Erasing_again_changes_nothing()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Erase(guest)));

        var version = (await guest.Look()).Data.GetProperty("version").GetInt64();
        Assert.All(answers, answer => Assert.Equal(version, answer.Is(200).Data.GetProperty("version").GetInt64()));
        Assert.Equal(
            1,
            await shop.Count($"select count(*) from journal where type = 'cart.erased.v1' and {Of(guest)}")
        );
    }

    [Fact]
    public async Task A_guest_whose_order_is_being_made_is_not_erased()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        (await guest.Pays("tok_challenge", 200)).Is(202);

        (await Erase(guest)).Refused(409, "CART_IN_CHECKOUT");

        Assert.Equal("ada@example.org", (await guest.Look()).Data.GetProperty("email").GetString());
    }

    [Fact]
    public async Task Guests_who_buy_and_are_erased_at_once_end_as_one_or_the_other()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100, onHand: 1_000);
        for (var round = 0; round < 20; round++)
        {
            var guest = await Guest.Ready(shop, sku);

            var (paid, erased) = (guest.Pays("tok_approve", 200), Erase(guest));
            await Task.WhenAll(paid, erased);

            var isErased = (await erased).Status == 200;
            if (!isErased)
                (await erased).Refused(409, "CART_IN_CHECKOUT");
            if ((await paid).Status != 201)
                Assert.True(isErased, (await paid).Text);
            Assert.Equal(isErased, (await guest.Look()).Data.GetProperty("email").GetString() == "[erased]");
        }
        await HoldsItsInvariants();
    }

    [Theory]
    [InlineData("tok_challenge", 202)]
    [InlineData("tok_approve", 201)]
    public async Task An_erasure_decided_before_an_order_was_begun_is_decided_anew(string token, int status)
    {
        _ = shop.Services;
        var stop = TestContext.Current.CancellationToken;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var stale = (await CartTable.Find(shop.Database.Source, CartId.Parse(guest.Cart, null), stop))!;
        (await guest.Pays(token, 200)).Is(status);

        await using var connection = await shop.Database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(shop.Database, transaction);
        var change = EraseGuest.Decide(stale).Value;

        Assert.False(await EraseGuest.Write(work, stale, change, TimeProvider.System, stop));
    }

    [Fact]
    public async Task Strangers_erase_nobody()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        Caller[] strangers =
        [
            new(shop.Http),
            new(shop.Http) { CartToken = (await Guest.Arrives(shop)).Token },
            new(shop.Http) { Scope = "ordering:read" },
        ];

        foreach (var stranger in strangers)
            (await stranger.Send(HttpMethod.Delete, $"{guest.Path}/person", null)).Refused(404, "CART_NOT_FOUND");
        Assert.Equal("ada@example.org", (await guest.Look()).Data.GetProperty("email").GetString());
        var desk = new Caller(shop.Http) { Scope = "ordering:write" };
        IsForgotten((await desk.Send(HttpMethod.Delete, $"{guest.Path}/person", null)).Is(200));
        (await desk.Send(HttpMethod.Delete, $"/api/v1/carts/{Fresh.Id()}/person", null)).Refused(404, "CART_NOT_FOUND");
    }

    [Fact]
    public void What_is_shown_of_an_erased_guest_keeps_the_country_alone()
    {
        var contact = Contact.Open(null, CartId.New(TimeProvider.System), "SE", shop.Keys);

        Assert.Equal(new Contact("[erased]", new("[erased]", "[erased]", "[erased]", "[erased]", "SE")), contact);
    }

    static Task<Answer> Erase(Guest guest, string? key = null) =>
        guest.Caller.Send(HttpMethod.Delete, $"{guest.Path}/person", null, key);

    static Task<Answer> Address(Guest guest, string key) =>
        guest.Caller.Send(
            HttpMethod.Put,
            $"{guest.Path}/addresses",
            new
            {
                email = "ada@example.org",
                shipping = new
                {
                    name = "Ada Byron",
                    line1 = "Storgatan 1",
                    city = "Visby",
                    postalCode = "621 57",
                    country = "SE",
                },
            },
            key
        );

    static void IsForgotten(Answer answer)
    {
        Assert.Equal("[erased]", answer.Data.GetProperty("email").GetString());
        var shipping = answer.Data.GetProperty("shipping");
        foreach (var member in new[] { "name", "line1", "city", "postalCode" })
            Assert.Equal("[erased]", shipping.GetProperty(member).GetString());
        foreach (var known in new[] { "ada@example.org", "Byron", "Storgatan", "Visby", "621 57" })
            Assert.DoesNotContain(known, answer.Text, StringComparison.Ordinal);
    }

    static string Of(Guest guest) => $"stream = 'cart-{guest.Cart}'";

    /// <summary>How many rows hold something sealed about the guest, kept answers aside.</summary>
    Task<long> Held(Guest guest) =>
        shop.Count(
            $"""
            select (select count(*) from carts where id = '{guest.Cart}' and contact is not null)
                + (select count(*) from checkouts k join orders o on o.id = k.order_id
                   where o.cart = '{guest.Cart}' and (k.contact is not null or k.payment_token is not null))
            """
        );

    async Task HoldsItsInvariants()
    {
        Assert.Empty(await shop.Database.Journal.Check(TestContext.Current.CancellationToken));
        foreach (var invariant in shop.Database.Invariants)
            Assert.Empty(await invariant.Check(shop.Database.Source, TestContext.Current.CancellationToken));
    }
}
