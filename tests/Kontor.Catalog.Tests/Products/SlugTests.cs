namespace Kontor.Catalog.Tests.Products;

public sealed class SlugTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = "/api/v1/products";

    [Fact]
    public async Task An_old_slug_leads_to_the_product_and_is_not_handed_to_another()
    {
        var (first, second) = (await shop.NewProduct(shop.Fresh("slug")), await shop.NewProduct(shop.Fresh("slug")));
        var (id, old) = (first.Value("id"), first.Value("slug"));
        (await Rename(id, "\"1\"", $"{old}-b")).Is(200);
        (await Rename(id, "\"2\"", $"{old}-c")).Is(200);

        var led = await Unled($"{Products}/{old}?currency=EUR");
        var now = (await shop.Stranger.Get($"{Products}/{old}-c")).Is(200);
        var graph = await shop.Stranger.Post(
            "/graphql",
            new { query = $"{{ product(slug: \"{old}-b\") {{ slug }} }}" }
        );

        Assert.Equal((308, $"{Products}/{old}-c?currency=EUR"), led);
        Assert.Equal((308, $"{Products}/{old}-c"), await Unled($"{Products}/{old}-b"));
        Assert.Equal((id, 1), (now.Value("id"), now.Statements));
        Assert.Contains($"\"slug\":\"{old}-c\"", graph.Is(200).Text, StringComparison.Ordinal);
        (await Rename(second.Value("id"), "\"1\"", old)).Refused(409, "SLUG_TAKEN");
        (await shop.Staff.Post(Products, Body(shop.Fresh(), old))).Refused(409, "SLUG_TAKEN");
        Assert.Equal(second.Value("slug"), (await shop.Stranger.Get($"{Products}/{second.Value("id")}")).Value("slug"));
        (await Rename(id, "\"3\"", old)).Is(200);
        Assert.Equal((308, $"{Products}/{old}"), await Unled($"{Products}/{old}-c"));
    }

    [Fact]
    public async Task A_slug_that_is_made_from_a_title_is_one_that_nobody_had()
    {
        var title = $"Jug {shop.Fresh("t")}";
        var first = await shop.NewProduct(shop.Fresh("slug"), title: title);
        (await Rename(first.Value("id"), "\"1\"", $"{first.Value("slug")}-x")).Is(200);

        var second = await shop.NewProduct(shop.Fresh("slug"), title: title);

        Assert.NotEqual(first.Value("slug"), second.Value("slug"));
        Assert.Equal((308, $"{Products}/{first.Value("slug")}-x"), await Unled($"{Products}/{first.Value("slug")}"));
    }

    [Fact]
    public async Task An_old_slug_of_a_hidden_product_leads_nowhere()
    {
        var product = await shop.NewProduct(shop.Fresh("slug"));
        (await Rename(product.Value("id"), "\"1\"", $"{product.Value("slug")}-x")).Is(200);

        (
            await shop.Staff.Patch(
                $"{Products}/{product.Value("id")}",
                new { publication = new { state = "draft" } },
                "\"2\""
            )
        ).Is(200);

        Assert.Equal((404, null), await Unled($"{Products}/{product.Value("slug")}"));
    }

    [Fact]
    public async Task Products_that_race_for_an_old_slug_do_not_get_it()
    {
        var product = await shop.NewProduct(shop.Fresh("slug"));
        var slug = product.Value("slug");
        var wanted = Enumerable.Range(0, 8).Select(_ => Body(shop.Fresh(), $"{slug}-new")).ToList();

        var racers = await Task.WhenAll(
            wanted
                .Select(body => shop.Staff.Post(Products, body))
                .Append(Rename(product.Value("id"), "\"1\"", $"{slug}-new"))
        );

        Assert.Equal(1, racers.Count(racer => racer.Status is 200 or 201));
        Assert.All(racers.Where(racer => racer.Status is not (200 or 201)), racer => racer.Refused(409, "SLUG_TAKEN"));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("Cup <img src=x onerror=alert(1)>")]
    [InlineData("Cup</b>")]
    [InlineData("Cup <!-- -->")]
    public async Task Markup_in_a_title_is_refused_and_writes_nothing(string title)
    {
        var (product, key) = (await shop.NewProduct(shop.Fresh("title")), shop.Fresh("title"));
        var events = await shop.Journaled();

        (
            await shop.Staff.Post(
                Products,
                new
                {
                    key,
                    title,
                    variants = new[] { new { sku = key } },
                }
            )
        ).Refused(400, "PRODUCT_INVALID", "title");
        (await shop.Staff.Patch($"{Products}/{product.Value("id")}", new { title }, "\"1\"")).Refused(
            400,
            "PRODUCT_INVALID",
            "title"
        );
        (await shop.Staff.Post("/api/v1/categories", new { key, title })).Refused(400, "VALIDATION_FAILED", "title");

        Assert.Equal(events, await shop.Journaled());
        Assert.Equal(0, await shop.Query<long>("select count(*) from products where key = $1", key));
    }

    [Theory]
    [InlineData("Size < 5 & > 3")]
    [InlineData("I <3 tea")]
    public async Task A_title_may_have_the_signs_of_markup(string title) =>
        Assert.Equal(title, (await shop.NewProduct(shop.Fresh("title"), title: title)).Value("title"));

    Task<Answer> Rename(string product, string version, string slug) =>
        shop.Staff.Patch($"{Products}/{product}", new { slug }, version);

    static object Body(string key, string slug) =>
        new
        {
            key,
            title = "Jug",
            slug,
            variants = new[] { new { sku = $"SKU-{key}" } },
        };

    /// <summary>What the door says to one who does not go where it leads.</summary>
    async Task<(int Status, string? Location)> Unled(string path)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = shop.Http.BaseAddress };
        var answer = await new Caller(http).Get(path);
        return (answer.Status, answer.Raw.Headers.Location?.ToString());
    }
}
