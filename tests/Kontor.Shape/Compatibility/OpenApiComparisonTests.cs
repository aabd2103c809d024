using System.Text.Json.Nodes;

namespace Kontor.Shape.Compatibility;

/// <summary>Each rule finds what it is for, in a document broken on purpose, and lets pass what breaks nobody.</summary>
public sealed class OpenApiComparisonTests
{
    const string Released = """
        {
          "paths": {
            "/carts": {
              "post": {
                "operationId": "createCart",
                "parameters": [
                  { "name": "limit", "in": "query", "schema": { "type": "integer", "maximum": 100 } },
                  { "name": "kind", "in": "query", "schema": { "type": "string", "enum": ["a", "b"] } }
                ],
                "requestBody": {
                  "required": true,
                  "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Wanted" } } }
                },
                "responses": {
                  "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Cart" } } } },
                  "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Cart" } } } },
                  "404": { "description": "No." }
                },
                "security": [{ "cartToken": [] }, { "oauth2": ["ordering:write"] }]
              },
              "get": { "operationId": "listCarts", "responses": { "200": { "description": "OK" } } }
            }
          },
          "components": {
            "schemas": {
              "Wanted": {
                "type": "object",
                "required": ["currency"],
                "properties": {
                  "currency": { "type": "string", "maxLength": 3 },
                  "note": { "type": ["null", "string"] },
                  "lines": { "type": "array", "items": { "$ref": "#/components/schemas/Line" } }
                },
                "additionalProperties": false
              },
              "Line": { "type": "object", "properties": { "quantity": { "type": "integer", "minimum": 1 } } },
              "Cart": {
                "type": "object",
                "required": ["id", "lines"],
                "properties": {
                  "id": { "type": "string", "format": "uuid" },
                  "note": { "type": "string" },
                  "lines": { "type": "array", "items": { "$ref": "#/components/schemas/Line" } }
                }
              }
            }
          }
        }
        """;

    [Fact]
    public void The_same_document_breaks_nobody() => Assert.Equal([], Breaks(_ => { }));

