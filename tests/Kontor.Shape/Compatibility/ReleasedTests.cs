using System.Text.Json.Nodes;
using Kontor.Shape.Contracts;

namespace Kontor.Shape.Compatibility;

/// <summary>Nobody who relies on what was released is broken by what is served today.</summary>
public sealed class ReleasedTests(House house)
{
    const string NoBaseline = "There is no baseline; contracts/README.md says how to write it.";

    [Fact]
    public void The_OpenAPI_document_breaks_no_client()
    {
        Release("openapi.json", Contract.Pretty(house.Document));
        var released = Contract.ReadJson("released/openapi.json");

        Assert.True(released is not null, NoBaseline);
        Assert.Equal([], OpenApiComparison.Breaks(released, house.Document));
    }

    [Fact]
    public void The_events_break_no_reader()
    {
        foreach (var (file, schema) in Served.Events)
            Release($"events/{file}", Contract.Pretty(schema));
        var released = Contract.Standing("released/events");

        Assert.NotEmpty(released);
        Assert.Equal(
            [],
            released.SelectMany(file =>
                EventComparison.Breaks(
                    file,
                    Contract.ReadJson($"released/events/{file}")!,
                    Served.Events.GetValueOrDefault(file)
                )
            )
        );
    }

    [Fact]
    public void The_GraphQL_schema_breaks_no_query()
    {
        var today = Served.GraphQL(house);
        Release("schema.graphql", today);
        var released = Contract.Read("released/schema.graphql");

        Assert.True(released is not null, NoBaseline);
        Assert.Equal([], GraphQLComparison.Breaks(released, today));
    }

    /// <summary>Moves the baseline, where a release asks for it.</summary>
    static void Release(string path, string text)
    {
        if (Contract.IsReleasing)
            Contract.Write($"released/{path}", text);
    }
}

/// <summary>Says what a reader of the released events would miss today.</summary>
static class EventComparison
{
    public static IEnumerable<string> Breaks(string name, JsonNode released, JsonNode? current) =>
        current is null
            ? [$"{name}: is gone."]
            : new SchemaComparison(released, current).Breaks(released, current, name, Direction.Answer);
}
