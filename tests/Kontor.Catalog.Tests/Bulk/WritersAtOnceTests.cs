namespace Kontor.Catalog.Tests.Bulk;

public sealed class WritersAtOnceTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Two_who_write_the_same_lines_at_once_make_each_product_once()
    {
        var key = shop.Fresh();
        var lines = Enumerable
            .Range(0, 300)
            .Select(i => $$"""{"key":"{{key}}-{{i}}","title":"A cup","variants":[{"sku":"S-{{key}}-{{i}}"}]}""")
            .ToArray();

        var told = await Task.WhenAll(shop.Write(lines), shop.Write(lines.Reverse()), shop.Write(lines));

        Assert.All(told, one => Assert.Equal(300, one.Sum().Item1 + one.Sum().Item3 + one.Sum().Item4));
        Assert.Equal(300, told.Sum(one => one.Sum().Item1));
        Assert.Equal(300, await shop.Query<long>("select count(*) from products where key like $1", $"{key}-%"));
        Assert.Equal((0, 0, 300, 0), (await shop.Write(lines)).Sum());
    }
}
