using System.Text.Json;
using Kontor.Kernel;
using Kontor.Ordering.Carts;

namespace Kontor.Ordering.Tests.Carts;

public sealed class CartTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_new_cart_is_empty_and_says_its_token_once()
    {
        _ = shop.Services;
        var answer = (await new Caller(shop.Http).Post("/api/v1/carts", new { currency = "EUR", country = "SE" })).Is(
            201
        );

        var token = answer.Data.GetProperty("token").GetString()!;
        Assert.Equal(43, token.Length);
        Assert.Equal(0, answer.Data.GetProperty("totals").GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal("SE", answer.Data.GetProperty("country").GetString());
        Assert.Equal("\"1\"", answer.Raw.Headers.ETag?.Tag);
        var again = (await new Caller(shop.Http) { CartToken = token }.Get(answer.Raw.Headers.Location!.ToString())).Is(
            200
        );
        Assert.False(again.Data.TryGetProperty("token", out _));
        Assert.Equal(0, await shop.Count($"select count(*) from carts c where c::text like '%{token}%'"));
    }

    [Theory]
    [InlineData("XXX", "SE")]
    [InlineData("eur", "SE")]
    [InlineData("EUR", "XX")]
    [InlineData("EUR", "se")]
    public async Task A_cart_has_a_real_currency_and_country(string currency, string country)
    {
        _ = shop.Services;
        (await new Caller(shop.Http).Post("/api/v1/carts", new { currency, country })).Refused(
            400,
            "VALIDATION_FAILED"
        );
    }

    [Fact]
    public async Task Opening_a_cart_twice_under_one_key_opens_one()
    {
        _ = shop.Services;
        var caller = new Caller(shop.Http);
        var key = Fresh.Id().ToString();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => caller.Post("/api/v1/carts", new { currency = "EUR" }, key))
        );

        Assert.Single(answers.Select(answer => answer.Is(201).Text).Distinct());
        Assert.Equal(
            0,
            await shop.Count($"select count(*) from idempotency where encode(body, 'escape') like '%token%'")
        );
    }

    [Fact]
    public async Task Adding_a_variant_twice_makes_one_line()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(1_999);
        (await guest.Add(sku, 1)).Is(200);

        var answer = (await guest.Add(sku, 2)).Is(200);

        var line = Assert.Single(answer.Data.GetProperty("lines").EnumerateArray());
        Assert.Equal(3, line.GetProperty("quantity").GetInt32());
        Assert.Equal(3 * 1_999, Total(answer));
        Assert.Equal(3, answer.Data.GetProperty("version").GetInt64());
        Assert.StartsWith("ordering:", answer.Json.GetProperty("meta").GetProperty("position").GetString());
    }

    [Fact]
    public async Task Parallel_adds_all_count()
    {
        var guest = await Guest.Arrives(shop);
        var skus = Enumerable.Range(0, 4).Select(_ => shop.Catalog.Sells(100)).ToList();

        var answers = await Task.WhenAll(skus.Concat(skus).Select(sku => guest.Add(sku, 1)));

        Assert.All(answers, answer => answer.Is(200));
        Assert.Equal(800, Total(await guest.Look()));
    }

    [Fact]
    public async Task The_same_add_under_one_key_counts_once()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(500);

        var answers = await Task.WhenAll(guest.Add(sku, 1, "k"), guest.Add(sku, 1, "k"), guest.Add(sku, 1, "k"));

        Assert.Single(answers.Select(answer => answer.Is(200).Text).Distinct());
        Assert.Equal(500, Total(await guest.Look()));
        (await guest.Add(sku, 2, "k")).Refused(422, "IDEMPOTENCY_KEY_REUSED");
    }

    [Fact]
    public async Task An_add_that_cannot_be_is_refused()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(100);

        (await guest.Add("NO-SUCH", 1)).Refused(404, "VARIANT_NOT_FOUND");
        (await guest.Add(shop.Catalog.Sells(100, currency: "SEK"), 1)).Refused(409, "VARIANT_NOT_SOLD");
        (await guest.Add(sku, 0)).Refused(400, "VALIDATION_FAILED");
        (await guest.Add(sku, 1_000)).Refused(400, "VALIDATION_FAILED");
        (await guest.Add(new string('x', 201), 1)).Refused(400, "VALIDATION_FAILED");
        (await guest.Add(sku, 999)).Is(200);
        (await guest.Add(sku, 1)).Refused(409, "LINE_FULL");
    }

    [Fact]
    public void A_cart_holds_200_lines()
    {
        var lines = Enumerable
            .Range(0, Cart.MaxLines)
            .Select(i => new CartLine($"S{i}", "T", 1, new Money(1, "EUR")))
            .ToList();
        var cart = new Cart(default, [], "EUR", null, 1, null, null, false, false, lines);
        var shelf = new Shelf(
            new[] { "S1", "NEW" }.ToDictionary(
                sku => sku,
                sku => new Contracts.Catalog.Offer(sku, Guid.Empty, "T", "t", new Money(1, "EUR"), "inStock")
            )
        );

        Assert.Equal("CART_FULL", AddLine.Decide(cart, new("NEW", 1), shelf).Rejection?.Code);
        Assert.Null(AddLine.Decide(cart, new("S1", 1), shelf).Rejection);
    }

    [Fact]
    public async Task A_line_is_changed_and_taken_out()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(100);
        await guest.Add(sku, 1);

        Assert.Equal(700, Total((await Change(guest, sku, 7)).Is(200)));
        var same = (await Change(guest, sku, 7)).Is(200);
        Assert.Equal(3, same.Data.GetProperty("version").GetInt64());
        Assert.Equal(0, Total((await Change(guest, sku, 0)).Is(200)));
        (await Change(guest, sku, 1)).Refused(404, "LINE_NOT_FOUND");
        (await Change(guest, sku, -1)).Refused(400, "VALIDATION_FAILED");
        (await guest.Caller.Send(HttpMethod.Delete, $"{guest.Path}/lines/{sku}", null)).Refused(404, "LINE_NOT_FOUND");
        await guest.Add(sku, 1);
        Assert.Equal(0, Total((await guest.Caller.Send(HttpMethod.Delete, $"{guest.Path}/lines/{sku}", null)).Is(200)));
    }

    [Fact]
    public async Task A_stale_version_is_refused_where_it_is_named()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(100);
        await guest.Add(sku, 1);

        var body = new { quantity = 2 };
        (await guest.Caller.Send(HttpMethod.Patch, $"{guest.Path}/lines/{sku}", body, ifMatch: "\"1\"")).Refused(
            412,
            "PRECONDITION_FAILED"
        );
        (await guest.Caller.Send(HttpMethod.Patch, $"{guest.Path}/lines/{sku}", body, ifMatch: "\"2\"")).Is(200);
    }

    [Fact]
    public async Task A_stranger_learns_nothing()
    {
        var guest = await Guest.Arrives(shop);
        var sku = shop.Catalog.Sells(100);
        await guest.Add(sku, 1);
        Caller[] strangers =
        [
            new(shop.Http),
            new(shop.Http) { CartToken = (await Guest.Arrives(shop)).Token },
            new(shop.Http) { Scope = "catalog:write" },
        ];

        foreach (var stranger in strangers)
        {
            (await stranger.Get(guest.Path)).Refused(404, "CART_NOT_FOUND");
            (await stranger.Post($"{guest.Path}/lines", new { sku, quantity = 1 })).Refused(404, "CART_NOT_FOUND");
            (await stranger.Send(HttpMethod.Patch, $"{guest.Path}/lines/{sku}", new { quantity = 1 })).Refused(
                404,
                "CART_NOT_FOUND"
            );
            (await stranger.Send(HttpMethod.Delete, $"{guest.Path}/lines/{sku}", null)).Refused(404, "CART_NOT_FOUND");
            (await stranger.Send(HttpMethod.Put, $"{guest.Path}/addresses", Letter("a@example.org"))).Refused(
                404,
                "CART_NOT_FOUND"
            );
        }
        (await new Caller(shop.Http) { Scope = "ordering:read" }.Get(guest.Path)).Is(200);
        (
            await new Caller(shop.Http) { Scope = "ordering:read" }.Post(
                $"{guest.Path}/lines",
                new { sku, quantity = 1 }
            )
        ).Is(404);
        (
            await new Caller(shop.Http) { Scope = "ordering:write" }.Post(
                $"{guest.Path}/lines",
                new { sku, quantity = 1 }
            )
        ).Is(200);
        (await guest.Caller.Get($"/api/v1/carts/{Fresh.Id()}")).Refused(404, "CART_NOT_FOUND");
    }

    [Theory]
    [InlineData("no-at.example.org")]
    [InlineData("two@at@example.org")]
    [InlineData("a@nodot")]
    [InlineData("a b@example.org")]
    [InlineData("@example.org")]
    public async Task An_email_has_the_form_of_one(string email)
    {
        var guest = await Guest.Arrives(shop);
        (await guest.Caller.Send(HttpMethod.Put, $"{guest.Path}/addresses", Letter(email))).Refused(
            400,
            "VALIDATION_FAILED"
        );
    }

    [Fact]
    public async Task Addresses_are_bounded_and_stand_in_no_event()
    {
        var guest = await Guest.Arrives(shop);

        (await guest.IsAddressed(name: new string('n', 201))).Refused(400, "VALIDATION_FAILED");
        (await guest.IsAddressed(name: " ")).Refused(400, "VALIDATION_FAILED");
        var answer = (await guest.IsAddressed("planted@example.org", "Planted Name")).Is(200);

        Assert.Equal("planted@example.org", answer.Data.GetProperty("email").GetString());
        Assert.Equal("SE", answer.Data.GetProperty("country").GetString());
        Assert.Equal(0, await shop.Count("select count(*) from journal where body::text ilike '%planted%'"));
        Assert.Equal(
            0,
            await shop.Count(
                "select count(*) from carts c where c::text ilike '%planted%' or encode(contact, 'escape') like '%lanted%'"
            )
        );
    }

    [Fact]
    public async Task The_cart_warns_of_what_changed()
    {
        var guest = await Guest.Arrives(shop);
        var (dearer, gone, sold) = (
            shop.Catalog.Sells(100),
            shop.Catalog.Sells(200),
            shop.Catalog.Sells(300, onHand: 0)
        );
        foreach (var sku in new[] { dearer, gone, sold })
            (await guest.Add(sku, 1)).Is(200);

        shop.Catalog.Prices(dearer, 150);
        shop.Catalog.Forgets(gone);
        var cart = (await guest.Look()).Is(200);

        var warnings = cart
            .Data.GetProperty("warnings")
            .EnumerateArray()
            .Select(w => (Text(w, "sku"), Text(w, "code")));
        Assert.Equal([(dearer, "PRICE_CHANGED"), (gone, "VARIANT_GONE"), (sold, "OUT_OF_STOCK")], warnings);
        Assert.Equal(150 + 200 + 300, Total(cart));
    }

    static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    static long Total(Answer answer) =>
        answer.Data.GetProperty("totals").GetProperty("total").GetProperty("amount").GetInt64();

    static Task<Answer> Change(Guest guest, string sku, int quantity) =>
        guest.Caller.Send(HttpMethod.Patch, $"{guest.Path}/lines/{sku}", new { quantity });

    static object Letter(string email) =>
        new
        {
            email,
            shipping = new
            {
                name = "N",
                line1 = "L",
                city = "C",
                postalCode = "1",
                country = "SE",
            },
        };
}