    public static TheoryData<string, string, string?, string> Broken =>
        new()
        {
            // where (steps parted by '|'), what stands there now (null: nothing), what is said
            { "paths", "/carts", null, "POST /carts: is gone." },
            { "paths|/carts", "get", null, "GET /carts: is gone." },
            { "paths|/carts|post", "operationId", "\"openCart\"", "was named createCart and is named openCart" },
            { "paths|/carts|post", "parameters", "[]", "the parameter query limit is gone" },
            { "paths|/carts|post|parameters|0", "required", "true", "the parameter query limit is required now" },
            { "paths|/carts|post|parameters|0|schema", "type", "\"string\"", "the type was integer and is string" },
            { "paths|/carts|post|parameters|0|schema", "maximum", "50", "maximum was 100 and is 50" },
            { "paths|/carts|post|parameters|1|schema", "enum", "[\"a\"]", "no longer takes b" },
            { "paths|/carts|post", "requestBody", null, "no longer takes application/json" },
            { "paths|/carts|post|responses", "201", null, "no longer answers 201" },
            { "paths|/carts|post|responses|200", "content", "{}", "200: no longer answers application/json" },
            {
                "paths|/carts|post",
                "security",
                "[{\"oauth2\":[\"ordering:write\"]}]",
                "no longer opens to {\"cartToken\":[]}"
            },
            { "paths|/carts|get", "security", "[{\"oauth2\":[\"ordering:read\"]}]", "was open to all and is not" },
            { "components|schemas|Wanted", "required", "[\"currency\",\"note\"]", "body.note: is required now" },
            { "components|schemas|Wanted|properties", "note", null, "body.note: is gone" },
            {
                "components|schemas|Wanted|properties|note",
                "type",
                "\"string\"",
                "body.note: the type was null or string and is string"
            },
            { "components|schemas|Wanted|properties|currency", "maxLength", "2", "maxLength was 3 and is 2" },
            { "components|schemas|Wanted|properties|currency", "minLength", "2", "minLength was  and is 2" },
            { "components|schemas|Wanted|properties|currency", "pattern", "\"^[A-Z]+$\"", "the pattern was" },
            { "components|schemas|Wanted|properties|currency", "enum", "[\"EUR\"]", "takes only some values now" },
            { "components|schemas|Line", "additionalProperties", "false", "refuses unknown members now" },
            {
                "components|schemas|Line|properties|quantity",
                "minimum",
                "2",
                "body.lines[].quantity: minimum was 1 and is 2"
            },
            { "components|schemas|Cart|properties", "note", null, "200.note: is gone" },
            {
                "components|schemas|Cart|properties|id",
                "type",
                "\"integer\"",
                "200.id: the type was string and is integer"
            },
            {
                "components|schemas|Cart|properties|id",
                "format",
                "\"date\"",
                "200.id: the format was uuid and is date"
            },
            {
                "components|schemas|Cart|properties|note",
                "type",
                "[\"null\",\"string\"]",
                "200.note: the type was string and is null or string"
            },
            { "components|schemas|Cart", "required", "[\"id\"]", "200.lines: may be missing now" },
            {
                "components|schemas|Cart|properties|lines",
                "items",
                "{\"type\":\"string\"}",
                "200.lines[]: the type was object and is string"
            },
            {
                "components|schemas|Cart|properties",
                "id",
                "{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"integer\"},{\"type\":\"null\"}]}",
                "200.id: had 0 and has 3 parts in oneOf"
            },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_break_is_found(string where, string name, string? now, string said) =>
        Assert.Contains(
            Breaks(document => Set(document, where, name, now)),
            found => found.Contains(said, StringComparison.Ordinal)
        );

    [Fact]
    public void A_new_required_parameter_is_found() =>
        Assert.Contains(
            "POST /carts: the parameter header Idempotency-Key is required now.",
            Breaks(document =>
                document["paths"]!["/carts"]!["post"]!["parameters"]!
                    .AsArray()
                    .Add(
                        JsonNode.Parse(
                            """{ "name": "Idempotency-Key", "in": "header", "required": true, "schema": {} }"""
                        )
                    )
            )
        );

    [Fact]
    public void A_body_where_none_was_needed_is_found() =>
        Assert.Contains(
            "GET /carts: a body is required now.",
            Breaks(document =>
                Set(document, "paths|/carts|get", "requestBody", """{ "required": true, "content": {} }""")
            )
        );

    [Theory]
    [InlineData("paths", "/orders", """{ "get": { "operationId": "listOrders", "responses": {} } }""")]
    [InlineData("paths|/carts|post|responses", "404", null)]
    [InlineData("paths|/carts|post|responses", "202", """{ "description": "Later" }""")]
    [InlineData("paths|/carts|post", "security", null)]
    [InlineData("paths|/carts|post|parameters|1|schema", "enum", "[\"a\",\"b\",\"c\"]")]
    [InlineData("paths|/carts|post|parameters|0|schema", "maximum", "200")]
    [InlineData("paths|/carts|post|parameters|0|schema", "type", "\"number\"")]
    [InlineData("components|schemas|Wanted|properties", "gift", """{ "type": "boolean" }""")]
    [InlineData("components|schemas|Wanted", "required", "[]")]
    [InlineData("components|schemas|Cart|properties", "gift", """{ "type": "boolean" }""")]
    [InlineData("components|schemas|Cart", "required", "[\"id\",\"lines\",\"note\"]")]
    public void What_breaks_nobody_passes(string where, string name, string? now) =>
        Assert.Equal([], Breaks(document => Set(document, where, name, now)));

    [Fact]
    public void A_choice_of_null_is_the_type_with_null() =>
        Assert.Equal(
            [],
            Breaks(document =>
                Set(
                    document,
                    "components|schemas|Wanted|properties",
                    "note",
                    """{ "oneOf": [{ "type": "null" }, { "type": "string" }] }"""
                )
            )
        );

    static IReadOnlyList<string> Breaks(Action<JsonNode> change)
    {
        var (released, current) = (JsonNode.Parse(Released)!, JsonNode.Parse(Released)!);
        change(current);
        return [.. OpenApiComparison.Breaks(released, current)];
    }

    static void Set(JsonNode document, string where, string name, string? now)
    {
        var at = where
            .Split('|')
            .Aggregate(document, (node, step) => node is JsonArray items ? items[int.Parse(step)]! : node[step]!);
        if (now is null)
            Assert.True(at.AsObject().Remove(name));
        else
            at[name] = JsonNode.Parse(now);
    }
}
