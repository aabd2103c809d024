using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>What is made of parts, and answers that are made of parts.</summary>
public sealed class PartsTests
{
    [Fact]
    public async Task A_bundle_follows_the_stock_and_the_publication_of_its_parts()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);
        await till.NewProduct("wheel", stock: 10);
        await till.NewProduct("cart");
        var made = await till.Staff.Send(
            HttpMethod.Put,
            "/api/v1/variants/SKU-cart/components",
            Caller.Content(new { components = new[] { new { sku = "SKU-wheel", quantity = 4 } } })
        );
        await till.Reaches(made.Position);
        Assert.Equal("inStock", await Availability("/api/v1/products/cart", null));
        Assert.Equal("inStock", await Availability("/api/v1/offers?skus=SKU-cart", null));

        // Three are there: the wheel is in stock as before, and no cart can be made of it.
        var counted = await till.Staff.Post(
            "/api/v1/stock/counts",
            new { location = "main", lines = new[] { new { sku = "SKU-wheel", quantity = 3 } } },
            "00000000-0000-7000-8000-000000000011"
        );
        Assert.Equal("outOfStock", await Availability("/api/v1/products/cart", counted.Is(200).Position));
        Assert.Equal("outOfStock", await Availability("/api/v1/offers?skus=SKU-cart", counted.Position));

        var recounted = await till.Staff.Post(
            "/api/v1/stock/counts",
            new { location = "main", lines = new[] { new { sku = "SKU-wheel", quantity = 30 } } },
            "00000000-0000-7000-8000-000000000012"
        );
        Assert.Equal("inStock", await Availability("/api/v1/products/cart", recounted.Is(200).Position));
        var withdrawn = await till.Staff.Patch(
            "/api/v1/products/wheel",
            new { publication = new { state = "draft" } },
            "*"
        );
        Assert.Equal("outOfStock", await Availability("/api/v1/products/cart", withdrawn.Is(200).Position));

        async Task<string> Availability(string path, string? position)
        {
            var data = (await till.Stranger.ReadAt(path, position)).Is(200).Data;
            var variant = path.Contains("offers", StringComparison.Ordinal) ? data[0] : data.GetProperty("variants")[0];
            return variant.GetProperty("availability").GetString()!;
        }
    }

    [Fact]
    public async Task Offers_come_in_the_order_asked_for_and_what_is_missing_costs_one_statement()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);
        for (var n = 0; n < 4; n++)
            await till.Reaches(await till.NewProduct($"offer{n}", stock: n));

        var two = (await till.Stranger.Get("/api/v1/offers?skus=SKU-offer1,SKU-offer0")).Is(200);
        var four = (
            await till.Stranger.Get("/api/v1/offers?skus=SKU-offer3,SKU-offer2,none,SKU-offer1,SKU-offer0&currency=EUR")
        ).Is(200);
        var again = (await till.Stranger.Get("/api/v1/offers?skus=SKU-offer0,SKU-offer1,SKU-offer2&currency=EUR")).Is(
            200
        );

        Assert.Equal(["SKU-offer1", "SKU-offer0"], Skus(two));
        Assert.Equal(["SKU-offer3", "SKU-offer2", "SKU-offer1", "SKU-offer0"], Skus(four));
        Assert.Equal((1, 1, 0), (two.Statements, four.Statements, again.Statements));
        Assert.Equal("outOfStock", two.Data[1].GetProperty("availability").GetString());
        Assert.Equal(1_000, again.Data[0].GetProperty("prices")[0].GetProperty("amount").GetInt64());
        (await till.Stranger.Get("/api/v1/offers?skus=,")).Refused(400, "VALIDATION_FAILED", "skus");
        (await till.Stranger.Get("/api/v1/offers?skus=a&customerGroup=vip")).Refused(401, "UNAUTHENTICATED");
        (await till.Stranger.ReadAt("/api/v1/offers?skus=a", "x")).Refused(400, "POSITION_MALFORMED");

        static IEnumerable<string> Skus(Answer answer) =>
            answer.Data.EnumerateArray().Select(offer => offer.GetProperty("sku").GetString()!);
    }

    [Fact]
    public async Task Cards_are_what_lists_show_in_the_order_asked_for_and_missing_where_not_shown()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);
        for (var n = 0; n < 3; n++)
            await till.Reaches(await till.NewProduct($"card{n}", stock: n));
        var listed = (await till.Stranger.Get("/api/v1/products")).Is(200).Data.EnumerateArray().ToList();
        var ids = listed.Select(one => one.GetProperty("id").GetGuid()).Reverse().ToList();
        var cards = till.Services.GetRequiredService<ProductCards>();

        var first = await cards.Of([ids[0], Guid.Empty], PriceContext.Anybody, null, CancellationToken.None);
        var all = await cards.Of(ids, PriceContext.Anybody, null, CancellationToken.None);
        var staff = await cards.Of(ids, PriceContext.Base, null, CancellationToken.None);

        Assert.Equal([ids[0]], first.Cards.Select(card => card.Id));
        Assert.Equal(ids, all.Cards.Select(card => card.Id));
        Assert.Equal(
            listed.AsEnumerable().Reverse().Select(one => one.GetRawText()),
            all.Cards.Select(card => System.Text.Encoding.UTF8.GetString(card.Json.Span))
        );
        Assert.False(all.IsStale);
        Assert.Equal(ids.Order(), staff.Cards.Select(card => card.Id).Order());
    }
}
