using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

public sealed class ReservationTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Sixty_four_buyers_of_ten_pieces_get_ten()
    {
        var sku = await shop.Stocked(10);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => shop.Reserve(NewId(), (sku, 1))));

        Assert.Equal(10, outcomes.Count(outcome => outcome.Held));
        Assert.All(outcomes.Where(outcome => !outcome.Held), refused => Assert.Equal([sku], refused.Missing));
        Assert.Equal(10, await shop.Reserved(sku));
        // One event for each batch that took, and the last one says what is reserved.
        Assert.Equal(
            "10",
            await shop.Query<string>(
                "select body->>'reserved' from journal where stream = $1 order by version desc limit 1",
                $"stock-{sku}"
            )
        );
    }

    [Fact]
    public async Task All_lines_are_held_or_none()
    {
        var (plenty, scarce) = (await shop.Stocked(5), await shop.Stocked(1));

        var outcome = await shop.Reserve(NewId(), (plenty, 1), (scarce, 2), ("NO-SUCH", 1));

        Assert.False(outcome.Held);
        Assert.Equal(new[] { "NO-SUCH", scarce }.Order(StringComparer.Ordinal), outcome.Missing);
        Assert.Equal((0, 0), (await shop.Reserved(plenty), await shop.Reserved(scarce)));
    }

    [Fact]
    public async Task A_repeat_takes_nothing_more()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.Reserve(id, (sku, 1), (sku, 1))));

        Assert.All(outcomes, outcome => Assert.True(outcome.Held));
        Assert.Equal(2, await shop.Reserved(sku));
    }

    [Fact]
    public async Task A_release_gives_back_once()
    {
        var (sku, id) = (await shop.Stocked(1), NewId());
        await shop.Reserve(id, (sku, 1));
        var out1 = (await shop.Catalog.Offers([sku], "EUR", default))[sku].Availability;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Catalog.Release(id, default)));

        Assert.Equal("outOfStock", out1);
        Assert.Equal(0, await shop.Reserved(sku));
        Assert.Equal("inStock", (await shop.Catalog.Offers([sku], "EUR", default))[sku].Availability);
        Assert.True((await shop.Reserve(id, (sku, 1))).Released);
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
        var (sku, id) = (await shop.Stocked(1), NewId());

        await shop.Catalog.Release(id, default);
        var late = await shop.Reserve(id, (sku, 1));

        Assert.Equal((false, true), (late.Held, late.Released));
        Assert.Equal(0, await shop.Reserved(sku));
    }

    [Fact]
    public async Task Opposite_orders_of_lines_never_deadlock()
    {
        var (one, two) = (await shop.Stocked(1000), await shop.Stocked(1000));

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    i % 2 == 0 ? shop.Reserve(NewId(), (one, 1), (two, 1)) : shop.Reserve(NewId(), (two, 1), (one, 1))
                )
        );

        Assert.All(outcomes, outcome => Assert.True(outcome.Held));
        Assert.Equal((60, 60), (await shop.Reserved(one), await shop.Reserved(two)));
    }

    [Fact]
    public async Task What_is_held_can_neither_be_counted_away_nor_go()
    {
        var key = shop.Fresh();
        var product = await shop.NewProduct(key, stock: 2);
        await shop.Reserve(NewId(), ($"SKU-{key}", 2));
        var path = $"/api/v1/products/{key}";

        Task<Answer> Patch(object variant) =>
            shop.Staff.Patch($"/api/v1/products/{product.Value("id")}", new { variants = new[] { variant } }, "*");

        (await Patch(new { sku = $"SKU-{key}", stock = 1 })).Refused(409, "STOCK_BELOW_RESERVED");
        (await Patch(new { sku = shop.Fresh("SKU") })).Refused(409, "VARIANT_HELD");
        Assert.Equal(2, await shop.Reserved($"SKU-{key}"));
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
        var sku = await shop.Stocked(1);

        var offers = await shop.Catalog.Offers([sku, "NO-SUCH"], "EUR", default);

        Assert.Equal([sku], offers.Keys);
        Assert.Null(offers[sku].Price);
    }
}
