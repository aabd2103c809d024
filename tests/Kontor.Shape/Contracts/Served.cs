using System.Text.Json.Nodes;
using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Shape.Contracts;

/// <summary>What the program promises, asked of the running program.</summary>
static class Served
{
    public static IReadOnlyDictionary<string, JsonObject> Events { get; } =
        EventSchemas.Events.ToDictionary(
            type => $"{EventNameAttribute.Of(type)}.json",
            EventSchemas.Of,
            StringComparer.Ordinal
        );

    /// <summary>The GraphQL schema in its own language; the test is skipped while the program serves none.</summary>
    public static string GraphQL(House house)
    {
        var schema = house.Services.GetService<ISchema>();
        Assert.SkipWhen(schema is null, "The program serves no GraphQL yet.");
        return schema.Print().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
