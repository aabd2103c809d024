using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Microsoft.Extensions.DependencyInjection;

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
    public void The_GraphQL_schema_is_the_served_one()
    {
        var schema = house.Services.GetService<ISchema>();
        Assert.SkipWhen(schema is null, "The program serves no GraphQL yet.");

        Contract.Hold("schema.graphql", schema.Print().ReplaceLineEndings("\n").TrimEnd() + "\n");
    }

    [Fact]
    public void Every_event_has_its_schema()
    {
        var wanted = EventSchemas.Events.Select(FileOf).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in Contract.Standing("events").Where(file => !wanted.Contains(file)))
            if (Contract.IsWriting)
                Contract.Delete($"events/{gone}");

        Assert.All(EventSchemas.Events, type => Contract.Hold($"events/{FileOf(type)}", EventSchemas.Of(type)));
        Assert.Equal(wanted.Order(StringComparer.Ordinal), Contract.Standing("events"));
    }

    static string FileOf(Type type) => $"{EventNameAttribute.Of(type)}.json";
}
