using System.Net.Http.Headers;

namespace Kontor.Catalog.Tests.Media;

/// <summary>The pictures of products where products are read.</summary>
public sealed class MediaOfProductsTests(Shop shop) : IClassFixture<Shop>
{
    static readonly byte[] Red = Pictures.Halves(400, 200);

    [Fact]
    public async Task A_product_shows_its_pictures_as_their_own_list_does()
    {
        var path = await Pictured(3);

        var product = (await shop.Stranger.Get(path)).Is(200);
        var media = (await shop.Stranger.Get($"{path}/media")).Is(200);

        Assert.Equal(media.Data.GetRawText(), product.Data.GetProperty("media").GetRawText());
        Assert.Equal(3, product.Data.GetProperty("mediaCount").GetInt32());
        Assert.Equal(1, product.Statements);
    }

    [Fact]
    public async Task A_list_shows_the_first_five_with_one_statement()
    {
        var path = await Pictured(7);
        var category = shop.Fresh("pictured");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Pictured" })).Is(201);
        (await shop.Staff.Patch(path, new { categories = new[] { category } }, "*")).Is(200);

        var listed = (await shop.Stranger.Get($"/api/v1/products?category={category}")).Is(200);
        var all = (await shop.Stranger.Get($"{path}/media")).Is(200);

        Assert.Equal(
            all.Data.EnumerateArray().Take(5).Select(one => one.GetRawText()),
            listed.Data[0].GetProperty("media").EnumerateArray().Select(one => one.GetRawText())
        );
        Assert.Equal((7, 1), (listed.Data[0].GetProperty("mediaCount").GetInt32(), listed.Statements));
    }

    [Fact]
    public async Task Whoever_has_the_product_is_told_when_a_picture_of_it_is_another()
    {
        var path = await Pictured(1);
        var before = (await shop.Stranger.Get(path)).Is(200);
        var key = before.Data.GetProperty("media")[0].GetProperty("key").GetString()!;
        (await shop.Stranger.Get(path, ifNoneMatch: before.Tag)).Is(304);

        await Upload(key, Pictures.Halves(300, 300), "\"1\"");

        var after = (await shop.Stranger.Get(path, ifNoneMatch: before.Tag)).Is(200);
        Assert.Equal(300, after.Data.GetProperty("media")[0].GetProperty("width").GetInt32());
        (await shop.Staff.Patch(path, new { title = "Still the same version" }, before.Tag)).Is(200);
    }

    async Task<string> Pictured(int pictures)
    {
        var key = shop.Fresh("pictured");
        var made = await shop.NewProduct(key);
        var path = $"/api/v1/products/{made.Value("slug")}";
        string[] media = [.. Enumerable.Range(0, pictures).Select(i => $"{key}-{(pictures - i) % pictures}")];
        foreach (var one in media)
            await Upload(one, Red);
        var set = await shop.Staff.Send(
            HttpMethod.Put,
            $"{path}/media",
            Caller.Content(new { media }),
            ("If-Match", made.Tag)
        );
        set.Is(200);
        return path;
    }

    async Task Upload(string key, byte[] bytes, string? ifMatch = null)
    {
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        var sent = await shop.Staff.Send(HttpMethod.Put, $"/api/v1/media/{key}", body, ("If-Match", ifMatch));
        Assert.True(sent.Status is 200 or 201, sent.Text);
    }
}
