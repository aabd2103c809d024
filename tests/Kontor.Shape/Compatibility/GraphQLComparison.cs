using GraphQLParser;
using GraphQLParser.AST;

namespace Kontor.Shape.Compatibility;

/// <summary>Says which query written against the released GraphQL schema would fail, or surprise, today.</summary>
static class GraphQLComparison
{
    public static IEnumerable<string> Breaks(string released, string current)
    {
        var today = Types(current);
        foreach (var (name, type) in Types(released))
            if (!today.TryGetValue(name, out var still))
                yield return $"{name}: is gone.";
            else if (still.Kind != type.Kind)
                yield return $"{name}: is another kind of type.";
            else
                foreach (var found in OfType(name, type, still))
                    yield return found;
    }

    static IEnumerable<string> OfType(string name, GraphQLTypeDefinition old, GraphQLTypeDefinition today) =>
        (old, today) switch
        {
            (GraphQLObjectTypeDefinition a, GraphQLObjectTypeDefinition b) =>
            [
                .. OfFields(name, a.Fields, b.Fields),
                .. Gone(name, a.Interfaces?.Select(i => i.Name), b.Interfaces?.Select(i => i.Name)),
            ],
            (GraphQLInterfaceTypeDefinition a, GraphQLInterfaceTypeDefinition b) => OfFields(name, a.Fields, b.Fields),
            (GraphQLInputObjectTypeDefinition a, GraphQLInputObjectTypeDefinition b) => OfInputs(
                name,
                a.Fields,
                b.Fields
            ),
            (GraphQLEnumTypeDefinition a, GraphQLEnumTypeDefinition b) => Gone(
                name,
                a.Values?.Select(value => value.Name),
                b.Values?.Select(value => value.Name)
            ),
            (GraphQLUnionTypeDefinition a, GraphQLUnionTypeDefinition b) => Gone(
                name,
                a.Types?.Select(member => member.Name),
                b.Types?.Select(member => member.Name)
            ),
            _ => [],
        };

    static IEnumerable<string> OfFields(
        string type,
        IEnumerable<GraphQLFieldDefinition>? old,
        IEnumerable<GraphQLFieldDefinition>? today
    )
    {
        var now = (today ?? []).ToDictionary(field => field.Name.StringValue, StringComparer.Ordinal);
        foreach (var field in old ?? [])
        {
            var at = $"{type}.{field.Name.StringValue}";
            if (!now.TryGetValue(field.Name.StringValue, out var still))
            {
                yield return $"{at}: is gone.";
                continue;
            }
            // A value that is always there now surprises no reader.
            if (Said(still.Type) != Said(field.Type) && Said(still.Type) != Said(field.Type) + "!")
                yield return $"{at}: was {Said(field.Type)} and is {Said(still.Type)}.";
            foreach (var found in OfInputs(at, field.Arguments, still.Arguments))
                yield return found;
        }
    }

    static IEnumerable<string> OfInputs(
        string owner,
        IEnumerable<GraphQLInputValueDefinition>? old,
        IEnumerable<GraphQLInputValueDefinition>? today
    )
    {
        var before = (old ?? []).ToDictionary(input => input.Name.StringValue, StringComparer.Ordinal);
        var now = (today ?? []).ToDictionary(input => input.Name.StringValue, StringComparer.Ordinal);
        foreach (var (name, input) in before)
            if (!now.TryGetValue(name, out var still))
                yield return $"{owner}({name}): is gone.";
            else if (Said(still.Type) != Said(input.Type) && Said(still.Type) + "!" != Said(input.Type))
                yield return $"{owner}({name}): was {Said(input.Type)} and is {Said(still.Type)}.";
        foreach (var (name, input) in now)
            if (!before.ContainsKey(name) && input.Type is GraphQLNonNullType && input.DefaultValue is null)
                yield return $"{owner}({name}): is required now.";
    }

    static IEnumerable<string> Gone(string type, IEnumerable<GraphQLName>? old, IEnumerable<GraphQLName>? today) =>
        (old ?? [])
            .Select(name => name.StringValue)
            .Except((today ?? []).Select(name => name.StringValue), StringComparer.Ordinal)
            .Select(name => $"{type}.{name}: is gone.");

    static string Said(GraphQLType type) =>
        type switch
        {
            GraphQLNonNullType sure => Said(sure.Type) + "!",
            GraphQLListType list => $"[{Said(list.Type)}]",
            GraphQLNamedType named => named.Name.StringValue,
            _ => type.ToString() ?? "",
        };

    static Dictionary<string, GraphQLTypeDefinition> Types(string schema) =>
        Parser
            .Parse(schema)
            .Definitions.OfType<GraphQLTypeDefinition>()
            .ToDictionary(type => type.Name.StringValue, StringComparer.Ordinal);
}
