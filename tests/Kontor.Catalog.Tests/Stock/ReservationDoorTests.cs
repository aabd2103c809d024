using Kontor.Platform.Access;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>Reservations and offers over HTTP, as an order desk and an Ordering in another process use them.</summary>
public sealed class ReservationDoorTests(Shop shop) : IClassFixture<Shop>
{
    Caller Desk => new(shop.Http) { Token = Scopes.CatalogReserve };

    [Fact]
    public async Task A_reservation_is_held_shown_sold_and_released()
    {
        var (sku, path) = (await shop.Stocked(5), Path());

        var held = (await Desk.Put(path, Lines((sku, 1), (sku, 2)))).Is(200);
        var shown = (await Desk.Get(path)).Is(200);
        var sold = (await Desk.Post($"{path}/commit", new { })).Is(200);
        var released = (await Desk.Delete(path)).Is(200);

        Assert.Equal(
            ["held", "held", "committed", "released"],
            new[] { held, shown, sold, released }.Select(answer => answer.Value("state"))
        );
        Assert.StartsWith("catalog:", held.Json.GetProperty("meta").GetProperty("position").GetString());
        var line = Assert.Single(shown.Data.GetProperty("lines").EnumerateArray());
        Assert.Equal((sku, 3), (line.GetProperty("sku").GetString(), line.GetProperty("quantity").GetInt32()));
        Assert.Equal(1, shown.Statements);
        Assert.Equal(0, await shop.Reserved(sku));
    }

    [Fact]
    public async Task Every_repeat_is_answered_as_it_stands()
    {
        var (sku, path) = (await shop.Stocked(5), Path());
        var body = Lines((sku, 2));

        foreach (var _ in new[] { 1, 2 })
            (await Desk.Put(path, body)).Is(200);
        foreach (var _ in new[] { 1, 2 })
            (await Desk.Post($"{path}/commit", new { })).Is(200);
        Assert.Equal("committed", (await Desk.Put(path, body)).Is(200).Value("state"));
        Assert.Equal(2, await shop.Reserved(sku));
        foreach (var _ in new[] { 1, 2 })
            (await Desk.Delete(path)).Is(200);

        Assert.Equal(0, await shop.Reserved(sku));
    }

    [Fact]
    public async Task Short_stock_names_the_SKUs_and_holds_nothing()
    {
        var (plenty, scarce, path) = (await shop.Stocked(5), await shop.Stocked(1), Path());

        var answer = await Desk.Put(path, Lines((plenty, 1), (scarce, 2), ("NO-SUCH", 1)));

        answer.Refused(409, "STOCK_SHORT", $"lines.{scarce}");
        answer.Refused(409, "STOCK_SHORT", "lines.NO-SUCH");
        Assert.False(answer.Json.GetProperty("errors").TryGetProperty($"lines.{plenty}", out _));
        (await Desk.Get(path)).Refused(404, "RESERVATION_NOT_FOUND");
        Assert.Equal(0, await shop.Reserved(plenty));
    }

    [Fact]
    public async Task What_stands_is_said_to_who_wants_something_else()
    {
        var (sku, held, gone) = (await shop.Stocked(5), Path(), Path());
        (await Desk.Put(held, Lines((sku, 2)))).Is(200);
        Assert.Equal("released", (await Desk.Delete(gone)).Is(200).Value("state"));

        (await Desk.Put(held, Lines((sku, 3)))).Refused(409, "RESERVATION_DIFFERS");
        (await Desk.Put(gone, Lines((sku, 1)))).Refused(409, "RESERVATION_ENDED");
        (await Desk.Post($"{gone}/commit", new { })).Refused(409, "RESERVATION_ENDED");
        (await Desk.Post($"{Path()}/commit", new { })).Refused(404, "RESERVATION_NOT_FOUND");
        Assert.Equal(2, await shop.Reserved(sku));
    }

    [Fact]
    public async Task One_that_expires_says_when()
    {
        var (sku, path) = (await shop.Stocked(5), Path());
        var body = new { lines = new[] { new { sku, quantity = 1 } }, expiresAt = "2150-01-01T00:00:00Z" };

        (await Desk.Put(path, body)).Is(200);

        Assert.Equal("2150-01-01T00:00:00.000000Z", (await Desk.Get(path)).Is(200).Value("expiresAt"));
    }

    [Theory]
    [InlineData("""{"lines":[]}""", "VALIDATION_FAILED")]
    [InlineData("""{"lines":[{"sku":"A","quantity":0}]}""", "VALIDATION_FAILED")]
    [InlineData("""{"lines":[{"sku":"A","quantity":1000001}]}""", "VALIDATION_FAILED")]
    [InlineData("""{"lines":[{"sku":"","quantity":1}]}""", "VALIDATION_FAILED")]
    [InlineData("""{"lines":[null]}""", "VALIDATION_FAILED")]
    [InlineData("""{"lines":[{"sku":"A\u0000","quantity":1}]}""", "MALFORMED_BODY")]
    [InlineData("""{"lines":[{"sku":"A","quantity":1}],"expiresAt":"tomorrow"}""", "MALFORMED_BODY")]
    public async Task A_body_that_cannot_be_meant_is_refused(string body, string code) =>
        (await Desk.Put(Path(), body)).Refused(400, code);

    [Fact]
    public async Task Only_who_may_reserve_does()
    {
        var path = Path();

        (await shop.Staff.Put(path, Lines(("A", 1)))).Refused(403, "FORBIDDEN");
        (await shop.Stranger.Get(path)).Refused(401, "UNAUTHENTICATED");
        (await Desk.Put("/api/v1/reservations/no-uuid", Lines(("A", 1)))).Refused(400, "BAD_REQUEST", "reservation");
    }

    [Fact]
    public async Task Offers_are_asked_by_SKU_in_one_statement()
    {
        var skus = new[] { await shop.Stocked(1), await shop.Stocked(0), "NO-SUCH" };
        var reader = new Caller(shop.Http) { Token = Scopes.CatalogRead };

        var answer = (await reader.Post("/api/v1/offers", new { skus, currency = "EUR" })).Is(200);

        Assert.Equal(
            [(skus[0], "inStock"), (skus[1], "outOfStock")],
            answer
                .Data.GetProperty("offers")
                .EnumerateArray()
                .Select(o => (o.GetProperty("sku").GetString(), o.GetProperty("availability").GetString()))
                .OrderBy(o => Array.IndexOf(skus, o.Item1))
        );
        Assert.Equal(1, answer.Statements);
        (await reader.Post("/api/v1/offers", new { skus, currency = "XXX" })).Refused(
            400,
            "VALIDATION_FAILED",
            "currency"
        );
        (await reader.Post("/api/v1/offers", new { skus = Enumerable.Repeat("A", 501), currency = "EUR" })).Refused(
            400,
            "VALIDATION_FAILED"
        );
        (await Desk.Post("/api/v1/offers", new { skus, currency = "EUR" })).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task A_full_desk_is_a_503()
    {
        await using var closed = new Shop();
        await closed.InitializeAsync();
        await closed.Desk.StopAsync(default);
        var desk = new Caller(closed.Http) { Token = Scopes.CatalogReserve };

        (await desk.Put(Path(), Lines(("A", 1)))).Refused(503, "BUSY");
        (await desk.Delete(Path())).Refused(503, "BUSY");
        (await desk.Post($"{Path()}/commit", new { })).Refused(503, "BUSY");
    }

    static string Path() => Shelves.Path(NewId());
}
