namespace Kontor.Shape.Contracts;

/// <summary>contracts/ says what the program does.</summary>
public sealed class ContractTests(House house)
{
    [Fact]
    public void The_OpenAPI_document_is_the_served_one() => Contract.Hold("openapi.json", house.Document);

    [Fact]
    public void The_doors_and_their_rules_are_the_mapped_ones() =>
        Contract.Hold("endpoints.md", Tables.OfDoors(house.Doors));

    [Fact]
    public void The_refusals_are_the_written_ones() => Contract.Hold("rejections.md", Tables.OfRejections());

    [Fact]
    public void The_GraphQL_schema_is_the_served_one() => Contract.Hold("schema.graphql", Served.GraphQL(house));

    [Fact]
    public void Every_event_has_its_schema()
    {
        foreach (var gone in Contract.Standing("events").Except(Served.Events.Keys, StringComparer.Ordinal))
            if (Contract.IsWriting)
                Contract.Delete($"events/{gone}");

        Assert.All(Served.Events, made => Contract.Hold($"events/{made.Key}", made.Value));
        Assert.Equal(Served.Events.Keys.Order(StringComparer.Ordinal), Contract.Standing("events"));
    }
}
