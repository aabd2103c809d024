using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Shape.Contracts;

/// <summary>The JSON Schema of every event: what stands in the <c>data</c> of its CloudEvent.</summary>
static class EventSchemas
{
    /// <summary>As a reader should read: unknown members are skipped, for a later version may add some.</summary>
    static readonly JsonSerializerOptions Reading = MakeReading();

    static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Describe,
    };

    public static IReadOnlyList<Type> Events { get; } =
    [
        .. Assembly
            .Load("Kontor.Contracts")
            .GetTypes()
            .Where(type => type.IsDefined(typeof(EventNameAttribute), inherit: false))
            .OrderBy(EventNameAttribute.Of, StringComparer.Ordinal),
    ];

    public static JsonObject Of(Type type)
    {
        var name = EventNameAttribute.Of(type);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:kontor:event:{name}",
            ["title"] = name,
        };
        foreach (var (member, value) in Reading.GetJsonSchemaAsNode(type, Exporting).AsObject())
            schema[member] = value?.DeepClone();
        return schema;
    }

    /// <summary>The house's dialect without the converters that hide a text or a time from the exporter.</summary>
    static JsonSerializerOptions MakeReading()
    {
        var options = new JsonSerializerOptions(KontorJson.Options)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        };
        foreach (
            var converter in options
                .Converters.Where(c => c is JsonConverter<string> or JsonConverter<DateTimeOffset>)
                .ToList()
        )
            options.Converters.Remove(converter);
        return options;
    }

    static JsonObject Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var schema = type == typeof(Money) ? OfMoney() : node as JsonObject ?? new JsonObject();
        // The exporter drops the items of a list where only their converter knows what they are.
        if (context.TypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item } && schema["items"] is null)
            schema["items"] = Reading.GetJsonSchemaAsNode(item, Exporting);
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
            LeaveOutNulls(schema, context.TypeInfo);
        if (SaidOf(context) is { } said)
            schema.Insert(0, "description", said);
        return schema;
    }

    /// <summary>A member without a value is left out, never null.</summary>
    static void LeaveOutNulls(JsonObject schema, JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member.IsGetNullable))
        {
            if (schema["properties"]?[member.Name] is JsonObject { } property && property["type"] is JsonArray types)
                property["type"] = types.Select(word => (string)word!).Single(word => word != "null");
            if (schema["required"] is JsonArray required)
                foreach (var word in required.Where(word => (string?)word == member.Name).ToList())
                    required.Remove(word);
        }
    }

    static string? SaidOf(JsonSchemaExporterContext context) =>
        context.PropertyInfo?.AttributeProvider is PropertyInfo { DeclaringType: { } owner } property
        && WrittenDocs.Of(owner, property.Name) is { } member
            ? member
        : context.TypeInfo.Type.Namespace?.StartsWith("Kontor.", StringComparison.Ordinal) == true
            ? WrittenDocs.Of(context.TypeInfo.Type)
        : null;

    static JsonObject OfMoney() =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["amount"] = new JsonObject { ["type"] = "integer" },
                ["currency"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Z]{3}$" },
            },
            ["required"] = new JsonArray("amount", "currency"),
        };
}
