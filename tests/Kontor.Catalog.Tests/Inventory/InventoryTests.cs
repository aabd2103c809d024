using Kontor.Catalog.Tests.Stock;
using Kontor.Platform.Access;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Inventory;

/// <summary>Counts, adjustments and terms, and the movements that they leave.</summary>
public sealed class InventoryTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_count_and_an_adjustment_are_movements_with_their_reason_and_actor()
    {
        var sku = await shop.Stocked(10);

        var counted = (await shop.Count("main", sku, 7, seen: 10)).Is(200);
        (await shop.Adjust("main", sku, -2, "damaged")).Is(200);

        Assert.Equal((5, 0, 0), await shop.Level(sku));
        Assert.Equal("7", counted.Data[0].GetProperty("onHand").ToString());
        Assert.Equal(
            ["counted 10/0 main by tester", "counted -3/0 main by tester", "adjusted -2/0 main by tester"],
            await shop.Movements(sku)
        );
        Assert.Equal(
            "damaged",
            (await shop.Reader.Get($"/api/v1/stock/movements?sku={sku}&limit=1"))
                .Data[0]
                .GetProperty("reason")
                .ToString()
        );
        Assert.Equal(
            "main",
            (await shop.Reader.Get($"/api/v1/stock?sku={sku}")).Data[0].GetProperty("location").ToString()
        );
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_repeat_under_one_key_counts_once()
    {
        var (sku, key) = (await shop.Stocked(1), shop.Fresh("entry"));
        object body = new
        {
            location = "main",
            reason = "found",
            lines = new[] { new { sku, delta = 2 } },
        };

        var first = (await shop.Enter(Warehouse.Adjustments, body, key)).Is(200);
        var again = (await shop.Enter(Warehouse.Adjustments, body, key)).Is(200);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal((3, 0, 0), await shop.Level(sku));
    }

    [Fact]
    public async Task A_refusal_says_why_and_nothing_is_half_written()
    {
        var (sku, other, place) = (await shop.Stocked(5), await shop.Stocked(5), await shop.Location());
        await shop.Reserve(NewId(), (sku, 4));
        object Two(long one, long two) => new[] { new { sku = other, delta = one }, new { sku, delta = two } };
        object Adjust(string location, object lines, string reason = "lost") =>
            new
            {
                location,
                reason,
                lines,
            };

        (await shop.Enter(Warehouse.Adjustments, Adjust("main", Two(-1, -6)))).Refused(
            409,
            "STOCK_NEGATIVE",
            $"lines.{sku}"
        );
        (await shop.Enter(Warehouse.Adjustments, Adjust("main", Two(-1, -2)))).Refused(
            409,
            "STOCK_BELOW_RESERVED",
            $"lines.{sku}"
        );
        (await shop.Enter(Warehouse.Adjustments, Adjust("nowhere", Two(1, 1)))).Refused(422, "UNKNOWN_LOCATION");
        (await shop.Enter(Warehouse.Adjustments, Adjust("no where", Two(1, 1)))).Refused(
            400,
            "VALIDATION_FAILED",
            "location"
        );
        (await shop.Enter(Warehouse.Adjustments, Adjust("main", Two(1, 1), "because"))).Refused(
            400,
            "VALIDATION_FAILED",
            "reason"
        );
        (await shop.Enter(Warehouse.Adjustments, Adjust(place, new[] { new { sku = "NO-SUCH", delta = 1 } }))).Refused(
            422,
            "UNKNOWN_SKU",
            "lines.NO-SUCH"
        );
        (
            await shop.Enter(
                Warehouse.Adjustments,
                Adjust(place, new[] { new { sku, delta = 1 }, new { sku, delta = 1 } })
            )
        ).Refused(400, "VALIDATION_FAILED", "lines");
        (await shop.Enter(Warehouse.Adjustments, """{"location":"main","reason":"lost","lines":[null]}""")).Refused(
            400,
            "VALIDATION_FAILED",
            "lines[0].sku"
        );
        (await shop.Staff.Post(Warehouse.Adjustments, Adjust("main", Two(1, 1)))).Refused(
            400,
            "IDEMPOTENCY_KEY_REQUIRED"
        );
        (await shop.Count("main", sku, 3)).Refused(409, "STOCK_BELOW_RESERVED", $"lines.{sku}");
        (await shop.Count("main", sku, 9, seen: 4)).Refused(409, "STOCK_MOVED", $"lines.{sku}");
        (await shop.Count("main", sku, -1)).Refused(400, "VALIDATION_FAILED");
        (await shop.Count("main", sku, 2_000_000_000)).Refused(400, "VALIDATION_FAILED");

        Assert.Equal(((5, 4, 0), (5, 0, 0)), (await shop.Level(sku), await shop.Level(other)));
        Assert.Equal((0, 0, 0), await shop.Level(sku, place));
        Assert.Single(await shop.Movements(sku));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_forced_count_below_reserved_is_owed_and_never_offered_again()
    {
        var (sku, id) = (await shop.Stocked(5), NewId());
        await shop.Reserve(id, (sku, 4));

        var forced = (await shop.Count("main", sku, 1, force: true)).Is(200);
        Assert.Equal(("3", "0"), (Of(forced, "owed"), Of(forced, "backorderLimit")));
        Assert.Equal("outOfStock", await shop.Availability(sku));
        await shop.Catalog.Release(id, default);

        Assert.False((await shop.Reserve(NewId(), (sku, 2))).Held);
        Assert.True((await shop.Reserve(NewId(), (sku, 1))).Held);
        var counted = (await shop.Count("main", sku, 2)).Is(200);
        Assert.Equal(("0", "1"), (Of(counted, "owed"), Of(counted, "available")));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task Safety_stock_is_kept_back_and_backorder_is_promised()
    {
        var sku = await shop.Stocked(3);

        (await shop.SetTerms("main", sku, safetyStock: 2)).Is(200);
        Assert.True((await shop.Reserve(NewId(), (sku, 1))).Held);
        Assert.Equal("outOfStock", await shop.Availability(sku));
        Assert.False((await shop.Reserve(NewId(), (sku, 1))).Held);

        (await shop.SetTerms("main", sku, safetyStock: 2, backorderLimit: 1)).Is(200);
        Assert.Equal("backorder", await shop.Availability(sku));
        Assert.True((await shop.Reserve(NewId(), (sku, 1))).Held);
        Assert.False((await shop.Reserve(NewId(), (sku, 1))).Held);
        Assert.Equal((3, 2, 0), await shop.Level(sku));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_preorder_is_taken_until_its_time_and_not_from_then_on()
    {
        var sku = await shop.Stocked(0);
        object Preorder(int years) => new { limit = 2, until = DateTimeOffset.UnixEpoch.AddYears(years) };

        (await shop.SetTerms("main", sku, preorder: Preorder(200))).Is(200);
        Assert.Equal("preorder", await shop.Availability(sku));
        Assert.True((await shop.Reserve(NewId(), (sku, 1))).Held);
        (await shop.SetTerms("main", sku, preorder: Preorder(50))).Is(200);

        Assert.Equal("outOfStock", await shop.Availability(sku));
        Assert.False((await shop.Reserve(NewId(), (sku, 1))).Held);
        (await shop.SetTerms("main", sku)).Refused(409, "STOCK_BELOW_RESERVED");
        Assert.Equal((0, 1, 0), await shop.Level(sku));
        Assert.Equal(
            "preorder",
            await shop.Query<string>(
                "select body->>'after' from journal where stream = $1 and body->>'reason' = 'termsSet' order by id limit 1",
                $"stock-{sku}"
            )
        );
    }

    [Fact]
    public async Task Stock_is_listed_in_pages_by_one_statement_each()
    {
        var place = await shop.Location();
        var skus = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            skus.Add(await shop.Stocked(1));
            (await shop.Adjust(place, skus[i], 3)).Is(200);
        }

        foreach (var list in new[] { "/api/v1/stock", "/api/v1/stock/movements" })
        {
            var (met, after) = (new List<string>(), "");
            do
            {
                var page = (await shop.Reader.Get($"{list}?location={place}&limit=2{after}")).Is(200);
                met.AddRange(page.Data.EnumerateArray().Select(row => row.GetProperty("sku").GetString()!));
                after = page.Next is { } next ? $"&after={next}" : null;
                Assert.Equal(1, page.Statements);
            } while (after is not null);

            Assert.Equal(skus.Order(StringComparer.Ordinal), met.Order(StringComparer.Ordinal));
        }
        (await shop.Reader.Get("/api/v1/stock?after=x")).Refused(400, "INVALID_CURSOR");
        (await shop.Reader.Get("/api/v1/stock/movements?after=x")).Refused(400, "INVALID_CURSOR");
        (await new Caller(shop.Http) { Token = Scopes.CatalogWrite }.Get("/api/v1/stock")).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task The_statements_of_a_count_do_not_grow_with_its_lines()
    {
        var skus = new List<string>();
        for (var i = 0; i < 8; i++)
            skus.Add(await shop.Stocked(1));
        object Count(int lines) =>
            new { location = "main", lines = skus.Take(lines).Select(sku => new { sku, quantity = 10 + lines }) };

        var one = (await shop.Enter(Warehouse.Counts, Count(1))).Is(200);
        var eight = (await shop.Enter(Warehouse.Counts, Count(8))).Is(200);

        Assert.Equal(one.Statements, eight.Statements);
        Assert.InRange(one.Statements, 4, 6);
    }

    [Fact]
    public async Task The_stock_of_a_variant_that_goes_leaves_a_last_movement()
    {
        var key = shop.Fresh();
        var product = await shop.NewProduct(key, stock: 4);
        var variants = new[] { new { sku = shop.Fresh("SKU") } };

        (await shop.Staff.Patch($"/api/v1/products/{product.Value("id")}", new { variants }, "*")).Is(200);

        Assert.Equal(["counted 4/0 main by tester", "removed -4/0 main by tester"], await shop.Movements($"SKU-{key}"));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task What_is_written_past_the_API_is_a_movement_too()
    {
        var sku = await shop.Stocked(4);

        await shop.Query<long>(
            "with moved as (update stock s set on_hand = 9 from variants v where v.id = s.variant and v.sku = $1 returning 1) select count(*) from moved",
            sku
        );

        Assert.StartsWith("unrecorded 5/0 main by ", (await shop.Movements(sku))[1], StringComparison.Ordinal);
        Assert.Empty(await shop.Faults());
    }

    static string Of(Answer answer, string member) => answer.Data[0].GetProperty(member).ToString();
}
