using System.Collections.Frozen;
using GraphQL;
using GraphQL.Types;

namespace Kontor.Platform.Graph;

/// <summary>What the fields of the schema cost, by their names.</summary>
/// <param name="Lengths">How long lists are taken for.</param>
/// <param name="Pages">Fields that are pages in whatever type, and have a usual length where nobody says which.</param>
/// <param name="Own">What a field costs by itself, where that is more than 1.</param>
sealed record FieldCosts(
    IReadOnlyDictionary<string, int> Lengths,
    IReadOnlySet<string> Pages,
    IReadOnlyDictionary<string, int> Own
)
{
    public static FieldCosts Of(ISchema schema)
    {
        var lengths = ListLengths.Of(schema);
        var fields = schema.AllTypes.OfType<IObjectGraphType>().SelectMany(type => type.Fields).ToList();
        return new(
            lengths,
            fields
                .Where(field => field.ResolvedType?.GetNamedType() is IObjectGraphType)
                .GroupBy(field => field.Name, StringComparer.Ordinal)
                .Where(named => named.All(field => IsPage(field.ResolvedType)))
                .Select(named => named.Key)
                .ToFrozenSet(StringComparer.Ordinal),
            fields
                .GroupBy(field => field.Name, StringComparer.Ordinal)
                .Select(named => (named.Key, Cost: named.Max(field => field.GetMetadata(GraphFieldWords.Cost, 1))))
                .Where(named => named.Cost > 1)
                .ToFrozenDictionary(named => named.Key, named => named.Cost, StringComparer.Ordinal)
        );
    }

    static bool IsPage(IGraphType? type) =>
        type switch
        {
            NonNullGraphType { ResolvedType: var inner } => IsPage(inner),
            IObjectGraphType page => page.Fields.Find("nodes") is not null,
            _ => false,
        };
}

/// <summary>How long the lists of the schema are taken for, by the names of their fields.</summary>
/// <remarks>A document is measured before anybody knows which type a field is of: of two lists with one name the longer
/// counts. <c>nodes</c> are counted by the page that they are in.</remarks>
static class ListLengths
{
    const int Usual = 10;

    public static FrozenDictionary<string, int> Of(ISchema schema)
    {
        schema.Initialize();
        var lengths = schema
            .AllTypes.OfType<IObjectGraphType>()
            .Where(type => !type.Name.StartsWith("__", StringComparison.Ordinal))
            .SelectMany(type => type.Fields)
            .Where(field => field.Name != "nodes" && IsList(field.ResolvedType))
            .GroupBy(field => field.Name, StringComparer.Ordinal)
            .ToDictionary(
                field => field.Key,
                field => field.Max(one => one.GetMetadata(GraphFieldWords.Length, Usual)),
                StringComparer.Ordinal
            );
        foreach (var (name, length) in OfSchema(schema.AllTypes))
            lengths[name] = Math.Max(length, lengths.GetValueOrDefault(name));
        return lengths.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The lists of introspection, each as long as those of this schema are on the average.</summary>
    static IEnumerable<(string Name, int Length)> OfSchema(SchemaTypes all)
    {
        var types = all.Count;
        var fields = all.OfType<IComplexGraphType>().SelectMany(type => type.Fields).ToList();
        yield return ("types", types);
        yield return ("fields", Average(fields.Count, types));
        yield return ("inputFields", Average(fields.Count, types));
        yield return ("args", Average(fields.Sum(field => field.Arguments?.Count ?? 0), fields.Count));
        yield return ("enumValues", Average(all.OfType<EnumerationGraphType>().Sum(type => type.Values.Count), types));
    }

    static int Average(int sum, int count) => (sum / Math.Max(count, 1)) + 1;

    static bool IsList(IGraphType? type) =>
        type is ListGraphType || (type is NonNullGraphType { ResolvedType: var inner } && IsList(inner));
}
