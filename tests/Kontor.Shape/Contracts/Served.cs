using System.Text.Json.Nodes;
using Kontor.Kernel;
using Kontor.Platform.Graph;

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

    /// <summary>The GraphQL schema in its own language.</summary>
    public static string GraphQL(House house) => house.Services.PrintGraphSchema().TrimEnd() + "\n";
}
