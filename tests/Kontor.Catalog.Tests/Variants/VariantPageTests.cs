using System.Text.Json;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Variants;

/// <summary>A product of many variants shows some of them, and all of them page by page.</summary>
public sealed class VariantPageTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_product_shows_the_first_hundred_and_says_where_the_rest_is()
    {
        var (path, skus) = await Made(250);

        var product = (await shop.Stranger.Get(path)).Is(200);
        var rest = await Pages($"{path}/variants?limit=60&after={product.Value("variantsNext")}");

        Assert.Equal(250, product.Data.GetProperty("variantCount").GetInt32());
        Assert.Equal(skus[..100], Skus(product.Data.GetProperty("variants")));
        Assert.Equal(skus[100..], rest.Skus);
    }

    [Fact]
    public async Task All_are_met_once_with_one_statement_a_page_as_the_product_shows_them()
    {
        var (path, skus) = await Made(101);

        var all = await Pages($"{path}/variants?limit=10");
        var first = (await shop.Stranger.Get($"{path}/variants")).Is(200);
        var product = (await shop.Stranger.Get(path)).Is(200);

        Assert.Equal(skus, all.Skus);
        Assert.Equal((1, 1), (all.MostStatements, first.Statements));
        Assert.Equal(product.Data.GetProperty("variants").GetRawText(), first.Data.GetRawText());
    }

    [Fact]
    public async Task A_list_and_a_search_show_the_first_twenty_of_each()
    {
        var (path, skus) = await Made(21);
        var category = await In(path);

        var listed = (await shop.Stranger.Get($"/api/v1/products?category={category}")).Is(200).Data[0];
        var search = (await shop.Stranger.Get("/api/v1/search?q=many&limit=100")).Is(200);
        var found = search
            .Data.EnumerateArray()
            .Single(one => path.EndsWith($"/{one.GetProperty("slug")}", StringComparison.Ordinal));
        var whole = (await shop.Stranger.Get(path)).Is(200).Data;

        Assert.All([listed, found], shown => Assert.Equal(skus[..20], Skus(shown.GetProperty("variants"))));
        Assert.All([listed, found], shown => Assert.Equal(21, shown.GetProperty("variantCount").GetInt32()));
        var next = listed.GetProperty("variantsNext").GetString();
        Assert.Equal(skus[20..], (await Pages($"{path}/variants?after={next}")).Skus);
        Assert.False(whole.TryGetProperty("variantsNext", out _));
    }

    [Fact]
    public async Task Whoever_writes_it_is_answered_as_whoever_reads_it()
    {
        var key = shop.Fresh("written");
        var made = (await shop.Staff.Post("/api/v1/products", Body(key, Of(key, 130)))).Is(201);
        var read = (await shop.Stranger.Get($"/api/v1/products/{key}")).Is(200);

        Assert.Equal((made.Tag, made.Value("variants")), (read.Tag, read.Value("variants")));
        Assert.Equal(made.Value("variantsNext"), read.Value("variantsNext"));
    }

    [Fact]
    public async Task A_list_that_was_read_from_the_product_does_not_remove_what_it_never_showed()
    {
        var (path, skus) = await Made(103);
        var read = (await shop.Stranger.Get(path)).Is(200);
        var shown = Skus(read.Data.GetProperty("variants")).Select(sku => new { sku }).ToList();

        var sent = await shop.Staff.Patch(path, new { variants = shown }, read.Tag);
        sent.Refused(409, "VARIANTS_LEFT_OUT");
        Assert.Equal(skus, (await Pages($"{path}/variants")).Skus);

        var fewer = skus.Skip(1).Select(sku => new { sku });
        var one = (await shop.Staff.Patch(path, new { variants = fewer }, read.Tag)).Is(200);
        var meant = new { variants = shown.Skip(1), removesVariants = true };
        (await shop.Staff.Patch(path, meant, one.Tag)).Is(200);
        Assert.Equal(skus[1..100], (await Pages($"{path}/variants")).Skus);
    }

    [Fact]
    public async Task What_is_not_shown_has_no_variants_but_for_staff()
    {
        var key = shop.Fresh("draft");
        var draft = new
        {
            key,
            title = key,
            slug = key,
            publication = new { state = "draft" },
            variants = Of(key, 2),
        };
        var id = (await shop.Staff.Post("/api/v1/products", draft)).Is(201).Value("id");
        var clerk = new Caller(shop.Http) { Token = Scopes.CatalogRead };

        foreach (var name in new[] { id, key, "no-such" })
            (await shop.Stranger.Get($"/api/v1/products/{name}/variants")).Refused(404, "PRODUCT_NOT_FOUND");
        (await shop.Stranger.Get($"/api/v1/products/{key}/variants?view=staff")).Refused(401, "UNAUTHENTICATED");
        foreach (var name in new[] { id, key })
            Assert.Equal(
                2,
                (await clerk.Get($"/api/v1/products/{name}/variants?view=staff")).Is(200).Data.GetArrayLength()
            );
    }

    [Theory]
    [InlineData("limit=0", "VALIDATION_FAILED")]
    [InlineData("limit=501", "VALIDATION_FAILED")]
    [InlineData("after=x", "INVALID_CURSOR")]
    [InlineData("after=WyJhIl0", "INVALID_CURSOR")]
    [InlineData("after=WyIxIiwieCJd", "INVALID_CURSOR")]
    [InlineData("currency=EURO", "VALIDATION_FAILED")]
    public async Task What_cannot_be_answered_is_refused(string query, string code)
    {
        var (path, _) = await Made(1);

        (await shop.Stranger.Get($"{path}/variants?{query}")).Refused(400, code);
    }

    async Task<(string Path, string[] Skus)> Made(int variants)
    {
        var key = shop.Fresh("many");
        (await shop.Staff.Post("/api/v1/products", Body(key, Of(key, variants)))).Is(201);
        return ($"/api/v1/products/{key}", [.. Enumerable.Range(0, variants).Select(i => $"{key}-{i}")]);
    }

    static object Body(string key, object variants) =>
        new
        {
            key,
            title = key,
            slug = key,
            variants,
        };

    static IEnumerable<object> Of(string key, int variants) =>
        Enumerable
            .Range(0, variants)
            .Select(i => new { sku = $"{key}-{i}", prices = new[] { new { amount = i, currency = "EUR" } } });

    async Task<string> In(string path)
    {
        var category = shop.Fresh("varied");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Varied" })).Is(201);
        (await shop.Staff.Patch(path, new { categories = new[] { category } }, "*")).Is(200);
        return category;
    }

    async Task<(List<string> Skus, int MostStatements)> Pages(string path)
    {
        var (skus, most) = (new List<string>(), 0);
        for (string? next = path; next is not null; )
        {
            var page = (await shop.Stranger.Get(next)).Is(200);
            skus.AddRange(Skus(page.Data));
            most = Math.Max(most, page.Statements);
            var others = path.Split('?')[^1]
                .Split('&')
                .Where(part => part.StartsWith("limit", StringComparison.Ordinal));
            next = page.Next is { } after
                ? $"{path.Split('?')[0]}?{string.Join('&', [.. others, $"after={after}"])}"
                : null;
        }
        return (skus, most);
    }

    static IEnumerable<string> Skus(JsonElement variants) =>
        variants.EnumerateArray().Select(variant => variant.GetProperty("sku").GetString()!);
}
