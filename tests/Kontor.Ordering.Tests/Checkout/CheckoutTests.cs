using System.Text.Json;

namespace Kontor.Ordering.Tests.Checkout;

public sealed class CheckoutTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_guest_buys()
    {
        _ = shop.Services;
        var (tea, pot) = (shop.Catalog.Sells(1_999), shop.Catalog.Sells(24_900));
        var guest = await Guest.Ready(shop, tea, pot);

        var answer = (await guest.Pays("tok_approve", 2 * (1_999 + 24_900))).Is(201);

        Assert.Equal("placed", Text(answer, "status"));
        Assert.True(int.Parse(Text(answer, "number")) > 100_000);
        Assert.Equal($"/api/v1/orders/{Text(answer, "id")}", answer.Raw.Headers.Location?.ToString());
        Assert.StartsWith("ordering:", answer.Raw.Headers.GetValues("Kontor-Position").Single());
        Assert.Equal((98, 98), (shop.Catalog.Left(tea), shop.Catalog.Left(pot)));
        var order = (await guest.Order(answer)).Is(200);
        Assert.Equal(answer.Data.GetRawText(), order.Data.GetRawText());
        Assert.Equal("ada@example.org", Text(order, "email"));
        var cart = (await guest.Look()).Is(200);
        Assert.Equal(("ordered", Text(answer, "id")), (Text(cart, "status"), Text(cart, "order")));
        Assert.Equal(
            [
                "order.submitted.v1",
                "order.stock-reserved.v1",
                "order.payment-requested.v1",
                "order.payment-authorised.v1",
                "order.placed.v1",
            ],
            await EventsOf(guest, answer)
        );
    }

    [Fact]
    public async Task An_ordered_cart_takes_nothing_more()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        (await guest.Pays("tok_approve", 200)).Is(201);

        (await guest.Pays("tok_approve", 200)).Refused(409, "CART_ALREADY_ORDERED");
        (await guest.Add(sku, 1)).Refused(409, "CART_ALREADY_ORDERED");
        (await guest.IsAddressed()).Refused(409, "CART_ALREADY_ORDERED");
        (await guest.Caller.Send(HttpMethod.Delete, $"{guest.Path}/lines/{sku}", null)).Refused(
            409,
            "CART_ALREADY_ORDERED"
        );
        (await guest.Caller.Send(HttpMethod.Patch, $"{guest.Path}/lines/{sku}", new { quantity = 5 })).Refused(
            409,
            "CART_ALREADY_ORDERED"
        );
    }

    [Fact]
    public async Task Parallel_posts_with_one_key_make_one_order_and_one_answer()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => guest.Pays("tok_approve", 200, "one")));

        Assert.Single(answers.Select(answer => answer.Is(201).Text).Distinct());
        Assert.Equal(1, await shop.Count($"select count(*) from orders where cart = '{guest.Cart}'"));
        Assert.Equal(1, await AuthorisationsOf(answers[0]));
        Assert.Equal(98, shop.Catalog.Left(sku));
        var later = await guest.Pays("tok_approve", 200, "one");
        Assert.Equal((answers[0].Text, true), (later.Text, later.Raw.Headers.Contains("Idempotent-Replayed")));
        (await guest.Pays("tok_approve", 201, "one")).Refused(422, "IDEMPOTENCY_KEY_REUSED");
    }

    [Fact]
    public async Task Parallel_posts_with_many_keys_make_one_order()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => guest.Pays("tok_approve", 200)));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(
            answers.Where(answer => answer.Status != 201),
            answer => answer.Refused(409, "CART_ALREADY_ORDERED")
        );
        Assert.Equal(98, shop.Catalog.Left(sku));
    }

    [Fact]
    public async Task A_declined_card_leaves_the_cart_open_for_another()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);

        var declined = await guest.Pays("tok_decline", 200, "first");

        declined.Refused(402, "PAYMENT_DECLINED");
        Assert.Equal(100, shop.Catalog.Left(sku));
        var repeated = await guest.Pays("tok_decline", 200, "first");
        Assert.Equal(declined.Text, repeated.Text);
        repeated.Refused(402, "PAYMENT_DECLINED");
        Assert.Equal("open", Text(await guest.Look(), "status"));
        (await guest.Pays("tok_approve", 200)).Is(201);
        Assert.Equal(98, shop.Catalog.Left(sku));
        Assert.Equal(2, await shop.Count($"select count(*) from orders where cart = '{guest.Cart}'"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_sold()
    {
        _ = shop.Services;
        var (few, none) = (shop.Catalog.Sells(100, onHand: 1), shop.Catalog.Sells(100, onHand: 0));

        var guest = await Guest.Ready(shop, few);
        var answer = await guest.Pays("tok_approve", 200, "k");
        answer.Refused(409, "OUT_OF_STOCK");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty($"lines.{few}", out _), answer.Text);
        Assert.Equal(answer.Text, (await guest.Pays("tok_approve", 200, "k")).Text);
        Assert.Equal(1, shop.Catalog.Left(few));
        (await guest.Caller.Send(HttpMethod.Patch, $"{guest.Path}/lines/{few}", new { quantity = 1 })).Is(200);
        (await guest.Pays("tok_approve", 100)).Is(201);

        (await (await Guest.Ready(shop, none)).Pays("tok_approve", 200)).Refused(409, "OUT_OF_STOCK");
        var gone = shop.Catalog.Sells(100);
        guest = await Guest.Ready(shop, gone);
        shop.Catalog.Forgets(gone);
        (await guest.Pays("tok_approve", 200)).Refused(409, "OUT_OF_STOCK");
    }

    [Fact]
    public async Task What_lost_its_price_in_the_carts_currency_is_not_sold_and_cannot_become_more()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        shop.Catalog.Prices(sku, 1_000, "SEK");

        var answer = await guest.Pays("tok_approve", 200);

        answer.Refused(409, "VARIANT_NOT_SOLD");
        Assert.Contains(sku, answer.Json.GetProperty("detail").GetString());
        var line = $"{guest.Path}/lines/{sku}";
        (await guest.Caller.Send(HttpMethod.Patch, line, new { quantity = 3 })).Refused(409, "VARIANT_NOT_SOLD");
        (await guest.Caller.Send(HttpMethod.Patch, line, new { quantity = 1 })).Is(200);
    }

    [Fact]
    public async Task A_checkout_that_cannot_be_is_refused_and_keeps_nothing_under_its_key()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Arrives(shop);
        var path = $"{guest.Path}/checkout";

        (await guest.Caller.Post(path, Guest.Payment("tok_approve", 0))).Refused(400, "IDEMPOTENCY_KEY_REQUIRED");
        (await guest.Caller.Post(path, Guest.Payment("", 0), "k")).Refused(400, "VALIDATION_FAILED");
        (await guest.Pays("tok_approve", 0)).Refused(409, "CART_EMPTY");
        await guest.Add(sku, 2);
        (await guest.Pays("tok_approve", 200)).Refused(409, "CART_NOT_ADDRESSED");
        await guest.IsAddressed();
        (await guest.Pays("tok_stolen", 200)).Refused(422, "UNKNOWN_PAYMENT_TOKEN");
        (await guest.Caller.Post(path, Guest.Payment("t", 200, provider: "nobody"), "n")).Refused(
            422,
            "UNKNOWN_PAYMENT_PROVIDER"
        );
        (await guest.Pays("tok_approve", 199, "price")).Refused(409, "PRICE_CHANGED");
        (await guest.Pays("tok_approve", 200, currency: "SEK")).Refused(409, "PRICE_CHANGED");
        object stale = new
        {
            expectedTotal = new { amount = 200, currency = "EUR" },
            version = 1,
            payment = new { provider = "sandbox", token = "tok_approve" },
        };
        (await guest.Caller.Post(path, stale, "v")).Refused(409, "CART_CHANGED");
        (await guest.Caller.Send(HttpMethod.Post, path, Guest.Payment("tok_approve", 200), "i", "\"1\"")).Refused(
            412,
            "PRECONDITION_FAILED"
        );
        (await new Caller(shop.Http).Post(path, Guest.Payment("tok_approve", 200), Fresh.Id().ToString())).Refused(
            404,
            "CART_NOT_FOUND"
        );
        (
            await new Caller(shop.Http) { Scope = "ordering:read" }.Post(path, Guest.Payment("tok_approve", 200), "s")
        ).Refused(404, "CART_NOT_FOUND");

        Assert.Equal(0, await shop.Count($"select count(*) from orders where cart = '{guest.Cart}'"));
        (await guest.Pays("tok_approve", 200, "price")).Is(201);
    }

    [Fact]
    public async Task A_price_that_rose_is_not_charged()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);
        shop.Catalog.Prices(sku, 101);

        (await guest.Pays("tok_approve", 200)).Refused(409, "PRICE_CHANGED");

        (await guest.Pays("tok_approve", 202)).Is(201);
    }

    [Fact]
    public async Task A_challenge_waits_for_the_buyer()
    {
        _ = shop.Services;
        var sku = shop.Catalog.Sells(100);
        var guest = await Guest.Ready(shop, sku);

        var answer = (await guest.Pays("tok_challenge", 200, "c")).Is(202);

        Assert.Equal("awaiting_payment", Text(answer, "status"));
        Assert.Equal(answer.Text, (await guest.Pays("tok_challenge", 200, "c")).Text);
        Assert.Equal(98, shop.Catalog.Left(sku));
        (await guest.Pays("tok_approve", 200)).Refused(409, "CART_ALREADY_ORDERED");
    }

    [Fact]
    public async Task Nothing_about_a_person_stands_anywhere_in_the_clear()
    {
        _ = shop.Services;
        var guest = await Guest.Arrives(shop);
        await guest.Add(shop.Catalog.Sells(100), 2);
        (await guest.IsAddressed("planted@example.org", "Planted Byron")).Is(200);
        (await guest.Pays("tok_approve", 200)).Is(201);

        Assert.Equal(0, await Occurrences("planted"));
        Assert.Equal(0, await Occurrences("Planted"));
        Assert.Equal(0, await Occurrences("Storgatan"));
        Assert.Equal(0, await Occurrences(guest.Token));
        Assert.True(await Occurrences(guest.Cart) > 0);
    }

    /// <summary>Rows of all of Ordering's tables that hold a text, as text or inside bytes.</summary>
    async Task<long> Occurrences(string planted)
    {
        var hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(planted));
        List<string> tables = [];
        await using (
            var list = shop.Database.Source.CreateCommand(
                "select tablename from pg_tables where schemaname = 'ordering'"
            )
        )
        await using (var row = await list.ExecuteReaderAsync())
            while (await row.ReadAsync())
                tables.Add(row.GetString(0));
        Assert.Contains("journal", tables);
        long found = 0;
        foreach (var table in tables)
            found += await shop.Count(
                $"select count(*) from {table} t where t::text like '%{planted}%' or t::text like '%{hex}%'"
            );
        return found;
    }

    async Task<int> AuthorisationsOf(Answer answer)
    {
        await Books.Agree(shop);
        return (await shop.Sandbox.Books()).Count(booked =>
            booked.Key == $"order-{Text(answer, "id")}" && booked.State == "authorised"
        );
    }

    static async Task<IEnumerable<string?>> EventsOf(Guest guest, Answer answer) =>
        (await guest.Caller.Get($"/api/v1/orders/{Text(answer, "id")}/events"))
            .Is(200)
            .Data.EnumerateArray()
            .Select(e => e.GetProperty("type").GetString());

    static string Text(Answer answer, string name) =>
        answer.Data.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "";
}
