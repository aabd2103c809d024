using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Kontor.Kernel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kontor.Platform.Http;

/// <summary>The schemas of requests and answers, told as our JSON dialect is: the framework knows nothing of the types
/// that our converters write.</summary>
static class OpenApiSchemas
{
    /// <summary>The name of a type in the document; null where it is told in its place. Nested types are named with their
    /// feature (<c>AddLineRequest</c>), envelopes by what they hold.</summary>
    public static string? NameOf(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (IsOf(type, typeof(Id<>)) || IsOf(type, typeof(Optional<>)))
            return null;
        return IsOurs(type) ? OurNameOf(type) : OpenApiOptions.CreateDefaultSchemaReferenceId(info);
    }

    static string OurNameOf(Type type)
    {
        if (type.IsGenericType && IsOurs(type))
            return string.Concat(type.GetGenericArguments().Select(OurNameOf))
                + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        if (type.IsGenericType)
            return $"{OurNameOf(type.GetGenericArguments()[^1])}List";
        return type.DeclaringType is { } feature && IsOurs(type) ? feature.Name + type.Name : type.Name;
    }

    public static async Task Describe(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken stop
    )
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        var isNullable = context.JsonPropertyInfo is { } member
            ? member.IsSetNullable && member.IsGetNullable
            : schema.Type?.HasFlag(JsonSchemaType.Null) == true;
        if (IsOf(type, typeof(Optional<>)))
            await DescribeOptional(schema, type, context, stop);
        else if (type == typeof(string))
            DescribeText(schema, context, isNullable);
        else if (type == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (OrNull(JsonSchemaType.String, isNullable), "date-time");
        else if (IsOf(type, typeof(Id<>)))
            (schema.Type, schema.Format, schema.Properties, schema.Required, schema.Description) = (
                OrNull(JsonSchemaType.String, isNullable),
                "uuid",
                null,
                null,
                null
            );
        else if (type == typeof(Money))
            DescribeMoney(schema);
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Enumerable)
            schema.Items ??= await Of(context.JsonTypeInfo.ElementType!, context, stop);
        if (IsOurs(type) && !IsOf(type, typeof(Id<>)) && !IsOf(type, typeof(Optional<>)))
            schema.Description = WrittenDocs.Of(type) ?? schema.Description;
        DescribeMember(schema, context.JsonPropertyInfo);
    }

    static void DescribeText(OpenApiSchema schema, OpenApiSchemaTransformerContext context, bool isNullable)
    {
        schema.Type = OrNull(JsonSchemaType.String, isNullable);
        // The framework tells every parsed parameter of a route as text.
        if (
            context.ParameterDescription?.ParameterDescriptor?.ParameterType is { } parsed
            && IsOf(parsed, typeof(Id<>))
        )
            schema.Format = "uuid";
    }

    /// <summary>What the record says of this member stands before what its type says of itself.</summary>
    static void DescribeMember(OpenApiSchema schema, JsonPropertyInfo? member)
    {
        if (member?.AttributeProvider is not PropertyInfo { DeclaringType: { } owner } property || !IsOurs(owner))
            return;
        // Our own checks say what they want in their message.
        var said =
            WrittenDocs.Of(owner, property.Name)
            ?? property
                .GetCustomAttributes<ValidationAttribute>()
                .FirstOrDefault(check => IsOurs(check.GetType()))
                ?.FormatErrorMessage(member.Name);
        if (said is null)
            return;
        schema.Description = said;
        // Where the member becomes a reference, the framework takes its description from here.
        if (schema.Metadata?.ContainsKey("x-schema-id") == true)
            schema.Metadata["x-ref-description"] = said;
    }

    /// <summary>A member of a merge patch: the value's own schema, and null where null clears.</summary>
    static async Task DescribeOptional(
        OpenApiSchema schema,
        Type type,
        OpenApiSchemaTransformerContext context,
        CancellationToken stop
    )
    {
        var value = await Of(type.GetGenericArguments()[0], context, stop);
        var clears =
            context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property
            && new NullabilityInfoContext().Create(property).GenericTypeArguments is [{ } argument]
            && argument.ReadState == NullabilityState.Nullable;
        schema.Type = OrNull(value.Type ?? JsonSchemaType.Object, clears);
        (schema.Format, schema.Items, schema.Properties, schema.Required) = (
            value.Format,
            value.Items,
            value.Properties,
            value.Required
        );
        schema.Description = null;
    }

    static void DescribeMoney(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Required = new HashSet<string>(StringComparer.Ordinal) { "amount", "currency" };
        schema.AdditionalPropertiesAllowed = false;
        schema.Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["amount"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Description = WrittenDocs.Of(typeof(Money), nameof(Money.Amount)),
            },
            ["currency"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Pattern = "^[A-Z]{3}$",
                Description = WrittenDocs.Of(typeof(Money), nameof(Money.Currency)),
            },
        };
    }

    static Task<OpenApiSchema> Of(Type type, OpenApiSchemaTransformerContext context, CancellationToken stop) =>
        context.GetOrCreateSchemaAsync(type, null, stop);

    static JsonSchemaType OrNull(JsonSchemaType type, bool isNullable) =>
        isNullable ? type | JsonSchemaType.Null : type & ~JsonSchemaType.Null;

    static bool IsOf(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    static bool IsOurs(Type type) => type.Namespace?.StartsWith("Kontor.", StringComparison.Ordinal) == true;
}
