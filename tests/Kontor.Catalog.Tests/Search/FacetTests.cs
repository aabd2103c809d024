using System.Text.Json;
using Kontor.Catalog.Tests.Prices;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.Search;

/// <summary>What is told beside the products, at both doors.</summary>
public sealed class FacetTests(Shop shop) : IClassFixture<Shop>
{
    const string Attributes = """
        {"key":"glaze","title":"Glaze","kind":"enum","values":["matt","gloss"],"index":["facet"]},
        {"key":"heft","title":"Heft","kind":"measure","unit":"kg","index":["filter","facet","sort"]},
        {"key":"fired","kind":"date","index":["filter","sort"]},
        {"key":"deposit","kind":"money","index":["filter","facet"]},
        {"key":"motif","kind":"localisedText","index":["search","facet"]}
        """;

    static readonly string[] Hefts = ["0.5", "1", "2.5"];

    [Fact]
    public async Task A_facet_ignores_its_own_selection_and_has_its_title()
    {
        var type = await Filled();

        var facets = await Facets($"type={type}&filter=glaze:matt&facet=glaze&facet=type");

        Assert.Equal("Glaze", facets[0].GetProperty("title").GetString());
        Assert.Equal([("gloss", 1), ("matt", 2)], Values(facets[0]).Order());
        Assert.Equal([(type, 2)], Values(facets[1]));
        Assert.Equal("A type", facets[1].GetProperty("values")[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task Numbers_are_counted_in_ranges_and_intervals_and_filtered_by_them()
    {
        var type = await Filled();

        var facets = await Facets($"type={type}&facet=heft:0..1,1..2,2..&facet=deposit.EUR:histogram:500");

        Assert.Equal(
            [1, 1, 1],
            facets[0].GetProperty("ranges").EnumerateArray().Select(r => r.GetProperty("products").GetInt32())
        );
        Assert.Equal(
            (0, 1000),
            (facets[1].GetProperty("least").GetDouble(), facets[1].GetProperty("greatest").GetDouble())
        );
        Assert.Equal(1, await Total($"type={type}&filter=heft:1..2.5"));
        Assert.Equal(2, await Total($"type={type}&filter=heft:1..=2.5"));
        Assert.Equal(2, await Total($"type={type}&filter=-heft:2.5"));
        Assert.Equal(2, await Total($"type={type}&filter=fired:2026-01-02.."));
        Assert.Equal(1, await Total($"type={type}&filter=deposit.EUR:500"));
        Assert.Equal(1, await Total($"type={type}&currency=EUR&filter=deposit:500"));
        (await shop.Stranger.Get($"/api/v1/search?type={type}&filter=deposit:500")).Refused(400, "VALIDATION_FAILED");
    }

    [Fact]
    public async Task Attributes_sort_and_are_found_by_their_words_in_their_language()
    {
        var type = await Filled();
        async Task<IEnumerable<string>> Titles(string query) =>
            (await shop.Stranger.Get($"/api/v1/search?type={type}&{query}"))
                .Is(200)
                .Data.EnumerateArray()
                .Select(product => product.GetProperty("title").GetString()!);

        Assert.Equal(["Jug 0", "Jug 1", "Jug 2"], await Titles("sort=heft"));
        Assert.Equal(["Jug 2", "Jug 1", "Jug 0"], await Titles("sort=-fired"));
        Assert.Equal(["Jug 1"], await Titles("q=swans1"));
        Assert.Equal(["Jug 1"], await Titles("q=schwaene1&locale=de"));
        Assert.Equal(["Jug 1"], await Titles("filter=motif:swans1"));
    }

    [Fact]
    public async Task A_category_has_what_stands_below_it_in_its_order_then_the_newest_first()
    {
        var (top, below) = (shop.Fresh("top"), shop.Fresh("below"));
        (await shop.Staff.Post("/api/v1/categories", new { key = top, title = "Top" })).Is(201);
        (
            await shop.Staff.Post(
                "/api/v1/categories",
                $$$$"""{"key":"{{{{below}}}}","title":"Below","parent":"{{{{top}}}}","translations":{"de":{"title":"Unten"}}}"""
            )
        ).Is(201);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var key = shop.Fresh("stood");
            var body = new
            {
                key,
                title = key,
                categories = new[] { i < 4 ? top : below },
                variants = new[] { new { sku = key } },
            };
            ids.Add((await shop.Staff.Post("/api/v1/products", body)).Is(201).Value("id"));
        }
        (
            await shop.Put($"/api/v1/categories/{top}/products/order", new { products = new[] { ids[2], ids[0] } }, "*")
        ).Is(200);

        var met = new List<string>();
        for (string? after = ""; after is not null; )
        {
            var page = (await shop.Stranger.Get($"/api/v1/search?category={top}&limit=2{after}")).Is(200);
            met.AddRange(page.Data.EnumerateArray().Select(product => product.GetProperty("id").GetString()!));
            Assert.Equal(1, page.Statements);
            after = page.Next is { } next ? $"&after={next}" : null;
        }
        var facets = await Facets($"category={top}&facet=category&locale=de");

        Assert.Equal([ids[2], ids[0], ids[4], ids[3], ids[1]], met);
        Assert.Equal([(top, 5), (below, 1)], Values(facets[0]));
        Assert.Equal("Unten", facets[0].GetProperty("values")[1].GetProperty("title").GetString());
        (await shop.Stranger.Get($"/api/v1/search?category={top}&after={met[0]}")).Refused(400, "INVALID_CURSOR");
        // Places are of a page without words: whoever stands first there may not have them.
        (await shop.Stranger.Get($"/api/v1/search?category={top}&q=a&sort=position")).Refused(
            400,
            "VALIDATION_FAILED",
            "sort"
        );
    }

    [Fact]
    public async Task What_was_found_is_marked_in_the_texts_that_are_shown()
    {
        var key = shop.Fresh("marked");
        var body = new
        {
            key,
            title = $"A teapot {key}x",
            description = "Teapots of clay",
            variants = new[] { new { sku = key } },
        };
        var id = (await shop.Staff.Post("/api/v1/products", body)).Is(201).Value("id");

        var meta = (await shop.Stranger.Get($"/api/v1/search?q=teapots+{key}x")).Is(200).Json.GetProperty("meta");

        var marks = meta.GetProperty("highlights").GetProperty(id);
        Assert.Equal((2, 6), Mark(marks.GetProperty("title")[0]));
        Assert.Equal((0, 7), Mark(marks.GetProperty("description")[0]));
        static (int, int) Mark(JsonElement mark) =>
            (mark.GetProperty("start").GetInt32(), mark.GetProperty("length").GetInt32());
    }

    [Fact]
    public async Task Words_are_completed()
    {
        var word = shop.Fresh("zuckerdose").Replace("-", "", StringComparison.Ordinal);
        await shop.NewProduct(shop.Fresh(), title: $"Silver {word}");

        var answer = (await shop.Stranger.Get($"/api/v1/suggest?q=silver+{word[..10]}")).Is(200);

        Assert.Contains(answer.Data.EnumerateArray(), one => one.GetProperty("text").GetString() == $"silver {word}");
        Assert.Equal(0, answer.Statements);
        (await shop.Stranger.Get("/api/v1/suggest")).Refused(400, "VALIDATION_FAILED");
        (await shop.Stranger.Get("/api/v1/suggest?q=")).Refused(400, "VALIDATION_FAILED");
        (await shop.Stranger.Get("/api/v1/suggest?q=a&limit=21")).Refused(400, "VALIDATION_FAILED");
    }

    [Fact]
    public async Task GraphQL_finds_the_same_with_a_constant_handful_of_statements()
    {
        var type = await Filled();
        async Task<(JsonElement Search, int Statements)> Ask(int first)
        {
            var query = $$"""
                { search(type: "{{type}}", first: {{first}}, sort: "-heft", currency: "EUR",
                    filters: [{field: "heft", ranges: [{from: 0, to: 3}]}, {field: "glaze", values: ["matt", "gloss"]}],
                    facets: [{field: "glaze"}, {field: "heft", interval: 1}, {field: "price", ranges: [{from: 0, to: 100}]}])
                  { total stale currency nodes { available product { title variants { sku prices { amount } } } }
                    facets { field title values { value products } ranges { from products } } pageInfo { hasNextPage endCursor } } }
                """;
            var answer = (await shop.Stranger.Post("/graphql", new { query })).Is(200);
            Assert.False(answer.Json.TryGetProperty("errors", out _), answer.Text);
            return (answer.Data.GetProperty("search"), answer.Statements);
        }

        _ = await Total($"type={type}");
        var (one, few) = await Ask(1);
        var (all, more) = await Ask(3);

        Assert.Equal(3, all.GetProperty("total").GetInt32());
        Assert.Equal(
            ["Jug 2", "Jug 1", "Jug 0"],
            all.GetProperty("nodes")
                .EnumerateArray()
                .Select(hit => hit.GetProperty("product").GetProperty("title").GetString()!)
        );
        Assert.True(one.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean());
        Assert.Equal((1, 1), (few, more));
        Assert.Equal(
            ["Glaze", "Heft"],
            all.GetProperty("facets").EnumerateArray().Take(2).Select(f => f.GetProperty("title").GetString()!)
        );
        var wrong = await shop.Stranger.Post("/graphql", new { query = "{ search(sort: \"nonsense\") { total } }" });
        Assert.Equal(
            "VALIDATION_FAILED",
            wrong.Json.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()
        );
        var suggested = await shop.Stranger.Post(
            "/graphql",
            new { query = "{ suggest(query: \"ju\") { text products } }" }
        );
        Assert.NotEqual(0, suggested.Is(200).Data.GetProperty("suggest").GetArrayLength());
    }

    async Task<string> Filled()
    {
        var type = await shop.NewType(Attributes);
        for (var i = 0; i < 3; i++)
        {
            var key = shop.Fresh("jug");
            (
                await shop.Staff.Post(
                    "/api/v1/products",
                    $$$$"""
                    {"key":"{{{{key}}}}","title":"Jug {{{{i}}}}","type":"{{{{type}}}}",
                     "variants":[{"sku":"{{{{key}}}}","prices":[{"amount":50,"currency":"EUR"}]}],
                     "attributes":{"glaze":"{{{{(i == 1 ? "gloss" : "matt")}}}}","heft":{"value":{{{{Hefts[
                        i
                    ]}}}},"unit":"kg"},
                       "fired":"2026-01-0{{{{i + 1}}}}","deposit":{"amount":{{{{i * 500}}}},"currency":"EUR"},
                       "motif":{"en":"swans{{{{i}}}}","de":"schwaene{{{{i}}}}"}}}
                    """
                )
            ).Is(201);
        }
        return type;
    }

    async Task<List<JsonElement>> Facets(string query) =>
        [
            .. (await shop.Stranger.Get($"/api/v1/search?{query}"))
                .Is(200)
                .Json.GetProperty("meta")
                .GetProperty("facets")
                .EnumerateArray(),
        ];

    static List<(string, int)> Values(JsonElement facet) =>
        [
            .. facet
                .GetProperty("values")
                .EnumerateArray()
                .Select(value => (value.GetProperty("value").GetString()!, value.GetProperty("products").GetInt32())),
        ];

    async Task<int> Total(string query) =>
        (await shop.Stranger.Get($"/api/v1/search?{query}"))
            .Is(200)
            .Json.GetProperty("meta")
            .GetProperty("total")
            .GetInt32();
}
