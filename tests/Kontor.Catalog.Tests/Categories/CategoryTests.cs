using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Categories;

public sealed class CategoryTests(Shop shop) : IClassFixture<Shop>
{
    const string Categories = "/api/v1/categories";

    [Fact]
    public async Task A_category_is_created_under_its_parent_and_shown()
    {
        var (top, below) = (shop.Fresh("top"), shop.Fresh("below"));
        (await shop.Staff.Post(Categories, new { key = top, title = "Top" })).Is(201);
        var before = await shop.Journaled("category.created.v1");

        var made = await shop.Staff.Post(
            Categories,
            new
            {
                key = below,
                title = "Below",
                parent = top,
            }
        );
        var shown = await shop.Stranger.Get($"{Categories}/{below}");

        Assert.Equal($"{Categories}/{below}", made.Is(201).Raw.Headers.Location?.ToString());
        Assert.Equal(top, shown.Is(200).Value("parent"));
        Assert.Equal(1, await shop.Journaled("category.created.v1") - before);
        Assert.Equal((5, 1), (made.Statements, shown.Statements));
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        var key = shop.Fresh("twice");
        (await shop.Staff.Post(Categories, new { key, title = "Once" })).Is(201);

        (await shop.Staff.Post(Categories, new { key, title = "Twice" })).Refused(409, "CATEGORY_KEY_TAKEN");
        (await shop.Staff.Post(Categories, new { key = "a b", title = "T" })).Refused(400, "VALIDATION_FAILED", "key");
        (await shop.Staff.Post(Categories, new { key = "k", title = "" })).Refused(400, "VALIDATION_FAILED", "title");
        (
            await shop.Staff.Post(
                Categories,
                new
                {
                    key = shop.Fresh("k"),
                    title = "T",
                    parent = "no-such",
                }
            )
        ).Refused(422, "UNKNOWN_CATEGORY");
        (await shop.Stranger.Get($"{Categories}/no-such")).Refused(404, "CATEGORY_NOT_FOUND");
        (await shop.Stranger.Get($"{Categories}?after=x")).Refused(400, "INVALID_CURSOR");
        (await shop.Stranger.Post(Categories, new { key, title = "T" })).Refused(401, "UNAUTHENTICATED");
        (await new Caller(shop.Http) { Token = Scopes.CatalogRead }.Post(Categories, new { key, title = "T" })).Refused(
            403,
            "FORBIDDEN"
        );
    }

    [Fact]
    public async Task A_repeat_under_one_key_makes_one_category()
    {
        var (key, idempotency) = (shop.Fresh("once"), shop.Fresh("category"));

        var first = await shop.Staff.Post(Categories, new { key, title = "Once" }, idempotency);
        var again = await shop.Staff.Post(Categories, new { key, title = "Once" }, idempotency);

        Assert.Equal(first.Is(201).Text, again.Is(201).Text);
    }

    [Fact]
    public async Task Categories_are_listed_by_key_in_pages()
    {
        var keys = new List<string>();
        for (var i = 0; i < 5; i++)
            keys.Add((await shop.Staff.Post(Categories, new { key = shop.Fresh("zz"), title = "Z" })).Value("key"));

        var (met, after) = (new List<string>(), "");
        do
        {
            var page = (await shop.Stranger.Get($"{Categories}?limit=2{after}")).Is(200);
            met.AddRange(page.Data.EnumerateArray().Select(category => category.GetProperty("key").GetString()!));
            after = page.Next is { } next ? $"&after={next}" : null;
            Assert.Equal(1, page.Statements);
        } while (after is not null);

        Assert.Equal(keys.Order(StringComparer.Ordinal), met.Where(keys.Contains));
        Assert.Equal(met.Distinct(StringComparer.Ordinal), met);
    }
}
