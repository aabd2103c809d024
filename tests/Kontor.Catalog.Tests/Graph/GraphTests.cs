using System.Text;
using System.Text.Json;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Tests.Graph;

public sealed class GraphTests(Shop shop) : IClassFixture<Shop>
{
    const string Graph = "application/graphql-response+json";
    const string Json = "application/json";
    static readonly string[] Both = [Graph, Json];

    [Fact]
    public async Task A_product_is_found_by_slug_and_by_id_as_REST_shows_it()
    {
        var key = shop.Fresh("graph");
        var made = await shop.NewProduct(key, stock: 1);
        const string Fields =
            "{ id key type title slug description categories version variants { sku availability prices { amount currency } } }";

        var bySlug = await Ask($$"""{ product(slug: "{{made.Value("slug")}}") {{Fields}} }""");
        var byId = await Ask(
            "query Find($id: ID) { product(id: $id) " + Fields + " }",
            variables: new { id = made.Value("id") }
        );

        var product = bySlug.Is(200).Data.GetProperty("product");
        Assert.Equal(product.ToString(), byId.Is(200).Data.GetProperty("product").ToString());
        Assert.Equal(key, product.GetProperty("key").GetString());
        Assert.Equal("IN_STOCK", product.GetProperty("variants")[0].GetProperty("availability").GetString());
        Assert.Equal(1, bySlug.Statements);
    }

    [Fact]
    public async Task Pages_of_products_take_one_statement_whatever_is_asked_of_them()
    {
        var category = shop.Fresh("graphed");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Graphed" })).Is(201);
        for (var i = 0; i < 5; i++)
        {
            var key = shop.Fresh("g");
            var body = new
            {
                key,
                title = key,
                categories = new[] { category },
                variants = new[]
                {
                    new { sku = $"{key}-a", prices = new[] { new { amount = 5_000_000_000, currency = "EUR" } } },
                },
            };
            (await shop.Staff.Post("/api/v1/products", body)).Is(201);
        }
        const string Query =
            "query($after: String, $category: String) { products(first: 2, after: $after, category: $category) "
            + "{ nodes { key variants { prices { amount } } } pageInfo { hasNextPage endCursor } } }";

        var (met, after) = (new List<string>(), (string?)null);
        do
        {
            var answer = (await Ask(Query, variables: new { after, category })).Is(200);
            var page = answer.Data.GetProperty("products");
            met.AddRange(page.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("key").GetString()!));
            Assert.Equal(1, answer.Statements);
            Assert.Equal(
                5_000_000_000,
                page.GetProperty("nodes")[0]
                    .GetProperty("variants")[0]
                    .GetProperty("prices")[0]
                    .GetProperty("amount")
                    .GetInt64()
            );
            after = page.GetProperty("pageInfo").GetProperty("endCursor").GetString();
            Assert.Equal(after is not null, page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean());
        } while (after is not null);

