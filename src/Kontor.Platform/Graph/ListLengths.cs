using System.Collections.Frozen;
using GraphQL.Types;

namespace Kontor.Platform.Graph;

/// <summary>How long the lists of the schema are taken for, by the names of their fields.</summary>
/// <remarks>A document is measured before anybody knows which type a field is of: of two lists with one name the longer
/// counts. <c>nodes</c> are counted by the page that they are in.</remarks>
static class ListLengths
{
    const int Usual = 10;

    public static FrozenDictionary<string, int> Of(ISchema schema)
    {
        schema.Initialize();
        return schema
            .AllTypes.OfType<IObjectGraphType>()
            .Where(type => !type.Name.StartsWith("__", StringComparison.Ordinal))
            .SelectMany(type => type.Fields)
            .Where(field => field.Name != "nodes" && IsList(field.ResolvedType))
            .GroupBy(field => field.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(
                field => field.Key,
                field => field.Max(one => one.GetMetadata(GraphFieldWords.Length, Usual)),
                StringComparer.Ordinal
            );
    }

    static bool IsList(IGraphType? type) =>
        type is ListGraphType || (type is NonNullGraphType { ResolvedType: var inner } && IsList(inner));
}
