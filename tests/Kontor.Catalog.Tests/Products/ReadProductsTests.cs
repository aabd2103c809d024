namespace Kontor.Catalog.Tests.Products;

public sealed class ReadProductsTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_product_is_found_by_id_and_by_slug_with_one_statement()
    {
        var made = await shop.NewProduct(shop.Fresh());

        var byId = await shop.Stranger.Get($"/api/v1/products/{made.Value("id")}");
        var bySlug = await shop.Stranger.Get($"/api/v1/products/{made.Value("slug")}");

        Assert.Equal(byId.Is(200).Data.ToString(), bySlug.Is(200).Data.ToString());
        Assert.Equal(made.Tag, byId.Tag);
        Assert.Equal((1, 1), (byId.Statements, bySlug.Statements));
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so()
    {
        var made = await shop.NewProduct(shop.Fresh());

        var answer = await shop.Stranger.Get($"/api/v1/products/{made.Value("id")}", ifNoneMatch: made.Tag);

        Assert.Equal("", answer.Is(304).Text);
        (await shop.Stranger.Get($"/api/v1/products/{made.Value("id")}", ifNoneMatch: "\"99\"")).Is(200);
    }

    [Theory]
    [InlineData("/api/v1/products/no-such", 404, "PRODUCT_NOT_FOUND")]
    [InlineData("/api/v1/products/018f0000-0000-7000-8000-000000000000", 404, "PRODUCT_NOT_FOUND")]
    [InlineData("/api/v1/products?category=%00", 400, "BAD_REQUEST")]
    [InlineData("/api/v1/products?limit=0", 400, "VALIDATION_FAILED")]
    [InlineData("/api/v1/products?limit=101", 400, "VALIDATION_FAILED")]
    [InlineData("/api/v1/products?limit=many", 400, "BAD_REQUEST")]
    [InlineData("/api/v1/products?colour=red", 400, "UNKNOWN_PARAMETER")]
    [InlineData("/api/v1/products?limit=1&limit=2", 400, null)]
    [InlineData("/api/v1/products?after=nonsense", 400, "INVALID_CURSOR")]
    [InlineData("/api/v1/products?after=WyJhIl0", 400, "INVALID_CURSOR")]
    [InlineData("/api/v1/products?after=%ff", 400, "INVALID_CURSOR")]
    [InlineData("/api/v1/nothing", 404, "ROUTE_NOT_FOUND")]
    public async Task What_cannot_be_answered_is_refused(string path, int status, string? code)
    {
        var answer = await shop.Stranger.Get(path);

        answer.Refused(status, code ?? answer.Json.GetProperty("code").GetString()!);
    }

    [Fact]
    public async Task Pages_meet_every_product_once_while_others_come()
    {
        var category = shop.Fresh("paged");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Paged" })).Is(201);
        var wanted = new List<string>();
        for (var i = 0; i < 7; i++)
            wanted.Add(await NewIn(category));

        var (met, path, statements) = (new List<string>(), $"/api/v1/products?limit=3&category={category}", 0);
        for (string? next = ""; next is not null; )
        {
            var page = await shop.Stranger.Get(next.Length == 0 ? path : $"{path}&after={next}");
            met.AddRange(page.Is(200).Data.EnumerateArray().Select(product => product.GetProperty("key").GetString()!));
            statements = Math.Max(statements, page.Statements);
            next = page.Next;
            if (met.Count == 3)
                wanted.Add(await NewIn(category));
        }

        Assert.Equal(wanted, met);
        Assert.Equal(1, statements);
    }

    [Fact]
    public async Task An_unknown_category_has_no_products() =>
        Assert.Empty((await shop.Stranger.Get("/api/v1/products?category=no-such")).Is(200).Data.EnumerateArray());

    async Task<string> NewIn(string category)
    {
        var key = shop.Fresh("paged");
        var body = new
        {
            key,
            title = key,
            categories = new[] { category },
            variants = new[] { new { sku = key } },
        };
        (await shop.Staff.Post("/api/v1/products", body)).Is(201);
        return key;
    }
}
