using System.Text.Json;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Products;

public sealed class CreateProductTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = "/api/v1/products";

    [Fact]
    public async Task A_product_is_created_with_its_variants_prices_and_count()
    {
        var (key, sku) = (shop.Fresh(), shop.Fresh("SKU"));
        var before = await shop.Journaled();

        var answer = await shop.Staff.Post(
            Products,
            new
            {
                key,
                title = "Stone cup",
                description = "Holds tea.",
                variants = new[]
                {
                    new
                    {
                        sku,
                        stock = 3,
                        prices = new[] { new { amount = 1999, currency = "EUR" } },
                    },
                },
            }
        );

        answer.Is(201);
        var variant = answer.Data.GetProperty("variants")[0];
        Assert.Equal(key, answer.Value("key"));
        Assert.Equal("default", answer.Value("type"));
        Assert.Equal("Holds tea.", answer.Value("description"));
        Assert.Equal("1", answer.Value("version"));
        Assert.Equal(1999, variant.GetProperty("prices")[0].GetProperty("amount").GetInt64());
        Assert.Equal("inStock", variant.GetProperty("availability").GetString());
        Assert.Equal($"{Products}/{answer.Value("id")}", answer.Raw.Headers.Location?.ToString());
        Assert.StartsWith("\"1.i-", answer.Tag, StringComparison.Ordinal);
        Assert.StartsWith("catalog:", answer.Raw.Headers.GetValues("Kontor-Position").Single());
        Assert.Equal(2, await shop.Journaled() - before);
        Assert.Equal(8, answer.Statements);
    }

    [Fact]
    public async Task What_is_left_out_gets_its_default()
    {
        var key = shop.Fresh();

        var first = await shop.NewProduct(key, title: "Café Ölkanne");
        var second = await shop.NewProduct(shop.Fresh("x"), title: "Café Ölkanne");

        Assert.Equal("cafe-olkanne", first.Value("slug"));
        Assert.StartsWith("cafe-olkanne-x-", second.Value("slug"));
        Assert.False(first.Data.TryGetProperty("description", out _));
        Assert.Empty(first.Data.GetProperty("categories").EnumerateArray());
        Assert.Equal("outOfStock", first.Data.GetProperty("variants")[0].GetProperty("availability").GetString());
    }

    [Fact]
    public async Task A_title_without_letters_still_gets_a_slug()
    {
        var answer = await shop.NewProduct(shop.Fresh("y"), title: "茶壺");

        Assert.Matches("^[a-z0-9-]+$", answer.Value("slug"));
    }

    [Theory]
    [InlineData("""{"key":"","title":"T","variants":[{"sku":"S"}]}""", "key")]
    [InlineData("""{"key":"a b","title":"T","variants":[{"sku":"S"}]}""", "key")]
    [InlineData("""{"key":"k","title":" ","variants":[{"sku":"S"}]}""", "title")]
    [InlineData("""{"key":"k","title":"a\u0007","variants":[{"sku":"S"}]}""", "title")]
    [InlineData("""{"key":"k","title":"T","variants":[]}""", "variants")]
    [InlineData("""{"key":"k","title":"T","variants":[null]}""", "variants[0]")]
    [InlineData("""{"key":"k","title":"T","variants":[{"sku":"S"},{"sku":"!"}]}""", "variants[1].sku")]
    [InlineData("""{"key":"k","title":"T","variants":[{"sku":"S"},{"sku":"S"}]}""", "variants")]
    [InlineData("""{"key":"k","title":"T","variants":[{"sku":"S","stock":-1}]}""", "variants[0].stock")]
    [InlineData(
        """{"key":"k","title":"T","variants":[{"sku":"S","prices":[{"amount":-1,"currency":"EUR"}]}]}""",
        "variants[0].prices[0].amount"
    )]
    [InlineData(
        """{"key":"k","title":"T","variants":[{"sku":"S","prices":[{"amount":1,"currency":"EUR"},{"amount":2,"currency":"EUR"}]}]}""",
        "variants[0].prices"
    )]
    [InlineData("""{"key":"k","title":"T","slug":"A b","variants":[{"sku":"S"}]}""", "slug")]
    [InlineData(
        """{"key":"k","title":"T","slug":"018f0000-0000-7000-8000-000000000000","variants":[{"sku":"S"}]}""",
        "slug"
    )]
    [InlineData("""{"key":"k","title":"T","categories":[null],"variants":[{"sku":"S"}]}""", "categories[0]")]
    [InlineData("""{"key":"k","title":"T","type":"!","variants":[{"sku":"S"}]}""", "type")]
    public async Task A_fault_is_named_by_its_JSON_path(string body, string path)
    {
        var answer = await shop.Staff.Post(Products, body);

        // What C# attributes see is refused before Decide is asked.
        var code = answer.Json.GetProperty("code").GetString()!;
        Assert.Matches("^(PRODUCT_INVALID|VALIDATION_FAILED)$", code);
        answer.Refused(400, code, path);
    }

    [Fact]
    public async Task What_another_product_has_is_refused()
    {
        var (key, other) = (shop.Fresh(), shop.Fresh());
        var first = await shop.NewProduct(key);
        var slug = first.Value("slug");

        Task<Answer> Try(string k, string sku, string? s = null) =>
            shop.Staff.Post(
                Products,
                new
                {
                    key = k,
                    slug = s,
                    title = "Again",
                    variants = new[] { new { sku } },
                }
            );

        (await Try(key, shop.Fresh("SKU"))).Refused(409, "PRODUCT_KEY_TAKEN");
        (await Try(other, $"SKU-{key}")).Refused(409, "SKU_TAKEN");
        (await Try(other, shop.Fresh("SKU"), slug)).Refused(409, "SLUG_TAKEN");
        Assert.Equal(0, await shop.Query<long>("select count(*) from products where key = $1", other));
    }

    [Fact]
    public async Task What_does_not_exist_is_refused()
    {
        var body = new
        {
            key = shop.Fresh(),
            title = "T",
            categories = new[] { "no-such" },
            variants = new[] { new { sku = shop.Fresh("SKU") } },
        };

        (await shop.Staff.Post(Products, body)).Refused(422, "UNKNOWN_CATEGORY");
        (
            await shop.Staff.Post(
                Products,
                new
                {
                    body.key,
                    body.title,
                    type = "no-such",
                    body.variants,
                }
            )
        ).Refused(422, "UNKNOWN_PRODUCT_TYPE");
    }

    [Fact]
    public async Task A_stranger_and_a_reader_may_not()
    {
        var body = new { key = shop.Fresh(), title = "T" };

        (await shop.Stranger.Post(Products, body)).Refused(401, "UNAUTHENTICATED");
        (await new Caller(shop.Http) { Token = "forged" }.Post(Products, body)).Refused(401, "UNAUTHENTICATED");
        (await new Caller(shop.Http) { Token = Scopes.CatalogRead }.Post(Products, body)).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task One_idempotency_key_in_parallel_has_one_effect_and_one_answer()
    {
        var body = new
        {
            key = shop.Fresh(),
            title = "Once",
            variants = new[] { new { sku = shop.Fresh("SKU"), stock = 1 } },
        };
        var idempotency = shop.Fresh("once");
        var before = await shop.Journaled();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => shop.Staff.Post(Products, body, idempotency))
        );

        Assert.All(answers, answer => answer.Is(201));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(7, answers.Count(answer => answer.Raw.Headers.Contains("Idempotent-Replayed")));
        var otherwise = await shop.Staff.Post("/API/v1/Products/", body, idempotency);
        Assert.Equal(answers[0].Text, otherwise.Is(201).Text);
        Assert.Equal(2, await shop.Journaled() - before);
        (await shop.Staff.Post(Products, new { key = "other", title = "T" }, idempotency)).Is(400);
        (
            await shop.Staff.Post(
                Products,
                new
                {
                    body.key,
                    title = "Twice",
                    body.variants,
                },
                idempotency
            )
        ).Refused(422, "IDEMPOTENCY_KEY_REUSED");
    }

    [Fact]
    public async Task A_refusal_leaves_the_idempotency_key_free()
    {
        var (key, idempotency) = (shop.Fresh(), shop.Fresh("free"));
        var variants = new[] { new { sku = shop.Fresh("SKU") } };

        (
            await shop.Staff.Post(
                Products,
                new
                {
                    key,
                    title = "",
                    variants,
                },
                idempotency
            )
        ).Is(400);
        var answer = await shop.Staff.Post(
            Products,
            new
            {
                key,
                title = "T",
                variants,
            },
            idempotency
        );

        Assert.Equal(JsonValueKind.Object, answer.Is(201).Data.ValueKind);
    }
}
