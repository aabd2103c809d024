using System.Text.Json;
using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.Prices;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Graph;

/// <summary>Everything that REST reads of the catalogue, read by GraphQL.</summary>
public sealed class GraphOfAllTests(Shop shop) : IClassFixture<Shop>
{
    const string Everything = """
        query($first: Int!, $category: String!) {
          products(first: $first, category: $category, country: "SE", quantity: 5) {
            nodes {
              key variantCount variantsNext mediaCount media { key width height alt files { width url } version }
              productType { key attributes { key kind level } }
              inCategories { key title parentCategory { key title parentCategory { key } } }
              variants { sku availability prices { amount currency } compareAt { amount } stock(first: 3) { location onHand } }
              allVariants(first: 2) { nodes { sku availability prices { amount } stock(first: 3) { reserved } } pageInfo { endCursor } }
            }
            pageInfo { endCursor }
          }
        }
        """;

    static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["categories"] = "key title parent position version",
        ["channels"] = "key title currency locale version",
        ["customerGroups"] = "key title version",
        ["locations"] = "key title priority active version",
        ["media"] = "key width height alt version",
        ["priceLists"] = "key title priority channel customerGroup version",
        ["prices"] = "key sku country channel customerGroup priceList minQuantity version",
        ["productTypes"] = "key title version",
        ["stock"] = "sku location onHand reserved incoming safetyStock backorderLimit owed available",
    };

    public static TheoryData<string, string?> ListsAndCallers
    {
        get
        {
            var data = new TheoryData<string, string?>();
            foreach (var list in Paths.Keys)
            foreach (var token in new[] { null, Scopes.CatalogReserve, Scopes.CatalogWrite, Scopes.CatalogRead })
                data.Add(list, token);
            return data;
        }
    }

    [Fact, Trait("Kind", "slow")]
    public async Task A_page_of_all_there_is_of_products_takes_as_many_statements_at_1_10_and_100()
    {
        var category = await shop.Filled(100);

        var counts = new List<int>();
        foreach (var first in new[] { 1, 10, 100 })
        {
            var answer = await Ask(Everything, shop.Clerk, new { first, category });
            Assert.False(answer.Json.TryGetProperty("errors", out var wrong), wrong.ToString());
            var nodes = answer.Data.GetProperty("products").GetProperty("nodes").EnumerateArray().ToList();
            Assert.Equal(first, nodes.Count);
            Assert.All(nodes, Whole);
            Assert.Equal(1, answer.AtOnce);
            counts.Add(answer.Statements);
        }

        // Products, types, their categories, the parents of these, stock of both lists of variants, and all variants.
        Assert.Equal([7, 7, 7], counts);

        static void Whole(JsonElement node)
        {
            Assert.Equal("main", node.GetProperty("variants")[0].GetProperty("stock")[0].Text("location"));
            Assert.Equal("EUR", node.GetProperty("variants")[0].GetProperty("prices")[0].Text("currency"));
            Assert.Equal("IN_STOCK", node.GetProperty("variants")[1].Text("availability"));
            Assert.Equal("size", node.GetProperty("productType").GetProperty("attributes")[0].Text("key"));
            Assert.Equal(2, node.GetProperty("allVariants").GetProperty("nodes").GetArrayLength());
            Assert.Equal(320, node.GetProperty("media")[0].GetProperty("files")[0].GetProperty("width").GetInt32());
            Assert.NotEqual(
                JsonValueKind.Null,
                node.GetProperty("inCategories")[0].GetProperty("parentCategory").ValueKind
            );
        }
    }

    [Theory]
    [MemberData(nameof(ListsAndCallers))]
    public async Task A_list_is_told_to_whom_REST_tells_it_and_is_the_same(string list, string? token)
    {
        await shop.Filled(1);
        var caller = new Caller(shop.Http) { Token = token };
        var path = string.Concat(list.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));

        var rest = await caller.Get($"/api/v1/{path}?limit=2");
        var graph = await Ask(
            $"{{ {list}(first: 2) {{ nodes {{ {Paths[list]} }} pageInfo {{ endCursor }} }} }}",
            caller
        );

        if (rest.Status != 200)
        {
            Assert.Equal(rest.Json.GetProperty("code").GetString(), CodeOf(graph));
            Assert.Equal(JsonValueKind.Null, graph.Data.ValueKind);
            Assert.Equal(0, graph.Statements);
            return;
        }
        var page = graph.Data.GetProperty(list);
        Assert.NotEmpty(rest.Data.EnumerateArray());
        Assert.Equal(
            rest.Data.EnumerateArray().Select(item => Members(item, Paths[list])),
            page.GetProperty("nodes").EnumerateArray().Select(item => Members(item, Paths[list]))
        );
        Assert.Equal(rest.Next, page.GetProperty("pageInfo").GetProperty("endCursor").GetString());
        Assert.Equal(rest.Statements, graph.Statements);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Scopes.CatalogReserve)]
    [InlineData(Scopes.CatalogRead)]
    public async Task A_product_is_shown_to_whom_REST_shows_it_with_the_same_pictures_prices_and_variants(string? token)
    {
        var category = await shop.Filled(1);
        var slug = await shop.Query<string>(
            "select p.slug from products p join product_categories c on c.product = p.id join categories k on k.id = c.category where k.key = $1",
            category
        );
        await shop.Groups($"group-of-{slug}");
        var caller = new Caller(shop.Http) { Token = token };
        foreach (
            var (rest, graph) in new[]
            {
                ("quantity=5&country=SE", "quantity: 5, country: \"SE\""),
                ("currency=EUR", "currency: \"EUR\""),
                ("currency=NONE", "currency: \"NONE\""),
                ("view=staff", "view: \"staff\""),
                ($"customerGroup=group-of-{slug}", $"customerGroup: \"group-of-{slug}\""),
            }
        )
        {
            var shown = await caller.Get($"/api/v1/products/{slug}?{rest}");
            var asked = await Ask(
                $$"""{ product(slug: "{{slug}}", {{graph}}) { media { key width height alt files { width url } version } variants { sku prices { amount currency } } } }""",
                caller
            );
            if (shown.Status != 200)
            {
                Assert.Equal(shown.Json.GetProperty("code").GetString(), CodeOf(asked));
                continue;
            }
            var product = asked.Data.GetProperty("product");
            Assert.Equal(shown.Data.GetProperty("media").ToString(), product.GetProperty("media").ToString());
            Assert.Equal(
                shown.Data.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("prices").ToString()),
                product.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("prices").ToString())
            );
        }
    }

    [Theory]
    [InlineData(null, "UNAUTHENTICATED")]
    [InlineData(Scopes.CatalogWrite, "FORBIDDEN")]
    public async Task Stock_of_variants_is_not_told_to_others_and_the_refusals_are_few(string? token, string code)
    {
        var category = await shop.Filled(30);

        var answer = await Ask(
            "query($category: String!) { products(first: 100, category: $category) { nodes { variants { sku stock { onHand } } } } }",
            new Caller(shop.Http) { Token = token },
            new { category }
        );

        Assert.Equal(code, CodeOf(answer));
        Assert.Equal(50, answer.Json.GetProperty("errors").GetArrayLength());
        Assert.Equal(1, answer.Statements);
        Assert.All(
            answer.Data.GetProperty("products").GetProperty("nodes").EnumerateArray(),
            node => Assert.Equal(JsonValueKind.Null, node.GetProperty("variants")[0].GetProperty("stock").ValueKind)
        );
    }

    [Fact]
    public async Task The_tree_and_the_availability_are_those_of_REST()
    {
        var category = await shop.Filled(1);
        var sku = await shop.Query<string>("select sku from variants order by id desc limit 1");

        var tree = await Ask($$"""{ categoryTree(root: "{{category}}") { key title products children { key } } }""");
        var had = await Ask($$"""{ a: availability(sku: "{{sku}}") b: availability(sku: "no-such") }""");
        var none = await Ask("""{ categoryTree(root: "no-such") { key } }""");

        var rest = (await shop.Stranger.Get($"/api/v1/category-tree?root={category}")).Is(200);
        Assert.Equal(rest.Data.ToString(), tree.Data.GetProperty("categoryTree").ToString());
        Assert.Equal(("IN_STOCK", JsonValueKind.Null), (had.Data.Text("a"), had.Data.GetProperty("b").ValueKind));
        Assert.Equal((1, "CATEGORY_NOT_FOUND"), (had.Statements, CodeOf(none)));
    }

    [Theory]
    [InlineData("{ categories(first: 0) { nodes { key } } }", "VALIDATION_FAILED")]
    [InlineData("{ categories(first: 101) { nodes { key } } }", "VALIDATION_FAILED")]
    [InlineData("{ productTypes(after: \"x\") { nodes { key } } }", "INVALID_CURSOR")]
    [InlineData("{ categoryTree(depth: 16) { key } }", "VALIDATION_FAILED")]
    [InlineData(
        "{ products(first: 100) { nodes { allVariants(first: 100) { nodes { sku } } } } }",
        "QUERY_TOO_COMPLEX"
    )]
    [InlineData(
        "{ products(first: 100) { nodes { variants { stock { sku location onHand } } } } }",
        "QUERY_TOO_COMPLEX"
    )]
    [InlineData(
        "{ products(first: 100) { nodes { media { files { url } } variants { attributes { key value } prices { amount currency } compareAt { amount currency } stock(first: 5) { sku onHand reserved location } } } } }",
        "QUERY_TOO_COMPLEX"
    )]
    public async Task What_cannot_be_answered_is_refused(string query, string code)
    {
        var answer = await Ask(query);

        Assert.Equal((code, 0), (CodeOf(answer), answer.Statements));
    }

    static string Members(JsonElement item, string members) =>
        string.Join(
            ',',
            members
                .Split(' ')
                .Select(name =>
                    item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                        ? $"{name}={value}"
                        : $"{name}="
                )
        );

    Task<Answer> Ask(string query, Caller? caller = null, object? variables = null) =>
        (caller ?? shop.Stranger).Post("/graphql", new { query, variables });

    static string CodeOf(Answer answer) =>
        answer.Json.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()!;
}
