using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Ordering.Orders;

namespace Kontor.Ordering.Tests.Orders;

public sealed class OrderTests(Shop shop) : IClassFixture<Shop>
{
    readonly Caller desk = new(shop.Http) { Scope = "ordering:read" };

    [Fact]
    public async Task An_order_is_reached_by_its_cart_s_token_or_by_the_desk()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var placed = (await guest.Pays("tok_approve", 200)).Is(201);
        var path = $"/api/v1/orders/{placed.Data.GetProperty("id").GetString()}";
        Caller[] strangers =
        [
            new(shop.Http),
            new(shop.Http) { CartToken = (await Guest.Arrives(shop)).Token },
            new(shop.Http) { Scope = "ordering:write" },
        ];

        foreach (var stranger in strangers)
        {
            (await stranger.Get(path)).Refused(404, "ORDER_NOT_FOUND");
            (await stranger.Get($"{path}/events")).Refused(404, "ORDER_NOT_FOUND");
        }
        Assert.Equal(
            (await guest.Caller.Get(path)).Is(200).Data.GetRawText(),
            (await desk.Get(path)).Is(200).Data.GetRawText()
        );
        (await desk.Get($"/api/v1/orders/{Fresh.Id()}")).Refused(404, "ORDER_NOT_FOUND");
        (await desk.Get($"/api/v1/orders/{Fresh.Id()}/events")).Refused(404, "ORDER_NOT_FOUND");
    }

    [Fact]
    public async Task Events_are_paged_by_version()
    {
        _ = shop.Services;
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        var placed = (await guest.Pays("tok_approve", 200)).Is(201);
        var path = $"/api/v1/orders/{placed.Data.GetProperty("id").GetString()}/events";

        List<long> versions = [];
        string? after = null;
        do
        {
            var page = (await guest.Caller.Get($"{path}?limit=2{(after is null ? "" : $"&after={after}")}")).Is(200);
            versions.AddRange(page.Data.EnumerateArray().Select(e => e.GetProperty("version").GetInt64()));
            after = page.Json.GetProperty("meta").TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);

        Assert.Equal([1, 2, 3, 4, 5], versions);
        (await guest.Caller.Get($"{path}?after=nonsense")).Refused(400, "INVALID_CURSOR");
        (await guest.Caller.Get($"{path}?limit=101")).Refused(400, "VALIDATION_FAILED");
        (await guest.Caller.Get($"{path}?limti=1")).Refused(400, "UNKNOWN_PARAMETER");
    }

    [Fact]
    public async Task The_desk_lists_orders_newest_first()
    {
        _ = shop.Services;
        foreach (var token in new[] { "tok_approve", "tok_decline", "tok_approve" })
            await (await Guest.Ready(shop, shop.Catalog.Sells(100))).Pays(token, 200);

        List<string> ids = [];
        string? after = null;
        do
        {
            var page = (
                await desk.Get($"/api/v1/orders?limit=2&status=placed{(after is null ? "" : $"&after={after}")}")
            ).Is(200);
            Assert.All(
                page.Data.EnumerateArray(),
                order => Assert.Equal("placed", order.GetProperty("status").GetString())
            );
            ids.AddRange(page.Data.EnumerateArray().Select(order => order.GetProperty("id").GetString()!));
            after = page.Json.GetProperty("meta").TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);

        Assert.Equal(await shop.Count("select count(*) from orders where status = 'placed'"), ids.Distinct().Count());
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), ids);
        (await desk.Get("/api/v1/orders?status=lost")).Refused(400, "VALIDATION_FAILED");
        (await desk.Get("/api/v1/orders?after=x")).Refused(400, "INVALID_CURSOR");
        (await new Caller(shop.Http).Get("/api/v1/orders")).Refused(401, "UNAUTHENTICATED");
        (await new Caller(shop.Http) { Scope = "ordering:write" }.Get("/api/v1/orders")).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task The_api_s_description_names_routes_and_refusals()
    {
        _ = shop.Services;

        var document = (await new Caller(shop.Http).Get("/openapi/v1.json")).Is(200).Json;

        var checkout = document.GetProperty("paths").GetProperty("/api/v1/carts/{cart}/checkout").GetProperty("post");
        Assert.Contains(
            "PAYMENT_DECLINED",
            checkout.GetProperty("x-refusals").EnumerateArray().Select(code => code.GetString())
        );
        Assert.True(checkout.GetProperty("responses").TryGetProperty("202", out _));
        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var name in new[] { "PlaceOrderRequest", "AddLineRequest", "Address", "Money" })
            Assert.True(
                schemas.TryGetProperty(name, out _),
                $"{name} of {string.Join(' ', schemas.EnumerateObject().Select(s => s.Name))}"
            );
    }

    [Fact]
    public void An_event_that_an_order_does_not_know_is_a_bug()
    {
        var order = Order.Begin(
            new(
                Guid.Empty,
                Guid.Empty,
                [],
                new(
                    new Money(0, "EUR"),
                    new Money(0, "EUR"),
                    new Money(0, "EUR"),
                    new Money(0, "EUR"),
                    new Money(0, "EUR")
                ),
                "SE",
                "sandbox",
                DateTimeOffset.UnixEpoch
            )
        );

        Assert.Throws<System.Diagnostics.UnreachableException>(() => order.Apply(new Invented()));
    }

    sealed record Invented : OrderEvent;
}
