using Kontor.Catalog.Demo;

namespace Kontor.Catalog.Tests.Demo;

public sealed class DemoTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Two_processes_that_start_at_once_fill_the_shop_once()
    {
        var demo = new DemoCatalogue(shop.Database, TimeProvider.System);

        var made = await Task.WhenAll(demo.Load(default), demo.Load(default));
        var later = await demo.Load(default);

        Assert.Equal([0, made.Max()], made.Order());
        Assert.True(made.Max() >= 500, $"{made.Max()} products");
        Assert.Equal(0, later);
        Assert.Equal(made.Max(), await shop.Query<long>("select count(*) from products"));
        Assert.Equal(made.Max(), await shop.Journaled("product.created.v1"));
        Assert.Equal(
            await shop.Query<long>("select count(*) from stock where on_hand > 0"),
            await shop.Journaled("stock.changed.v1")
        );
        Assert.Equal(
            await shop.Query<long>("select count(*) from categories"),
            await shop.Journaled("category.created.v1")
        );
        Assert.Equal(2, await shop.Query<long>("select count(distinct currency) from prices"));
        Assert.True(await shop.Query<long>("select count(*) from categories where parent is not null") >= 12);
        Assert.Equal(0, await shop.Query<long>("select count(*) from stock where on_hand not between 0 and 200"));
        await shop.InStep();
        var kettle = (await shop.Stranger.Get("/api/v1/search?q=copper%20kett")).Is(200).Data;
        Assert.Equal("Copper kettle", kettle[0].GetProperty("title").GetString());
        var pots = await shop.Stranger.Get("/api/v1/products?category=kitchen-pots&limit=100");
        Assert.Equal(48, pots.Is(200).Data.GetArrayLength());
    }

    [Fact]
    public void The_goods_are_the_same_each_time_and_all_are_valid()
    {
        var (once, again) = (DemoGoods.All(), DemoGoods.All());

        Assert.All(once, product => Assert.Empty(product.Faults()));
        Assert.Equal(
            once.Select(product => string.Join(';', product.Variants.Select(Written))),
            again.Select(product => string.Join(';', product.Variants.Select(Written)))
        );
        Assert.All(once, product => Assert.InRange(product.Variants.Count, 1, 6));
        Assert.Equal(once.Count, once.Select(product => product.Key).Distinct().Count());
        var skus = once.SelectMany(product => product.Variants.Select(variant => variant.Sku)).ToList();
        Assert.Equal(skus.Count, skus.Distinct().Count());

        static string Written(Catalog.Products.Variant variant) =>
            $"{variant.Sku} {string.Join(' ', variant.Prices)} {variant.Stock}";
    }
}
