using System.Text.Json.Nodes;

namespace Kontor.Shape.Compatibility;

public sealed class EventComparisonTests
{
    const string Released = """
        {
          "type": "object",
          "properties": {
            "order": { "type": "string", "format": "uuid" },
            "note": { "type": "string" },
            "total": { "type": "object", "properties": { "amount": { "type": "integer" } }, "required": ["amount"] },
            "skus": { "type": "array", "items": { "type": "string" } }
          },
          "required": ["order", "total", "skus"]
        }
        """;

    [Theory]
    [InlineData("\"note\": { \"type\": \"string\" },", "", "note: is gone")]
    [InlineData("\"format\": \"uuid\"", "\"format\": \"date\"", "order: the format was uuid and is date")]
    [InlineData("\"type\": \"integer\"", "\"type\": \"string\"", "total.amount: the type was integer and is string")]
    [InlineData("\"type\": \"integer\"", "\"type\": \"number\"", "total.amount: the type was integer and is number")]
    [InlineData(
        "\"items\": { \"type\": \"string\" }",
        "\"items\": { \"type\": \"object\" }",
        "skus[]: the type was string and is object"
    )]
    [InlineData("[\"order\", \"total\", \"skus\"]", "[\"order\", \"total\"]", "skus: may be missing now")]
    [InlineData(
        "\"note\": { \"type\": \"string\" }",
        "\"note\": { \"type\": [\"null\", \"string\"] }",
        "note: the type was string"
    )]
    public void A_break_is_found(string before, string now, string said)
    {
        Assert.Contains(before, Released, StringComparison.Ordinal);

        Assert.Contains(
            Breaks(Released.Replace(before, now, StringComparison.Ordinal)),
            found => found.Contains(said, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void An_event_that_is_gone_is_found() =>
        Assert.Equal(["x.json: is gone."], EventComparison.Breaks("x.json", JsonNode.Parse(Released)!, null));

    [Theory]
    [InlineData("[\"order\",", "[\"note\", \"order\",")]
    [InlineData("\"note\": {", "\"gift\": { \"type\": \"boolean\" }, \"note\": {")]
    [InlineData("x", "x")]
    public void What_breaks_no_reader_passes(string before, string now) =>
        Assert.Equal([], Breaks(Released.Replace(before, now, StringComparison.Ordinal)));

    static IEnumerable<string> Breaks(string current) =>
        EventComparison.Breaks("x.json", JsonNode.Parse(Released)!, JsonNode.Parse(current));
}
