using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;
using static Kontor.Catalog.Tests.Bundles.Kits;

namespace Kontor.Catalog.Tests.Bundles;

/// <summary>What a bundle is made of, through the door.</summary>
public sealed class ComponentsTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_variant_becomes_a_bundle_changes_and_is_one_no_more()
    {
        var (kit, cup, pot) = (await shop.Uncounted(), await shop.Stocked(9), await shop.Stocked(9));

        var made = (await shop.Components(kit, (cup, 2), (pot, 1))).Is(201);
        Assert.Equal("\"1\"", made.Tag);
        Assert.Equal($"/api/v1/variants/{kit}/components", made.Raw.Headers.Location?.ToString());
        (await shop.Components(kit, (cup, 1))).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Recompose(kit, "\"7\"", (cup, 1))).Refused(412, "PRECONDITION_FAILED");
        Assert.Equal("\"1\"", (await shop.Recompose(kit, "\"1\"", (cup, 2), (pot, 1))).Is(200).Tag);
        Assert.Equal("\"2\"", (await shop.Recompose(kit, "\"1\"", (pot, 3), (cup, 1))).Is(200).Tag);

        var shown = (await shop.Reader.Get(Path(kit))).Is(200);
        Assert.Equal([$"{pot} 3 True", $"{cup} 1 True"], Parts(shown));
        Assert.Equal(1, shown.Statements);
        var variant = (await shop.ProductOf(kit)).Is(200).Data.GetProperty("variants")[0];
        Assert.Equal(
            [$"{pot} 3", $"{cup} 1"],
            variant
                .GetProperty("components")
                .EnumerateArray()
                .Select(c => $"{c.GetProperty("sku")} {c.GetProperty("quantity")}")
        );
        var cupOf = (await shop.ProductOf(cup)).Data.GetProperty("variants")[0];
        Assert.False(cupOf.TryGetProperty("components", out _));

        (await shop.Decompose(kit, null)).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Decompose(kit, "\"1\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Decompose(kit, "\"2\"")).Is(200);
        (await shop.Decompose(kit, "*")).Refused(404, "BUNDLE_NOT_FOUND");
        (await shop.Reader.Get(Path(kit))).Refused(404, "BUNDLE_NOT_FOUND");
        Assert.Equal("\"4\"", (await shop.Components(kit, (cup, 2), (pot, 1))).Is(201).Tag);
        Assert.Equal(
            ["bundle.changed.v1", "bundle.changed.v1", "bundle.removed.v1", "bundle.changed.v1"],
            await shop.Query<string[]>(
                "select array_agg(type order by version) from journal where stream = $1",
                $"bundle-{kit}"
            )
        );
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task What_cannot_be_a_bundle_or_a_component_is_refused_by_its_path()
    {
        var (kit, cup, gone) = (await shop.Uncounted(), await shop.Stocked(9), await shop.Stocked(9));
        var other = await shop.Bundle((cup, 1));
        await Delete(gone);

        (await shop.Components(kit)).Refused(400, "VALIDATION_FAILED", "components");
        (await shop.Components(kit, (cup, 0))).Refused(400, "VALIDATION_FAILED", "components[0].quantity");
        (await shop.Components(kit, (cup, 10_001))).Refused(400, "VALIDATION_FAILED", "components[0].quantity");
        (await shop.Components(kit, (kit, 1))).Refused(400, "VALIDATION_FAILED", "components[0].sku");
        (await shop.Components(kit, ("a b", 1))).Refused(400, "VALIDATION_FAILED", "components[0].sku");
        (await shop.Components(kit, (cup, 1), (cup, 2))).Refused(400, "VALIDATION_FAILED", "components[1].sku");
        (await shop.Staff.Put(Path(kit), new { components = new object?[] { null } })).Refused(
            400,
            "VALIDATION_FAILED",
            "components[0]"
        );
        (await shop.Components(kit, [.. Enumerable.Range(0, 101).Select(i => ($"P-{i}", 1))])).Refused(
            400,
            "VALIDATION_FAILED",
            "components"
        );
        (await shop.Components(kit, (cup, 1), ("none", 1))).Refused(422, "COMPONENT_UNUSABLE", "components[1].sku");
        (await shop.Components(kit, (other, 1))).Refused(422, "COMPONENT_UNUSABLE", "components[0].sku");
        (await shop.Components(kit, (gone, 1))).Refused(422, "COMPONENT_UNUSABLE", "components[0].sku");
        (await shop.Components(gone, (cup, 1))).Refused(409, "PRODUCT_DELETED");
        (await shop.Components("no-such", (cup, 1))).Refused(404, "SKU_NOT_FOUND");
        (await shop.Components("a%20b", (cup, 1))).Refused(404, "SKU_NOT_FOUND");
        var part = await shop.Uncounted();
        await shop.Bundle((part, 1));
        (await shop.Components(part, (kit, 1))).Refused(409, "BUNDLE_IS_COMPONENT");
        (await shop.Reader.Put(Path(kit), Body((cup, 1)))).Refused(403, "FORBIDDEN");
        (await shop.Stranger.Get(Path(other))).Refused(401, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task What_has_stock_or_expects_some_becomes_no_bundle_and_a_bundle_gets_none()
    {
        var (cup, kit) = (await shop.Stocked(9), await shop.Stocked(1));

        (await shop.Components(kit, (cup, 1))).Refused(409, "VARIANT_HAS_STOCK");
        (await shop.Count("main", kit, 0)).Is(200);
        var way = shop.Fresh("way");
        (await shop.Deliver(way, "main", null, (kit, 5))).Is(201);
        (await shop.Components(kit, (cup, 1))).Refused(409, "VARIANT_HAS_STOCK");
        (await shop.Enter($"{Warehouse.Deliveries}/{way}/cancel", new { })).Is(200);
        (await shop.SetTerms("main", kit, backorderLimit: 5)).Is(200);
        await shop.Reserve(Shelves.NewId(), (kit, 1));
        (await shop.Components(kit, (cup, 1))).Refused(409, "VARIANT_HAS_STOCK");
        var free = await shop.Stocked(0);
        (await shop.SetTerms("main", free, backorderLimit: 5)).Is(200);
        (await shop.Components(free, (cup, 20))).Is(201);

        Assert.Equal("outOfStock", await shop.Availability(free));
        (await shop.Count("main", free, 1)).Refused(409, "SKU_IS_BUNDLE", $"lines.{free}");
        (await shop.Adjust("main", free, 1)).Refused(409, "SKU_IS_BUNDLE", $"lines.{free}");
        (await shop.SetTerms("main", free, backorderLimit: 1)).Refused(409, "SKU_IS_BUNDLE", $"lines.{free}");
        (await shop.Deliver(shop.Fresh("way"), "main", null, (free, 1))).Refused(409, "SKU_IS_BUNDLE", $"lines.{free}");
        var product = await shop.Query<Guid>("select product from variants where sku = $1", free);
        (
            await shop.Staff.Patch(
                $"/api/v1/products/{product}",
                new { variants = new[] { new { sku = free, stock = 3 } } },
                "*"
            )
        ).Refused(409, "SKU_IS_BUNDLE");
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_component_does_not_leave_its_product_while_a_bundle_is_made_of_it()
    {
        var key = shop.Fresh("pair");
        (
            await shop.Staff.Post(
                "/api/v1/products",
                new
                {
                    key,
                    title = key,
                    variants = new[] { new { sku = $"{key}-A", stock = 5 }, new { sku = $"{key}-B", stock = 5 } },
                }
            )
        ).Is(201);
        var kit = await shop.Bundle(($"{key}-A", 1), ($"{key}-B", 1));
        var product = await shop.Query<Guid>("select product from variants where sku = $1", $"{key}-A");
        var less = new { variants = new[] { new { sku = $"{key}-A" } } };

        (await shop.Staff.Patch($"/api/v1/products/{product}", less, "*")).Refused(409, "VARIANT_IN_BUNDLE");
        (await shop.Recompose(kit, "*", ($"{key}-A", 1))).Is(200);
        (await shop.Staff.Patch($"/api/v1/products/{product}", less, "*")).Is(200);

        Assert.Equal("inStock", await shop.Availability(kit));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_bundle_whose_component_is_not_sold_is_not_sold()
    {
        var (cup, pot) = (await shop.Stocked(9), await shop.Stocked(9));
        var kit = await shop.Bundle((cup, 1), (pot, 1));
        Assert.Equal("inStock", await shop.Availability(kit));

        await shop.Publish(pot, "draft");
        Assert.Equal("outOfStock", await shop.Availability(kit));
        var refused = await shop.Reserve(Shelves.NewId(), (kit, 1));
        Assert.Equal((false, kit), (refused.Held, Assert.Single(refused.Missing)));
        await shop.Publish(pot, "published");
        Assert.True((await shop.Reserve(Shelves.NewId(), (kit, 1))).Held);
        await Delete(pot);
        Assert.Equal("outOfStock", (await shop.Catalog.Offers([kit], "EUR", default))[kit].Availability);
        Assert.False((await shop.Reserve(Shelves.NewId(), (kit, 1))).Held);
        Assert.Equal(
            ["COMPONENT_NOT_SOLD"],
            [(await shop.Reader.Get($"/api/v1/variants/{kit}/availability/explain")).Value("rule")]
        );
        await shop.Publish(cup, "draft");
        Assert.Equal([$"{cup} 1 False", $"{pot} 1 False"], Parts(await shop.Reader.Get(Path(kit))));

        await shop.Publish(kit, "draft");
        await shop.Publish(cup, "published");
        Assert.Equal(kit, Assert.Single((await shop.Reserve(Shelves.NewId(), (kit, 1))).Missing));
    }

    async Task Delete(string sku)
    {
        var product = await shop.Query<Guid>("select product from variants where sku = $1", sku);
        (await shop.Staff.Send(HttpMethod.Delete, $"/api/v1/products/{product}", null, ("If-Match", "*"))).Is(200);
    }

    static string[] Parts(Answer answer) =>
        [
            .. answer
                .Is(200)
                .Data.GetProperty("components")
                .EnumerateArray()
                .Select(c => $"{c.GetProperty("sku")} {c.GetProperty("quantity")} {c.GetProperty("sold")}"),
        ];
}
