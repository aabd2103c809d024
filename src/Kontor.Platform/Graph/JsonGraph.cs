using GraphQL.Types;
using GraphQLParser.AST;

namespace Kontor.Platform.Graph;

/// <summary>Any JSON value, for answers only.</summary>
public sealed class JsonGraph : ScalarGraphType
{
    public JsonGraph()
    {
        Name = "JSON";
        Description = "A JSON value: text, number, boolean, list or object, as REST has it.";
    }

    public override object? Serialize(object? value) => value;

    public override object? ParseValue(object? value) => ThrowValueConversionError(value);

    public override object? ParseLiteral(GraphQLValue value) => ThrowLiteralConversionError(value);
}
