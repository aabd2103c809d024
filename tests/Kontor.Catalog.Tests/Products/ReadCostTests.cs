using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Tests.Bundles;
using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;

namespace Kontor.Catalog.Tests.Products;

/// <summary>What reading a product asks of the database, when nothing of it is kept.</summary>
public sealed class ReadCostTests(Shop shop) : IClassFixture<Shop>
{
    /// <summary>Each step of a plan is started for every read, whether it runs or not; once there were eighty.</summary>
    const int MostSteps = 45;

    [Fact]
    public async Task A_product_is_read_by_a_plan_of_few_steps()
    {
        var context = PriceContext.Anybody;
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await using var explain = connection.CreateCommand();
        explain.CommandText =
            $"explain (costs off) {ProductReader.Statement(context, Extent.One, ProductReader.BySlug, 1)}";
        explain.With(context, "any");
        var plan = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        Assert.InRange(1 + plan.Count(line => line.Contains("->")), 1, MostSteps);
        Assert.DoesNotContain(plan, line => line.Contains("bundle_components") || line.Contains("slugs"));
    }

    [Fact]
    public async Task Bundles_are_asked_for_once_for_all_products_of_a_page()
    {
        var cup = await shop.Stocked(9);
        var kits = new[] { await shop.Bundle((cup, 1)), await shop.Bundle((cup, 2)), await shop.Bundle((cup, 10)) };
        (await shop.Staff.Post("/api/v1/categories", new { key = "kits", title = "Kits" })).Is(201);
        await shop.Query<long>(
            """
            with put as (
                insert into product_categories select c.id, v.product from variants v cross join categories c
                where v.sku = any($1) and c.key = 'kits' returning 1
            ) select count(*) from put
            """,
            (object)kits
        );

        var one = (await shop.Stranger.Get("/api/v1/products?limit=1&category=kits")).Is(200);
        var page = (await shop.Stranger.Get("/api/v1/products?limit=100&category=kits")).Is(200);

        Assert.Equal((2, 2), (one.Statements, page.Statements));
        Assert.Equal(
            ["inStock 1", "inStock 2", "outOfStock 10"],
            page.Data.EnumerateArray()
                .Select(product => product.GetProperty("variants")[0])
                .Select(kit =>
                    $"{kit.GetProperty("availability")} {kit.GetProperty("components")[0].GetProperty("quantity")}"
                )
        );
    }
}
