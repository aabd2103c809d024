using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Products;

public sealed class ChangeProductTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_merge_patch_changes_what_it_names_and_counts_one_version()
    {
        var product = await New();
        var before = await shop.Journaled("product.updated.v1");

        var answer = await shop.Staff.Patch(
            $"/api/v1/products/{product.Value("slug")}",
            new { title = "New title", description = "Now with words." },
            product.Tag
        );

        Assert.Equal("New title", answer.Is(200).Value("title"));
        Assert.Equal("Now with words.", answer.Value("description"));
        Assert.Equal(product.Value("slug"), answer.Value("slug"));
        Assert.Equal("2", answer.Value("version"));
        Assert.Equal(1, await shop.Journaled("product.updated.v1") - before);
        Assert.Equal(7, answer.Statements);
    }

    [Fact]
    public async Task Null_clears_only_the_description()
    {
        var product = await New();
        var first = await Patch(product, """{"description":"x"}""");

        var cleared = await Patch(first, """{"description":null}""");

        Assert.False(cleared.Is(200).Data.TryGetProperty("description", out _));
        foreach (var member in new[] { "title", "slug", "categories", "variants" })
            (await Patch(cleared, $$"""{"{{member}}":null}""")).Refused(400, "PRODUCT_INVALID");
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_keeps_the_version_and_journals_nothing()
    {
        var product = await New();
        var before = await shop.Journaled();

        var answer = await Patch(product, new { title = product.Value("title"), categories = Array.Empty<string>() });

        Assert.Equal(product.Tag, answer.Is(200).Tag);
        Assert.Equal(product.Value("updatedAt"), answer.Value("updatedAt"));
        Assert.Equal(before, await shop.Journaled());
    }

    [Fact]
    public async Task Only_the_version_that_was_read_may_be_changed()
    {
        var product = await New();
        await Patch(product, new { title = "Meanwhile" });
        var path = $"/api/v1/products/{product.Value("id")}";

        (await shop.Staff.Patch(path, new { title = "Late" }, null)).Refused(428, "PRECONDITION_REQUIRED");
        (await Patch(product, new { title = "Late" })).Refused(412, "PRECONDITION_FAILED");
        (await shop.Staff.Patch(path, new { title = "Late" }, "\"nonsense\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Staff.Patch(path, new { title = "Whatever stands" }, "*")).Is(200);
    }

    [Fact]
    public async Task Of_two_writers_with_one_version_one_wins()
    {
        var product = await New();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => Patch(product, new { title = $"Writer {i}" }))
        );

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(5, answers.Count(answer => answer.Status == 412));
    }

    [Fact]
    public async Task Variants_come_stay_and_go()
    {
        var product = await New();
        var standing = product.Data.GetProperty("variants")[0].GetProperty("sku").GetString();
        var fresh = shop.Fresh("SKU");

        var grown = await Patch(
            product,
            new
            {
                variants = new object[]
                {
                    new { sku = fresh, stock = 1 },
                    new { sku = standing, prices = new[] { new { amount = 5, currency = "EUR" } } },
                },
            }
        );
        var shrunk = await Patch(grown, new { variants = new[] { new { sku = fresh } } });

        var skus = grown.Is(200).Data.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("sku"));
        Assert.Equal([fresh, standing], skus.Select(sku => sku.GetString()));
        var left = Assert.Single(shrunk.Is(200).Data.GetProperty("variants").EnumerateArray());
        Assert.Equal("inStock", left.GetProperty("availability").GetString());
    }

    [Fact]
    public async Task What_stands_elsewhere_is_refused()
    {
        var (product, other) = (await New(), await New());
        var taken = other.Data.GetProperty("variants")[0].GetProperty("sku").GetString();

        (await Patch(product, new { slug = other.Value("slug") })).Refused(409, "SLUG_TAKEN");
        (await Patch(product, new { variants = new[] { new { sku = taken } } })).Refused(409, "SKU_TAKEN");
        (await Patch(product, new { categories = new[] { "no-such" } })).Refused(422, "UNKNOWN_CATEGORY");
        (await Patch(product, new { title = "" })).Refused(400, "PRODUCT_INVALID", "title");
        (await Patch(product, """{"variants":[null]}""")).Refused(400, "PRODUCT_INVALID", "variants[0]");
        (await Patch(product, """{"prices":[]}""")).Refused(400, "MALFORMED_BODY");
        (await shop.Staff.Patch("/api/v1/products/no-such", new { title = "T" }, "*")).Refused(
            404,
            "PRODUCT_NOT_FOUND"
        );
    }

    [Fact]
    public async Task A_stranger_and_a_reader_may_not()
    {
        var path = "/api/v1/products/any";

        (await shop.Stranger.Patch(path, new { title = "T" }, "*")).Refused(401, "UNAUTHENTICATED");
        (await new Caller(shop.Http) { Token = Scopes.OrderingWrite }.Patch(path, new { title = "T" }, "*")).Refused(
            403,
            "FORBIDDEN"
        );
    }

    [Fact]
    public async Task A_repeat_under_one_key_is_answered_alike_though_the_version_moved()
    {
        var product = await New();
        var (path, key) = ($"/api/v1/products/{product.Value("id")}", shop.Fresh("patch"));

        var first = await shop.Staff.Patch(path, new { title = "Patched" }, product.Tag, key);
        var again = await shop.Staff.Patch(path, new { title = "Patched" }, product.Tag, key);

        Assert.Equal(first.Is(200).Text, again.Is(200).Text);
    }

    Task<Answer> New() => shop.NewProduct(shop.Fresh());

    Task<Answer> Patch(Answer product, object body) =>
        shop.Staff.Patch($"/api/v1/products/{product.Value("id")}", body, product.Tag);
}
