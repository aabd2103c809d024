using System.Text.Json;
using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;

namespace Kontor.Catalog.Tests.Products;

/// <summary>What a variant that leaves its product must not take along, and what it does.</summary>
public sealed class LeavingVariantTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_variant_in_an_open_delivery_stays_until_that_is_over()
    {
        var (staying, going, product) = await Pair(stock: 5);
        var to = await shop.Location();
        var key = shop.Fresh("transfer");
        (await shop.Deliver(key, to, "main", (staying, 1), (going, 1))).Is(201);

        (await Leave(product, staying)).Refused(409, "VARIANT_EXPECTED");
        (await shop.Enter($"{Warehouse.Deliveries}/{key}/cancel", new { })).Is(200);
        (await Leave(product, staying)).Is(200);

        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_delivery_goes_on_when_a_variant_of_which_all_has_come_is_gone()
    {
        var (staying, going, product) = await Pair(stock: 0);
        var key = shop.Fresh("delivery");
        (await shop.Deliver(key, "main", null, (staying, 2), (going, 2))).Is(201);
        (await Receive(key, going, 2)).Is(200);
        // The version before does not look at deliveries.
        await shop.Query<long>(
            "with gone as (delete from variants where sku = $1 returning 1) select count(*) from gone",
            going
        );

        (await Receive(key, going, 1)).Refused(409, "DELIVERY_EXCEEDED");
        (await Receive(key, staying, 1)).Is(200);
        Assert.Equal(
            "cancelled",
            (await shop.Enter($"{Warehouse.Deliveries}/{key}/cancel", new { })).Is(200).Value("state")
        );

        Assert.Equal((1, 0, 0), await shop.Level(staying));
        Assert.NotEqual("", product);
    }

    [Fact]
    public async Task Its_prices_go_with_an_event_each_and_its_stock_by_name()
    {
        var (staying, going, product) = await Pair(stock: 4);
        foreach (var sku in new[] { staying, going })
            (
                await shop.Staff.Send(
                    HttpMethod.Put,
                    $"/api/v1/prices/{sku}.se",
                    Caller.Content(
                        new
                        {
                            sku,
                            price = new { amount = 5, currency = "EUR" },
                            country = "SE",
                        }
                    )
                )
            ).Is(201);

        (await Leave(product, staying)).Is(200);

        Assert.Equal(
            1,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and type = 'price.removed.v1'",
                $"price-{going}.se"
            )
        );
        Assert.Equal(
            0,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and type = 'price.removed.v1'",
                $"price-{staying}.se"
            )
        );
        Assert.Contains("removed -4/0 main by tester", await shop.Movements(going));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_price_that_is_set_while_its_variant_goes_is_refused_or_goes_with_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var (staying, going, product) = await Pair(stock: 1);
            var setting = shop.Staff.Send(
                HttpMethod.Put,
                $"/api/v1/prices/{going}.x",
                Caller.Content(
                    new
                    {
                        sku = going,
                        price = new { amount = 5, currency = "EUR" },
                        country = "SE",
                    }
                )
            );
            var leaving = Leave(product, staying);

            var set = await setting;
            (await leaving).Is(200);
            if (set.Status != 201)
                set.Refused(422, "PRICE_NAMES_UNKNOWN");
            var told = await shop.Query<string>(
                "select coalesce(string_agg(type, ',' order by id), '') from journal where stream = $1",
                $"price-{going}.x"
            );
            Assert.Contains(told, (string[])["", "price.set.v1,price.removed.v1"]);
            Assert.Equal(set.Status == 201, told.Length > 0);
        }
    }

    async Task<(string Staying, string Going, string Product)> Pair(long stock)
    {
        var key = shop.Fresh("pair");
        var made = (
            await shop.Staff.Post(
                "/api/v1/products",
                new
                {
                    key,
                    title = "Pair",
                    variants = new[] { new { sku = $"{key}-a", stock }, new { sku = $"{key}-b", stock } },
                }
            )
        ).Is(201);
        return ($"{key}-a", $"{key}-b", made.Data.GetProperty("id").GetString()!);
    }

    async Task<Answer> Leave(string product, string staying) =>
        await shop.Staff.Patch(
            $"/api/v1/products/{product}",
            JsonSerializer.Serialize(new { variants = new[] { new { sku = staying } } }),
            ifMatch: "\"1\""
        );

    Task<Answer> Receive(string key, string sku, long quantity) =>
        shop.Enter($"{Warehouse.Deliveries}/{key}/receive", new { lines = new[] { new { sku, quantity } } });
}
