using Microsoft.OpenApi;

namespace Kontor.Platform.Http;

/// <summary>What is told of a type for reading it is true for answers only in part: there a member without a value is left
/// out, never null, and a later version may say more.</summary>
static class OpenApiAnswers
{
    /// <summary>Changes the schemas that only answers use.</summary>
    public static void Loosen(OpenApiDocument document)
    {
        var schemas = document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        var operations = document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(pair => pair.Value);
        var requested = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
                Reach(content.Schema, schemas, requested);
            foreach (var parameter in operation.Parameters ?? [])
                Reach(parameter.Schema, schemas, requested);
        }
        foreach (var (name, schema) in schemas)
            if (!requested.Contains(name) && schema is OpenApiSchema answer)
                Loosen(answer, isEnvelope: name.EndsWith("Envelope", StringComparison.Ordinal));
    }

    static void Loosen(OpenApiSchema answer, bool isEnvelope)
    {
        answer.AdditionalPropertiesAllowed = true;
        foreach (var (name, member) in answer.Properties?.ToList() ?? [])
        {
            if (WithoutNull(member) is not { } present)
                continue;
            answer.Properties![name] = present;
            if (!isEnvelope)
                answer.Required?.Remove(name);
        }
    }

    /// <summary>The member's schema without null; null where it had none.</summary>
    static IOpenApiSchema? WithoutNull(IOpenApiSchema member)
    {
        if (member is OpenApiSchema { Type: { } type } plain && type.HasFlag(JsonSchemaType.Null))
        {
            plain.Type = type & ~JsonSchemaType.Null;
            return plain;
        }
        if (member is OpenApiSchema { OneOf: [{ Type: JsonSchemaType.Null }, OpenApiSchemaReference other] } choice)
        {
            other.Reference.Description = choice.Description;
            return other;
        }
        return null;
    }

    static void Reach(IOpenApiSchema? schema, IDictionary<string, IOpenApiSchema> all, HashSet<string> reached)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
        {
            if (reached.Add(id) && all.TryGetValue(id, out var named))
                Reach(named, all, reached);
            return;
        }
        IEnumerable<IOpenApiSchema?> inner =
        [
            schema?.Items,
            schema?.AdditionalProperties,
            .. schema?.Properties?.Values ?? [],
            .. schema?.OneOf ?? [],
            .. schema?.AnyOf ?? [],
            .. schema?.AllOf ?? [],
        ];
        foreach (var part in inner.OfType<IOpenApiSchema>())
            Reach(part, all, reached);
    }
}
