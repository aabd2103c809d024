using System.Text.Json;

namespace Kontor.Catalog.Tests.Categories;

public sealed class TreeTests(Shop shop) : IClassFixture<Shop>
{
    const string Categories = "/api/v1/categories";

    [Fact]
    public async Task A_category_is_renamed_moved_and_put_at_the_top()
    {
        var (a, b) = (await New(null), await New(null));

        var moved = (
            await Change(
                b,
                "\"1\"",
                new
                {
                    title = "Other",
                    parent = a,
                    position = 3,
                }
            )
        ).Is(200);
        var top = (await Change(b, "\"2\"", """{ "parent": null }""")).Is(200);
        var shown = (await shop.Stranger.Get($"{Categories}/{b}")).Is(200);

        Assert.Equal(
            (a, "Other", "3", "2"),
            (moved.Value("parent"), moved.Value("title"), moved.Value("position"), moved.Value("version"))
        );
        Assert.False(top.Data.TryGetProperty("parent", out _));
        Assert.Equal("\"3\"", shown.Tag);
        Assert.Equal(
            2,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and type = 'category.changed.v1'",
                $"category-{b}"
            )
        );
    }

    [Fact]
    public async Task A_ring_is_refused_and_nothing_moves()
    {
        var a = await New(null);
        var b = await New(a);
        var c = await New(b);
        var events = await shop.Journaled();

        (await Change(a, "\"1\"", new { title = "Half", parent = c })).Refused(409, "CATEGORY_CIRCULAR", "parent");
        (await Change(a, "\"1\"", new { parent = a })).Refused(409, "CATEGORY_CIRCULAR", "parent");

        Assert.Equal(events, await shop.Journaled());
        Assert.Equal(("1", "Title"), await Standing(a));
    }

    [Fact]
    public async Task Moves_that_would_close_a_ring_together_do_not()
    {
        for (var round = 0; round < 10; round++)
        {
            var ring = new List<string>();
            for (var i = 0; i < 4; i++)
                ring.Add(await New(null));

            var moves = await Task.WhenAll(
                ring.Select((key, i) => Change(key, "\"1\"", new { parent = ring[(i + 1) % 4] }))
            );

            Assert.Equal(3, moves.Count(move => move.Status == 200));
            moves.Single(move => move.Status != 200).Refused(409, "CATEGORY_CIRCULAR");
        }
        Assert.Equal(
            0,
            await shop.Query<long>(
                """
                with recursive above as (
                    select id as start, id, parent, 1 as depth from categories
                    union all select a.start, c.id, c.parent, a.depth + 1 from categories c join above a on c.id = a.parent where a.depth < 50
                ) select count(*) from above where depth >= 50
                """
            )
        );
    }

    [Fact]
    public async Task The_tree_has_a_depth()
    {
        string? parent = null;
        var chain = new List<string>();
        for (var i = 0; i < 15; i++)
            chain.Add(parent = await New(parent));
        (await shop.Stranger.Get("/api/v1/category-tree")).Is(200);
        var loose = await New(await New(null));

        (
            await shop.Staff.Post(
                Categories,
                new
                {
                    key = shop.Fresh("deep"),
                    title = "T",
                    parent,
                }
            )
        ).Refused(409, "CATEGORY_TOO_DEEP", "parent");
        var top = (await shop.Stranger.Get($"{Categories}/{loose}")).Value("parent");
        (await Change(top, "\"1\"", new { parent = chain[13] })).Refused(409, "CATEGORY_TOO_DEEP", "parent");
        (await Change(top, "\"1\"", new { parent = chain[12] })).Is(200);
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        var a = await New(null);

        (await Change(a, "\"1\"", new { parent = "no-such" })).Refused(422, "UNKNOWN_CATEGORY", "parent");
        (await Change("no-such", "\"1\"", new { title = "T" })).Refused(404, "CATEGORY_NOT_FOUND");
        (await Change(a, "\"1\"", """{ "title": null }""")).Refused(400, "VALIDATION_FAILED", "title");
        (await Change(a, "\"1\"", new { position = -1 })).Refused(400, "VALIDATION_FAILED", "position");
        (await Change(a, null, new { title = "T" })).Refused(428, "PRECONDITION_REQUIRED");
        (await Change(a, "\"7\"", new { title = "T" })).Refused(412, "PRECONDITION_FAILED");
        (await Remove(a, null)).Refused(428, "PRECONDITION_REQUIRED");
        (await Remove(a, "\"7\"")).Refused(412, "PRECONDITION_FAILED");
        (await Remove("no-such", "\"1\"")).Refused(404, "CATEGORY_NOT_FOUND");
        (await shop.Stranger.Get("/api/v1/category-tree?root=no-such")).Refused(404, "CATEGORY_NOT_FOUND");
        (await shop.Stranger.Get("/api/v1/category-tree?depth=16")).Refused(400, "VALIDATION_FAILED");
        (await shop.Stranger.Get("/api/v1/category-tree?channel=a%20b")).Refused(400, "VALIDATION_FAILED", "channel");
    }

    [Fact]
    public async Task A_category_goes_when_nothing_stands_in_it()
    {
        var a = await New(null);
        var b = await New(a);
        var product = await Product(b, "published");

        (await Remove(a, "\"1\"")).Refused(409, "CATEGORY_IN_USE");
        (await Remove(b, "\"1\"")).Refused(409, "CATEGORY_IN_USE");
        (await shop.Staff.Patch($"/api/v1/products/{product}", """{ "categories": [] }""", "\"1\"")).Is(200);
        (await Remove(b, "\"1\"")).Is(200);
        (await Remove(a, "\"1\"")).Is(200);

        (await shop.Stranger.Get($"{Categories}/{a}")).Refused(404, "CATEGORY_NOT_FOUND");
    }

    [Fact]
    public async Task The_tree_is_one_statement_in_the_owners_order_and_counts_what_is_shown()
    {
        var root = await New(null);
        var (late, early) = (await New(root), await New(root));
        var below = await New(early);
        (await Change(late, "\"1\"", new { position = 2 })).Is(200);
        (await Change(early, "\"1\"", new { position = 1 })).Is(200);
        foreach (var state in (string[])["published", "published", "draft"])
            await Product(below, state);

        var tree = (await shop.Stranger.Get($"/api/v1/category-tree?root={root}")).Is(200);
        var flat = (await shop.Stranger.Get($"/api/v1/category-tree?root={root}&depth=2")).Is(200);
        var all = (await shop.Stranger.Get("/api/v1/category-tree")).Is(200);

        Assert.Equal($"{root}:0({early}:0({below}:2()){late}:0())", Said(tree.Data));
        Assert.Equal($"{root}:0({early}:0(){late}:0())", Said(flat.Data));
        Assert.Contains(Said(tree.Data), Said(all.Data), StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), (tree.Statements, flat.Statements, all.Statements));
    }

    static string Said(JsonElement nodes) =>
        string.Concat(
            nodes
                .EnumerateArray()
                .Select(node =>
                    $"{node.GetProperty("key")}:{node.GetProperty("products")}({Said(node.GetProperty("children"))})"
                )
        );

    async Task<string> New(string? parent)
    {
        var key = shop.Fresh("branch");
        (
            await shop.Staff.Post(
                Categories,
                new
                {
                    key,
                    title = "Title",
                    parent,
                }
            )
        ).Is(201);
        return key;
    }

    async Task<string> Product(string category, string state)
    {
        var key = shop.Fresh("leaf");
        return (
            await shop.Staff.Post(
                "/api/v1/products",
                new
                {
                    key,
                    title = "Leaf",
                    categories = new[] { category },
                    variants = new[] { new { sku = key } },
                    publication = new { state },
                }
            )
        ).Is(201).Value("id");
    }

    async Task<(string Version, string Title)> Standing(string category)
    {
        var shown = (await shop.Stranger.Get($"{Categories}/{category}")).Is(200);
        return (shown.Value("version"), shown.Value("title"));
    }

    Task<Answer> Change(string category, string? version, object change) =>
        shop.Staff.Patch($"{Categories}/{category}", change, version);

    Task<Answer> Remove(string category, string? version) =>
        shop.Staff.Send(HttpMethod.Delete, $"{Categories}/{category}", null, ("If-Match", version));
}
