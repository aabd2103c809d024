using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Locations;

public sealed class LocationTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_location_is_created_changed_and_listed()
    {
        var key = await shop.Location(priority: 7);
        var made = (await shop.Reader.Get($"{Warehouse.Locations}/{key}")).Is(200);

        var changed = await shop.Staff.Patch(
            $"{Warehouse.Locations}/{key}",
            new { title = "Other", priority = 3 },
            made.Tag
        );
        var same = await shop.Staff.Patch($"{Warehouse.Locations}/{key}", new { title = "Other" }, changed.Tag);

        Assert.Equal(("\"1\"", "\"2\"", "\"2\""), (made.Tag, changed.Is(200).Tag, same.Is(200).Tag));
        Assert.Contains(
            (await shop.Reader.Get($"{Warehouse.Locations}?limit=500")).Is(200).Data.EnumerateArray(),
            place => place.GetProperty("key").GetString() == key && place.GetProperty("priority").GetInt32() == 3
        );
        Assert.Equal(
            1,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and type = 'location.changed.v1'",
                $"location-{key}"
            )
        );
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        var key = await shop.Location();
        object Body(string k, string title = "T", int priority = 1) =>
            new
            {
                key = k,
                title,
                priority,
            };

        (await shop.Staff.Post(Warehouse.Locations, Body(key))).Refused(409, "LOCATION_KEY_TAKEN");
        (await shop.Staff.Post(Warehouse.Locations, Body("a b"))).Refused(400, "VALIDATION_FAILED", "key");
        (await shop.Staff.Post(Warehouse.Locations, Body("k", priority: -1))).Refused(
            400,
            "VALIDATION_FAILED",
            "priority"
        );
        (await shop.Staff.Patch($"{Warehouse.Locations}/{key}", new { title = "" }, "*")).Refused(
            400,
            "VALIDATION_FAILED",
            "title"
        );
        (await shop.Staff.Patch($"{Warehouse.Locations}/{key}", new { priority = -1 }, "*")).Refused(
            400,
            "VALIDATION_FAILED",
            "priority"
        );
        (await shop.Staff.Patch($"{Warehouse.Locations}/{key}", new { title = "T" }, null)).Refused(
            428,
            "PRECONDITION_REQUIRED"
        );
        (await shop.Staff.Patch($"{Warehouse.Locations}/{key}", new { title = "T" }, "\"9\"")).Refused(
            412,
            "PRECONDITION_FAILED"
        );
        (await shop.Staff.Patch($"{Warehouse.Locations}/no-such", new { title = "T" }, "*")).Refused(
            404,
            "LOCATION_NOT_FOUND"
        );
        (await shop.Reader.Get($"{Warehouse.Locations}/no-such")).Refused(404, "LOCATION_NOT_FOUND");
        (await shop.Reader.Get($"{Warehouse.Locations}/a%20b")).Refused(404, "LOCATION_NOT_FOUND");
        (await shop.Reader.Get($"{Warehouse.Locations}?after=x")).Refused(400, "INVALID_CURSOR");
    }

    [Fact]
    public async Task Stock_is_taken_by_priority_and_not_from_a_location_out_of_use()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());
        var (first, resting) = (await shop.Location(priority: 1), await shop.Location(priority: 0));
        (await shop.Adjust(first, sku, 2)).Is(200);
        (await shop.Adjust(resting, sku, 5)).Is(200);
        (await shop.Staff.Patch($"{Warehouse.Locations}/{resting}", new { active = false }, "*")).Is(200);

        Assert.True((await shop.Reserve(id, (sku, 2))).Held);
        Assert.True((await shop.Reserve(NewId(), (sku, 2))).Held);
        Assert.False((await shop.Reserve(NewId(), (sku, 4))).Held);

        Assert.Equal(((2, 2, 0), (5, 2, 0)), (await shop.Level(sku, first), await shop.Level(sku)));
        Assert.Equal((5, 0, 0), await shop.Level(sku, resting));
        Assert.Equal("inStock", await shop.Availability(sku));
        (await shop.Staff.Patch($"{Warehouse.Locations}/{first}", new { active = false }, "*")).Is(200);
        await shop.Catalog.Release(id, default);
        Assert.Equal((2, 0, 0), await shop.Level(sku, first));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_line_is_split_over_locations_only_if_it_may_be()
    {
        var (sku, other, place) = (await shop.Stocked(2), await shop.Stocked(1), await shop.Location(priority: 1));
        (await shop.Adjust(place, sku, 2)).Is(200);
        var client = shop.Client("splitter");
        Task<Answer> Put(Guid id, string? split, params (string Sku, int Quantity)[] lines) =>
            client.Put(
                Path(id),
                new { split, lines = lines.Select(line => new { sku = line.Sku, quantity = line.Quantity }) }
            );

        (await Put(NewId(), null, (sku, 3))).Refused(409, "STOCK_SHORT");
        (await Put(NewId(), "none", (sku, 3))).Refused(409, "STOCK_SHORT");
        (await Put(NewId(), "halves", (sku, 3))).Refused(400, "VALIDATION_FAILED", "split");
        var split = NewId();
        (await Put(split, "pieces", (sku, 3))).Is(200);
        (await Put(split, "pieces", (sku, 3))).Is(200);
        (await Put(split, "pieces", (sku, 2))).Refused(409, "RESERVATION_DIFFERS");

        var shown = (await client.Get(Path(split))).Is(200).Data;
        Assert.Equal(3, Assert.Single(shown.GetProperty("lines").EnumerateArray()).GetProperty("quantity").GetInt32());
        Assert.Equal(
            ["main 1", $"{place} 2"],
            shown
                .GetProperty("allocations")
                .EnumerateArray()
                .Select(a => $"{a.GetProperty("location")} {a.GetProperty("quantity")}")
        );
        (await client.Delete(Path(split))).Is(200);

        // The other is at main only, so the whole of it comes from there although the first has less priority.
        var whole = NewId();
        (await Put(whole, "none", (sku, 1), (other, 1))).Is(200);
        Assert.Equal((2, 1, 0), await shop.Level(sku));
        Assert.Empty(await shop.Faults());
    }
}
