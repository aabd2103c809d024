using Kontor.Journal;
using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Tests.Checkout;

namespace Kontor.Ordering.Tests.Orders;

/// <summary>What the order service's checks find, each thing planted once.</summary>
public sealed class PlantedTests
{
    static readonly CheckoutLimits Still = CheckoutLimits.Usual with
    {
        StandStill = TimeSpan.FromMinutes(10),
        Look = TimeSpan.FromMinutes(10),
    };

    [Theory]
    [InlineData("attempt = gen_random_uuid()", "is for order ")]
    [InlineData("ordered = false", "is not ordered")]
    public async Task A_placed_order_whose_cart_is_not_its_own_is_found(string planted, string said)
    {
        await using var shop = await Shop.Start(Still);
        var guest = await Guest.Ready(shop, shop.Catalog.Sells(100));
        (await guest.Pays("tok_approve", 200)).Is(201);
        Assert.Empty(await Broken(shop, "PLACED_ORDER_HAS_ITS_CART"));

        await Plant(shop, $"update carts set {planted} where id = '{guest.Cart}'");

        Assert.Contains(said, Assert.Single(await Broken(shop, "PLACED_ORDER_HAS_ITS_CART")));
    }

    [Fact]
    public async Task An_attempt_that_has_stood_for_a_day_of_the_shop_s_life_is_found()
    {
        await using var shop = await Shop.Start(Still);
        var old = await Unattended.Submit(shop, await Guest.Ready(shop, shop.Catalog.Sells(100)), "tok_approve");
        await Plant(shop, "update orders set submitted_at = now() - interval '25 h'");
        await Plant(shop, "update journal set time = now() - interval '25 h'");
        Assert.Empty(await Broken(shop, "ATTEMPT_STANDS"));

        (await (await Guest.Ready(shop, shop.Catalog.Sells(100))).Pays("tok_challenge", 200)).Is(202);

        Assert.StartsWith(
            $"order {old.Order.Id} is submitted since",
            Assert.Single(await Broken(shop, "ATTEMPT_STANDS"))
        );
    }

    [Fact]
    public async Task Events_that_cannot_be_replayed_are_a_finding()
    {
        await using var shop = await Shop.Start(Still);
        var attempt = await Unattended.Submit(shop, await Guest.Ready(shop, shop.Catalog.Sells(100)), "tok_approve");
        var (row, first) = (
            OrderView.Of(attempt.Order),
            Assert.Single(await shop.Database.Journal.ReadStream(attempt.Order.Stream, default))
        );
        Assert.Null(OrdersReplayed.Compare(row, [first]));
        RecordedEvent[][] planted =
        [
            [first with { Type = "order.unheard-of.v1" }],
            [first with { Type = "order.rejected.v1" }],
            [first with { Body = "null" }],
            [first with { Body = "{}" }],
            [first, first],
        ];

        Assert.All(
            planted,
            events =>
                Assert.Contains("cannot be replayed", OrdersReplayed.Compare(row, events), StringComparison.Ordinal)
        );
        Assert.EndsWith("has a row and no events", OrdersReplayed.Compare(row, []));

        await Plant(shop, "update journal set type = 'order.unheard-of.v1' where stream like 'order-%'");
        Assert.Single(await new OrdersReplayed(shop.Database).Run(default));
    }

    static async Task<IReadOnlyList<string>> Broken(Shop shop, string rule) =>
        await shop
            .Database.Invariants.Single(invariant => invariant.Rule == rule)
            .Check(shop.Database.Source, TestContext.Current.CancellationToken);

    static async Task Plant(Shop shop, string sql)
    {
        var owner = new Npgsql.NpgsqlConnectionStringBuilder(shop.Postgres.OwnerConnectionString)
        {
            SearchPath = "ordering",
        };
        await using var source = Npgsql.NpgsqlDataSource.Create(owner);
        await using var command = source.CreateCommand(sql);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }
}
