using Kontor.Testing;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>What changes at a known moment is read anew at it, with no write and no timer.</summary>
public sealed class MomentsTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    [Fact]
    [Trait("Kind", "slow")]
    public async Task A_price_that_begins_later_shows_when_it_begins()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);
        await till.NewProduct("sale");
        var price = await till.Staff.Put(
            "/api/v1/prices/sale",
            new
            {
                sku = "SKU-sale",
                price = new { amount = 500, currency = "EUR" },
                validFrom = TimeProvider.System.GetUtcNow() + Soon,
            }
        );
        await till.Reaches(price.Is(201).Position);

        foreach (var path in new[] { "/api/v1/products/sale", "/api/v1/offers?skus=SKU-sale" })
        {
            (await till.Stranger.Get(path)).Is(200);
            Assert.Equal(0, (await till.Stranger.Get(path)).Is(200).Statements);
        }

        foreach (var path in new[] { "/api/v1/products/sale", "/api/v1/offers?skus=SKU-sale" })
            await Eventually.Holds(
                async () =>
                    (await till.Stranger.Get(path)).Is(200).Text.Contains("\"amount\":500", StringComparison.Ordinal),
                "the new price shows"
            );
    }

    [Fact]
    [Trait("Kind", "slow")]
    public async Task A_product_that_comes_and_goes_by_itself_is_counted_and_shown_so()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);
        (await till.Staff.Post("/api/v1/categories", new { key = "brief", title = "Brief" })).Is(201);
        var now = TimeProvider.System.GetUtcNow();
        var made = await till.Staff.Post(
            "/api/v1/products",
            new
            {
                key = "brief",
                slug = "brief",
                title = "Brief",
                categories = new[] { "brief" },
                variants = new[] { new { sku = "SKU-brief" } },
                publication = new { from = now + Soon, until = now + 2 * Soon },
            }
        );
        await till.Reaches(made.Is(201).Position);
        Assert.Equal(0, await Counted());

        await Eventually.Holds(async () => await Counted() == 1, "it came into the tree");
        await Eventually.Holds(
            async () => (await till.Stranger.Get("/api/v1/products/brief")).Status == 200,
            "it is shown"
        );
        await Eventually.Holds(async () => await Counted() == 0, "it left the tree");
        await Eventually.Holds(
            async () => (await till.Stranger.Get("/api/v1/products/brief")).Status == 404,
            "it is not shown any more"
        );

        async Task<int> Counted() =>
            (await till.Stranger.Get("/api/v1/category-tree")).Is(200).Data[0].GetProperty("products").GetInt32();
    }
}
