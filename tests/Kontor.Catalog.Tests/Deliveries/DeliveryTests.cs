using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Deliveries;

/// <summary>Goods that are announced, sent from one location to another, received, called off.</summary>
public sealed class DeliveryTests(Shop shop) : IClassFixture<Shop>
{
    static string Path(string key, string step = "") => $"{Warehouse.Deliveries}/{key}{step}";

    Task<Answer> Step(string key, string step, object? body = null) =>
        shop.Enter(Path(key, $"/{step}"), body ?? new { });

    Task<Answer> Receive(string key, string sku, long quantity) =>
        Step(key, "receive", new { lines = new[] { new { sku, quantity } } });

    [Fact]
    public async Task What_is_announced_is_incoming_and_on_hand_once_received()
    {
        var (sku, key) = (await shop.Stocked(1), shop.Fresh("delivery"));

        Assert.Equal("underWay", (await shop.Deliver(key, "main", null, (sku, 5))).Is(201).Value("state"));
        Assert.Equal((1, 0, 5), await shop.Level(sku));
        Assert.Equal("underWay", (await Receive(key, sku, 2)).Is(200).Value("state"));
        Assert.Equal((3, 0, 3), await shop.Level(sku));
        Assert.Empty(await shop.Faults());
        Assert.Equal("received", (await Step(key, "receive")).Is(200).Value("state"));

        Assert.Equal((6, 0, 0), await shop.Level(sku));
        Assert.Equal(
            [
                "counted 1/0 main by tester",
                "announced 0/5 main by tester",
                "received 2/-2 main by tester",
                "received 3/-3 main by tester",
            ],
            await shop.Movements(sku)
        );
        Assert.Equal(3, await shop.Query<long>("select count(*) from journal where stream = $1", $"delivery-{key}"));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_transfer_leaves_one_location_and_comes_to_the_other()
    {
        var (sku, to, key) = (await shop.Stocked(5), await shop.Location(), shop.Fresh("transfer"));

        Assert.Equal("planned", (await shop.Deliver(key, to, "main", (sku, 4))).Is(201).Value("state"));
        Assert.Equal(((5, 0, 0), (0, 0, 0)), (await shop.Level(sku), await shop.Level(sku, to)));
        Assert.Equal("underWay", (await Step(key, "ship")).Is(200).Value("state"));
        Assert.Equal(((1, 0, 0), (0, 0, 4)), (await shop.Level(sku), await shop.Level(sku, to)));
        (await Receive(key, sku, 3)).Is(200);
        Assert.Equal(((1, 0, 0), (3, 0, 1)), (await shop.Level(sku), await shop.Level(sku, to)));
        Assert.Empty(await shop.Faults());
        Assert.Equal("cancelled", (await Step(key, "cancel")).Is(200).Value("state"));

        Assert.Equal(((2, 0, 0), (3, 0, 0)), (await shop.Level(sku), await shop.Level(sku, to)));
        Assert.Equal("\"4\"", (await shop.Reader.Get(Path(key))).Is(200).Tag);
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_step_that_cannot_be_taken_is_refused_and_nothing_is_half_written()
    {
        var (sku, other, to, resting) = (
            await shop.Stocked(5),
            await shop.Stocked(9),
            await shop.Location(),
            await shop.Location(active: false)
        );
        await shop.Reserve(NewId(), (sku, 3));
        var (key, planned) = (shop.Fresh("delivery"), shop.Fresh("transfer"));
        (await shop.Deliver(key, "main", null, (sku, 2))).Is(201);
        (await shop.Deliver(planned, to, "main", (other, 1), (sku, 3))).Is(201);

        (await shop.Deliver(key, "main", null, (sku, 2))).Refused(409, "DELIVERY_KEY_TAKEN");
        (await shop.Deliver("a b", "main", null, (sku, 2))).Refused(400, "VALIDATION_FAILED", "key");
        (await shop.Deliver(shop.Fresh(), "main", "main", (sku, 2))).Refused(400, "VALIDATION_FAILED", "from");
        (await shop.Deliver(shop.Fresh(), "main", null, (sku, 0))).Refused(400, "VALIDATION_FAILED");
        (await shop.Deliver(shop.Fresh(), "main", null, (sku, 1), (sku, 1))).Refused(400, "VALIDATION_FAILED", "lines");
        (await shop.Deliver(shop.Fresh(), "nowhere", null, (sku, 1))).Refused(422, "UNKNOWN_LOCATION");
        (await shop.Deliver(shop.Fresh(), to, "nowhere", (sku, 1))).Refused(422, "UNKNOWN_LOCATION");
        (await shop.Deliver(shop.Fresh(), resting, null, (sku, 1))).Refused(409, "LOCATION_INACTIVE");
        (await shop.Deliver(shop.Fresh(), "main", null, ("NO-SUCH", 1))).Refused(422, "UNKNOWN_SKU", "lines.NO-SUCH");
        (await Step(planned, "ship")).Refused(409, "STOCK_NOT_FREE", $"lines.{sku}");
        (await Step(planned, "receive")).Refused(409, "DELIVERY_NOT_READY");
        (await Step(key, "ship")).Refused(409, "DELIVERY_NOT_READY");
        (await Receive(key, sku, 3)).Refused(409, "DELIVERY_EXCEEDED", $"lines.{sku}");
        (await Receive(key, other, 1)).Refused(422, "UNKNOWN_SKU", $"lines.{other}");
        (await Step("no-such", "receive")).Refused(404, "DELIVERY_NOT_FOUND");
        (await shop.Reader.Get(Path("no-such"))).Refused(404, "DELIVERY_NOT_FOUND");
        (await shop.Staff.Post(Path(key, "/receive"), new { })).Refused(400, "IDEMPOTENCY_KEY_REQUIRED");
        using var tooOld = Caller.Content(new { });
        (
            await shop.Staff.Send(
                HttpMethod.Post,
                Path(key, "/receive"),
                tooOld,
                ("If-Match", "\"9\""),
                ("Idempotency-Key", shop.Fresh())
            )
        ).Refused(412, "PRECONDITION_FAILED");

        Assert.Equal(((5, 3, 2), (9, 0, 0)), (await shop.Level(sku), await shop.Level(other)));
        (await Step(key, "receive")).Is(200);
        (await Step(key, "receive")).Refused(409, "DELIVERY_NOT_READY");
        (await Step(key, "cancel")).Refused(409, "DELIVERY_NOT_READY");
        (await Step(planned, "cancel")).Is(200);
        Assert.Equal(((7, 3, 0), (9, 0, 0)), (await shop.Level(sku), await shop.Level(other)));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task Nothing_is_received_where_a_location_went_out_of_use_and_it_can_be_called_off()
    {
        var (sku, to, key) = (await shop.Stocked(5), await shop.Location(), shop.Fresh("transfer"));
        (await shop.Deliver(key, to, "main", (sku, 4))).Is(201);
        (await Step(key, "ship")).Is(200);
        (await shop.Staff.Patch($"{Warehouse.Locations}/{to}", new { active = false }, "*")).Is(200);

        (await Step(key, "receive")).Refused(409, "LOCATION_INACTIVE");
        (await Step(key, "cancel")).Is(200);

        Assert.Equal(((5, 0, 0), (0, 0, 0)), (await shop.Level(sku), await shop.Level(sku, to)));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_repeat_under_one_key_receives_once()
    {
        var (sku, key, entry) = (await shop.Stocked(0), shop.Fresh("delivery"), shop.Fresh("entry"));
        (await shop.Deliver(key, "main", null, (sku, 4))).Is(201);
        object body = new { lines = new[] { new { sku, quantity = 2 } } };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => shop.Enter(Path(key, "/receive"), body, entry))
        );

        Assert.Single(answers.Select(answer => answer.Is(200).Text).Distinct(StringComparer.Ordinal));
        Assert.Equal((2, 0, 2), await shop.Level(sku));
    }

    [Fact]
    public async Task Of_many_who_receive_the_same_pieces_at_once_each_piece_is_received_once()
    {
        var (sku, key) = (await shop.Stocked(0), shop.Fresh("delivery"));
        (await shop.Deliver(key, "main", null, (sku, 10))).Is(201);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Receive(key, sku, 1)));

        Assert.Equal((10, 6), (answers.Count(a => a.Status == 200), answers.Count(a => a.Status == 409)));
        Assert.Equal((10, 0, 0), await shop.Level(sku));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_variant_that_is_under_way_cannot_go()
    {
        var key = shop.Fresh();
        var product = await shop.NewProduct(key);
        (await shop.Deliver(shop.Fresh("delivery"), "main", null, ($"SKU-{key}", 1))).Is(201);
        var variants = new[] { new { sku = shop.Fresh("SKU") } };

        (await shop.Staff.Patch($"/api/v1/products/{product.Value("id")}", new { variants }, "*")).Refused(
            409,
            "VARIANT_EXPECTED"
        );

        Assert.Equal((0, 0, 1), await shop.Level($"SKU-{key}"));
    }

    [Fact]
    public async Task Deliveries_are_listed_newest_first_in_pages_of_one_statement()
    {
        var (sku, to) = (await shop.Stocked(9), await shop.Location());
        var keys = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            keys.Insert(0, shop.Fresh("transfer"));
            (await shop.Deliver(keys[0], to, "main", (sku, 1))).Is(201);
        }

        var (met, after) = (new List<string>(), "");
        do
        {
            var page = (await shop.Reader.Get($"{Warehouse.Deliveries}?state=planned&limit=2{after}")).Is(200);
            met.AddRange(page.Data.EnumerateArray().Select(delivery => delivery.GetProperty("key").GetString()!));
            after = page.Next is { } next ? $"&after={next}" : null;
            Assert.Equal(1, page.Statements);
        } while (after is not null);

        Assert.Equal(keys, met.Where(keys.Contains));
        (await shop.Reader.Get($"{Warehouse.Deliveries}?after=x")).Refused(400, "INVALID_CURSOR");
        (await shop.Reader.Get($"{Warehouse.Deliveries}?state=nowhere")).Refused(400, "VALIDATION_FAILED", "state");
        (await shop.Reader.Get($"{Warehouse.Deliveries}?state=underWay")).Is(200);
    }
}
