using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Tests.Stock;

public sealed class ReservationTests(Shop shop) : IClassFixture<Shop>
{
    ICatalog Catalog => shop.Services.GetRequiredService<ICatalog>();

    [Fact]
    public async Task Sixty_four_buyers_of_ten_pieces_get_ten()
    {
        var sku = await Stocked(10);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Reserve(NewId(), (sku, 1))));

        Assert.Equal(10, outcomes.Count(outcome => outcome.Held));
        Assert.All(outcomes.Where(outcome => !outcome.Held), refused => Assert.Equal([sku], refused.Missing));
        Assert.Equal(10, await Reserved(sku));
        Assert.Equal(
            10,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and body->>'reason' = 'reserved'",
                $"stock-{sku}"
            )
        );
    }

    [Fact]
    public async Task All_lines_are_held_or_none()
    {
        var (plenty, scarce) = (await Stocked(5), await Stocked(1));

        var outcome = await Reserve(NewId(), (plenty, 1), (scarce, 2), ("NO-SUCH", 1));

        Assert.False(outcome.Held);
        Assert.Equal(new[] { "NO-SUCH", scarce }.Order(StringComparer.Ordinal), outcome.Missing);
        Assert.Equal((0, 0), (await Reserved(plenty), await Reserved(scarce)));
    }

    [Fact]
    public async Task A_repeat_takes_nothing_more()
    {
        var (sku, id) = (await Stocked(5), NewId());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Reserve(id, (sku, 1), (sku, 1))));

        Assert.All(outcomes, outcome => Assert.True(outcome.Held));
        Assert.Equal(2, await Reserved(sku));
    }

    [Fact]
    public async Task A_release_gives_back_once()
    {
        var (sku, id) = (await Stocked(1), NewId());
        await Reserve(id, (sku, 1));
        var out1 = (await Catalog.Offers([sku], "EUR", default))[sku].Availability;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Catalog.Release(id, default)));

        Assert.Equal("outOfStock", out1);
        Assert.Equal(0, await Reserved(sku));
        Assert.Equal("inStock", (await Catalog.Offers([sku], "EUR", default))[sku].Availability);
        Assert.True((await Reserve(id, (sku, 1))).Released);
        Assert.Equal(
            1,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and body->>'reason' = 'released'",
                $"stock-{sku}"
            )
        );
    }

    [Fact]
    public async Task A_release_that_comes_first_refuses_the_late_reservation()
    {
        var (sku, id) = (await Stocked(1), NewId());

        await Catalog.Release(id, default);
        var late = await Reserve(id, (sku, 1));

        Assert.Equal((false, true), (late.Held, late.Released));
        Assert.Equal(0, await Reserved(sku));
    }

    [Fact]
    public async Task Opposite_orders_of_lines_never_deadlock()
    {
        var (one, two) = (await Stocked(1000), await Stocked(1000));

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i => i % 2 == 0 ? Reserve(NewId(), (one, 1), (two, 1)) : Reserve(NewId(), (two, 1), (one, 1)))
        );

        Assert.All(outcomes, outcome => Assert.True(outcome.Held));
        Assert.Equal((60, 60), (await Reserved(one), await Reserved(two)));
    }

    [Fact]
    public async Task What_is_held_can_neither_be_counted_away_nor_go()
    {
        var key = shop.Fresh();
        var product = await shop.NewProduct(key, stock: 2);
        await Reserve(NewId(), ($"SKU-{key}", 2));
        var path = $"/api/v1/products/{key}";

        Task<Answer> Patch(object variant) =>
            shop.Staff.Patch($"/api/v1/products/{product.Value("id")}", new { variants = new[] { variant } }, "*");

        (await Patch(new { sku = $"SKU-{key}", stock = 1 })).Refused(409, "STOCK_BELOW_RESERVED");
        (await Patch(new { sku = shop.Fresh("SKU") })).Refused(409, "VARIANT_HELD");
        Assert.Equal(2, await Reserved($"SKU-{key}"));
    }

    [Fact]
    public async Task A_count_changes_availability_without_a_new_version()
    {
        var key = shop.Fresh();
        var product = await shop.NewProduct(key, stock: 0);

        var counted = await shop.Staff.Patch(
            $"/api/v1/products/{product.Value("id")}",
            new { variants = new[] { new { sku = $"SKU-{key}", stock = 4 } } },
            product.Tag
        );

        Assert.Equal("1", counted.Is(200).Value("version"));
        Assert.Equal(("\"1.o\"", "\"1.i\""), (product.Tag, counted.Tag));
    }

    [Fact]
    public async Task An_offer_says_price_and_availability_in_one_statement()
    {
        var sku = await Stocked(1);

        var offers = await Catalog.Offers([sku, "NO-SUCH"], "EUR", default);

        Assert.Equal([sku], offers.Keys);
        Assert.Null(offers[sku].Price);
    }

    static Guid NewId() => Id<Reservation>.New(TimeProvider.System).Value;

    async Task<string> Stocked(long stock)
    {
        var key = shop.Fresh("stock");
        await shop.NewProduct(key, stock);
        return $"SKU-{key}";
    }

    Task<ReservationOutcome> Reserve(Guid id, params (string Sku, int Quantity)[] lines) =>
        Catalog.Reserve(new(id, [.. lines.Select(line => new ReservationLine(line.Sku, line.Quantity))]), default);

    Task<long> Reserved(string sku) =>
        shop.Query<long>(
            "select coalesce(sum(s.reserved), 0)::bigint from stock s join variants v on v.id = s.variant where v.sku = $1",
            sku
        );
}
