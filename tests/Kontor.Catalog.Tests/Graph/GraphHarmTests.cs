using System.Text.Json;

namespace Kontor.Catalog.Tests.Graph;

/// <summary>What a document could do to the door, and must not.</summary>
public sealed class GraphHarmTests(Shop shop) : IClassFixture<Shop>
{
    /// <summary>Documents within the limits of size whose validation would be the work.</summary>
    public static TheoryData<string, string> Costly =>
        new()
        {
            { "{ product(slug: \"x\") { " + Times(1_001, _ => "id ") + "} }", "QUERY_TOO_COMPLEX" },
            { "{ ...F0 } " + Doubling(9), "QUERY_TOO_COMPLEX" },
            { "{ " + Times(65, i => $"product(id: \"{i}\") {{ key }} ") + "}", "QUERY_TOO_COMPLEX" },
            { "{ " + Times(20, i => $"a{i}: search(query: \"x\") {{ total }} ") + "}", "QUERY_TOO_COMPLEX" },
            {
                "{ ...P } fragment P on Query { products { ...N } } fragment N on ProductPage { nodes { ...Q } } fragment Q on Product {"
                    + "related(kind: ACCESSORY, first: 20) { related(kind: ACCESSORY, first: 20) { related(kind: ACCESSORY, first: 20) { id } } } }",
                "QUERY_TOO_COMPLEX"
            },
            {
                "{ "
                    + Times(
                        30,
                        i => $"a{i}: __schema {{ types {{ fields {{ type {{ fields {{ name description }} }} }} }} }} "
                    )
                    + "}",
                "QUERY_TOO_COMPLEX"
            },
            {
                "{ "
                    + Times(201, i => $"...F{i} ")
                    + "} "
                    + Times(201, i => $"fragment F{i} on Query {{ __typename }} "),
                "QUERY_TOO_COMPLEX"
            },
            { "{ __typename } " + Doubling(9), "QUERY_TOO_COMPLEX" },
            { "{ __typename } " + Doubling(300), "QUERY_TOO_DEEP" },
            { "{ __typename } " + Mesh(60), "QUERY_TOO_DEEP" },
            {
                Times(100, i => $"query Q{i} {{ ...F }} ")
                    + $"fragment F on Query {{ {Times(20, _ => "__typename ")}}}",
                "QUERY_TOO_COMPLEX"
            },
        };

    [Theory]
    [MemberData(nameof(Costly), DisableDiscoveryEnumeration = true)]
    public async Task Fragments_and_fields_are_counted_before_they_are_compared(string query, string code)
    {
        var answer = await Ask(query);

        Assert.Equal((400, code), (answer.Status, CodeOf(answer)));
    }

    [Fact]
    public async Task Doubling_fragments_within_the_limit_run()
    {
        var answer = await Ask("{ ...F0 } " + Doubling(6));

        Assert.Equal("Query", answer.Is(200).Data.GetProperty("__typename").GetString());
    }

    [Fact]
    public async Task A_document_that_is_wrong_in_many_places_gets_a_short_answer()
    {
        var answer = (await Ask("{ product(" + Times(1_000, i => $"x{i}: 1 ") + ") { id } }")).Is(400);

        Assert.Equal(50, answer.Json.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task Brackets_are_taken_to_the_depth_that_is_told()
    {
        string Nested(int depth) => Times(depth, _ => "{ ... ") + "{ __typename }" + new string('}', depth);

        (await Ask(Nested(63))).Is(200);
        Assert.Equal("DOCUMENT_TOO_LARGE", CodeOf((await Ask(Nested(64))).Is(400)));
    }

    [Fact]
    public async Task Introspection_as_newer_clients_ask_for_it_runs()
    {
        const string Query =
            "{ __schema { description directives { name isRepeatable args(includeDeprecated: true) { name isDeprecated } } "
            + "types { specifiedByURL inputFields(includeDeprecated: true) { name } fields(includeDeprecated: true) "
            + "{ args(includeDeprecated: true) { name type { name } defaultValue isDeprecated deprecationReason } } } } }";

        Assert.False((await Ask(Query)).Is(200).Json.TryGetProperty("errors", out var _));
    }

    [Fact]
    public async Task Ten_fields_ask_the_database_one_after_the_other()
    {
        var ten = await Ask("{ " + Times(10, i => $"p{i}: product(slug: \"none-{i}\") {{ id }} ") + "}");
        var hundred = await Ask(
            "{ products(first: 100) { nodes { id categories variants { sku prices { amount } } } } }"
        );

        // A slug that no product has is looked for among the old ones.
        Assert.Equal((20, 1), (ten.Is(200).Statements, ten.AtOnce));
        Assert.Equal(1, hundred.Is(200).Statements);
    }

    [Theory]
    [InlineData("product(slug: $v) { id }", "String")]
    [InlineData("product(id: $v) { id }", "ID")]
    [InlineData("products(category: $v) { nodes { id } }", "String")]
    [InlineData("products(after: $v) { nodes { id } }", "String")]
    public async Task Text_that_PostgreSQL_does_not_take_breaks_nothing(string field, string type)
    {
        foreach (var text in new[] { "\\u0000", "a\\u0000b", "\\ud800", "\\udc00a", "\\uFFFF" })
        {
            var literal = await Ask("{ " + field.Replace("$v", $"\"{text}\"") + " }");
            var body = $$$"""{"query":"query($v: {{{type}}}) { {{{field}}} }","variables":{"v":"{{{text}}}"}}""";
            var variable = await shop.Stranger.Send(HttpMethod.Post, "/graphql", Caller.Content(body));

            Assert.All([literal, variable], answer => Assert.DoesNotContain("INTERNAL_ERROR", answer.Text));
            Assert.Equal(0, literal.Statements + variable.Statements);
        }
    }

    [Fact]
    public async Task Where_the_database_is_away_the_field_says_so()
    {
        await using var away = await Shop.Away();

        var answer = await new Caller(away.Http).Post("/graphql", new { query = "{ products { nodes { id } } }" });

        Assert.Equal("DATABASE_UNAVAILABLE", CodeOf(answer.Is(200)));
        Assert.Equal(JsonValueKind.Null, answer.Data.ValueKind);
        Assert.DoesNotContain("127.0.0.1", answer.Text);
    }

    static string Doubling(int levels) =>
        Times(levels, i => $"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }} ")
        + $"fragment F{levels} on Query {{ __typename }}";

    static string Mesh(int size) =>
        Times(size, i => $"fragment F{i} on Query {{ {Times(size, j => i == j ? "" : $"...F{j} ")}__typename }} ");

    static string Times(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));

    Task<Answer> Ask(string query) =>
        shop.Stranger.Send(
            HttpMethod.Post,
            "/graphql",
            Caller.Content(new { query }),
            ("Accept", "application/graphql-response+json")
        );

    static string CodeOf(Answer answer) =>
        answer.Json.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()!;
}