        Assert.Equal((5, 5), (met.Count, met.Distinct().Count()));
    }

    [Theory]
    [InlineData("{ products(first: 0) { nodes { id } } }", "VALIDATION_FAILED")]
    [InlineData("{ products(first: 101) { nodes { id } } }", "VALIDATION_FAILED")]
    [InlineData("{ products(after: \"x\") { nodes { id } } }", "INVALID_CURSOR")]
    [InlineData("{ product { id } }", "VALIDATION_FAILED")]
    [InlineData("{ product(id: \"a\", slug: \"a\") { id } }", "VALIDATION_FAILED")]
    public async Task A_refused_field_has_its_code(string query, string code)
    {
        var answer = await Ask(query, accept: Graph);

        Assert.Equal(200, answer.Status);
        Assert.Equal(code, CodeOf(answer));
    }

    [Theory]
    [InlineData("{ product(slug: \"no-such\") { id } }")]
    [InlineData("{ product(slug: \"A\\u0000\") { id } }")]
    [InlineData("{ product(id: \"no uuid\") { id } }")]
    public async Task What_is_not_there_is_null(string query) =>
        Assert.Equal(JsonValueKind.Null, (await Ask(query)).Is(200).Data.GetProperty("product").ValueKind);

    [Fact]
    public async Task The_media_type_is_the_one_that_is_wanted()
    {
        async Task<string?> TypeFor(string? accept) =>
            (await Ask("{ __typename }", accept: accept)).Is(200).Raw.Content.Headers.ContentType?.ToString();

        Assert.Equal($"{Graph}; charset=utf-8", await TypeFor(Graph));
        Assert.Equal($"{Json}; charset=utf-8", await TypeFor(Json));
        Assert.Equal($"{Json}; charset=utf-8", await TypeFor("*/*"));
        Assert.Equal($"{Json}; charset=utf-8", await TypeFor(null));
        Assert.Equal($"{Graph}; charset=utf-8", await TypeFor($"{Json};q=0.5, {Graph}"));
        Assert.Equal("NOT_ACCEPTABLE", CodeOf((await Ask("{ __typename }", accept: "text/html")).Is(406)));
    }

    [Theory]
    [InlineData("{", "SYNTAX_ERROR")]
    [InlineData("{ nothing }", null)]
    [InlineData("query A { __typename } query B { __typename }", null)]
    [InlineData("query($a: Int!) { products(first: $a) { nodes { id } } }", null)]
    public async Task A_document_that_does_not_run_is_a_400_for_who_knows_the_new_type(string query, string? code)
    {
        var (modern, old) = (await Ask(query, accept: Graph), await Ask(query, accept: Json));

        Assert.Equal((400, 200), (modern.Status, old.Status));
        Assert.False(modern.Json.TryGetProperty("data", out _));
        Assert.Matches("^[A-Z_]+$", CodeOf(modern));
        Assert.Equal(code ?? CodeOf(modern), CodeOf(old));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"query":1}""")]
    [InlineData("""{"query":null}""")]
    [InlineData("""{"query":"{__typename}","variables":[]}""")]
    [InlineData("""{"query":"{__typename}","variables":"x"}""")]
    [InlineData("""{"query":"{__typename}","operationName":1}""")]
    [InlineData("""{"query":"{__typename}","extensions":1}""")]
    [InlineData("""{"query":"{__typename}","colour":1}""")]
    [InlineData("""{"query":"\ud800"}""")]
    [InlineData("""[{"query":"{__typename}"}]""")]
    public async Task A_request_that_is_none_is_a_400_in_both_types(string body)
    {
        foreach (var accept in Both)
        {
            using var content = Caller.Content(body);
            var answer = await shop.Stranger.Send(HttpMethod.Post, "/graphql", content, ("Accept", accept));

            Assert.Matches("^[A-Z_]+$", CodeOf(answer.Is(400)));
        }
    }

    [Fact]
    public async Task Deep_and_large_bodies_are_refused()
    {
        using var deep = Caller.Content("{\"query\":\"{__typename}\",\"variables\":" + new string('[', 100_000));
        using var large = Caller.Content("{\"query\":\"" + new string(' ', 300_000) + "\"}");

        (await shop.Stranger.Send(HttpMethod.Post, "/graphql", deep)).Is(400);
        (await shop.Stranger.Send(HttpMethod.Post, "/graphql", large)).Is(413);
    }

    [Fact]
    public async Task Only_JSON_is_taken_with_POST()
    {
        using var plain = new StringContent("""{"query":"{__typename}"}""", Encoding.UTF8, "text/plain");
        using var latin = new StringContent("""{"query":"{__typename}"}""", Encoding.Latin1, Json);

        (await shop.Stranger.Send(HttpMethod.Post, "/graphql", plain)).Is(415);
        (await shop.Stranger.Send(HttpMethod.Post, "/graphql", latin)).Is(415);
    }

    [Fact]
    public async Task GET_takes_queries_only()
    {
        var query = await shop.Stranger.Get("/graphql?query=%7B__typename%7D", accept: Graph);
        var named = await shop.Stranger.Get(
            "/graphql?query=query%20Q(%24s%3AString)%7Bproduct(slug%3A%24s)%7Bid%7D%7D&operationName=Q&variables=%7B%22s%22%3A%22x%22%7D"
        );
        var mutation = await shop.Stranger.Get("/graphql?query=mutation%7B__typename%7D", accept: Graph);

        Assert.Equal("Query", query.Is(200).Data.GetProperty("__typename").GetString());
        Assert.Equal(JsonValueKind.Null, named.Is(200).Data.GetProperty("product").ValueKind);
        Assert.Equal(["POST"], mutation.Is(405).Raw.Content.Headers.Allow);
        (await shop.Stranger.Get("/graphql")).Is(400);
        (await shop.Stranger.Get("/graphql?query=%7B__typename%7D&variables=%5B%5D")).Is(400);
        (await shop.Stranger.Get("/graphql?query=%7B__typename%7D&variables=%7B")).Is(400);
        var put = (await shop.Stranger.Send(HttpMethod.Put, "/graphql", null)).Is(405);
        Assert.Equal(["GET", "POST"], put.Raw.Content.Headers.Allow.Order());
    }

    public static TheoryData<string, string> TooMuch =>
        new()
        {
            { "{ " + new string(' ', 33_000) + "__typename }", "DOCUMENT_TOO_LARGE" },
            { "{ " + string.Concat(Enumerable.Repeat("a ", 4_001)) + "}", "DOCUMENT_TOO_LARGE" },
            { new string('{', 10_000), "DOCUMENT_TOO_LARGE" },
            { "{ products(after: " + new string('[', 65) + ") { nodes { id } } }", "DOCUMENT_TOO_LARGE" },
            { string.Concat(Enumerable.Repeat("{ a ", 13)) + new string('}', 13), "QUERY_TOO_DEEP" },
            {
                "{ " + string.Concat(Enumerable.Range(0, 31).Select(i => $"a{i}: __typename ")) + "}",
                "TOO_MANY_ALIASES"
            },
            {
                "{ "
                    + string.Concat(
                        Enumerable
                            .Range(0, 30)
                            .Select(i => $"a{i}: products(first: 100) {{ nodes {{ id key title }} }} ")
                    )
                    + "}",
                "QUERY_TOO_COMPLEX"
            },
            { "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "QUERY_TOO_DEEP" },
            {
                "{ ...F0 } "
                    + string.Concat(
                        Enumerable.Range(0, 30).Select(i => $"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }} ")
                    )
                    + "fragment F30 on Query { __typename }",
                "QUERY_TOO_COMPLEX"
            },
            { "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "QUERY_TOO_DEEP" },
        };

    [Theory]
    [MemberData(nameof(TooMuch), DisableDiscoveryEnumeration = true)]
    public async Task Too_much_is_refused_before_it_runs(string query, string code)
    {
        var answer = await Ask(query, accept: Graph);

        Assert.Equal((400, code), (answer.Status, CodeOf(answer)));
        Assert.Equal(0, answer.Statements);
    }

    [Fact]
    public async Task The_usual_introspection_runs()
    {
        const string Introspection = """
            query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
              types { ...FullType } directives { name description locations args { ...InputValue } } } }
            fragment FullType on __Type { kind name description
              fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
              inputFields { ...InputValue } interfaces { ...TypeRef }
              enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
            fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
            fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
              ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }
            """;

        var answer = (await Ask(Introspection, accept: Graph)).Is(200);

        Assert.False(answer.Json.TryGetProperty("errors", out _));
        // It is counted, and stays well below what is allowed while the schema grows.
        var cost = answer.Json.GetProperty("extensions").GetProperty("cost");
        Assert.InRange(cost.GetProperty("values").GetInt32(), 5_000, cost.GetProperty("valuesAllowed").GetInt32() / 2);
    }

    [Fact]
    public void The_schema_is_printed_the_same_each_time()
    {
        var printed = shop.Services.PrintGraphSchema();

        Assert.Equal(printed, shop.Services.PrintGraphSchema());
        Assert.Matches(@"\n  product\([^)]*\bid: ID\b[^)]*\bslug: String\b[^)]*\): Product\b", printed);
        Assert.Contains("type ProductConnection {", printed);
    }

    [Fact]
    public async Task What_breaks_inside_stays_inside()
    {
        await using var broken = await Shop.Broken();

        var answer = await new Caller(broken.Http).Post("/graphql", new { query = "{ products { nodes { id } } }" });

        Assert.Equal("INTERNAL_ERROR", CodeOf(answer.Is(200)));
        Assert.DoesNotContain("Npgsql", answer.Text);
        Assert.DoesNotContain("products_gone", answer.Text);
    }

    Task<Answer> Ask(string query, string? accept = Json, object? variables = null) =>
        shop.Stranger.Send(HttpMethod.Post, "/graphql", Caller.Content(new { query, variables }), ("Accept", accept));

    static string CodeOf(Answer answer) =>
        answer.Json.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()!;
}
