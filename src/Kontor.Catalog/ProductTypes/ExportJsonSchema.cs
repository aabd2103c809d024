using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.ProductTypes;

/// <summary>A type as JSON Schema 2020-12: what holds for products of it, as they are written and as they are read.</summary>
static class ExportJsonSchema
{
    public static void Map(IEndpointRouteBuilder types) =>
        types
            .MapGet("/{type}/json-schema", Handle)
            .WithName("exportProductType")
            .WithSummary("Shows a product type as JSON Schema 2020-12 of its products")
            .OpenToAll("What the attributes of public products are.")
            .Refuses(Rejections.ProductTypeNotFound);

    static async Task<Reply<IReadOnlyDictionary<string, JsonElement>>> Handle(
        string type,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Keys.Is(type))
            return Rejections.ProductTypeNotFound;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        if (await ProductTypeReader.Find(connection, type, stop) is not { } found)
            return Rejections.ProductTypeNotFound;
        var schema = Of(new TypeDefinition(found.Key, found.Title, found.Version, 0, found.Attributes));
        return Reply<IReadOnlyDictionary<string, JsonElement>>.Of(
            schema.ToDictionary(
                member => member.Key,
                member => JsonSerializer.SerializeToElement(member.Value, KontorJson.Options),
                StringComparer.Ordinal
            ),
            version: found.Version
        );
    }

    /// <remarks>In words that validators of older drafts know too. What it cannot say: the bounds of dates and moments, that a
    /// number has at most 28 digits and an amount none behind the point, which currencies there are, that a reference exists,
    /// and that a value is unique. Null and an empty list in the place of a single value, which a write takes for "none", are not told either.</remarks>
    public static JsonObject Of(TypeDefinition type) =>
        new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:kontor:product-type:{type.Key}:{type.Version}",
            ["title"] = type.Title,
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["attributes"] = Of(type, AttributeLevel.Product),
                ["variants"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject { ["attributes"] = Of(type, AttributeLevel.Variant) },
                        ["required"] = Required(type, AttributeLevel.Variant),
                    },
                },
            },
            ["required"] = Required(type, AttributeLevel.Product),
        };

    /// <summary>Attributes may be left out altogether where none is required.</summary>
    static JsonArray Required(TypeDefinition type, AttributeLevel level) =>
        type.Of(level).Values.Any(IsRequired) ? ["attributes"] : [];

    /// <summary>One with a default may be left out by writers.</summary>
    static bool IsRequired(AttributeDefinition attribute) => attribute is { Required: true, Default: null };

    static JsonObject Of(TypeDefinition type, AttributeLevel level) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(
                type.Attributes.Where(a => a.Level == level).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)Of(a)))
            ),
            ["required"] = new JsonArray([
                .. type.Attributes.Where(a => a.Level == level && IsRequired(a)).Select(a => (JsonNode)a.Key),
            ]),
            ["additionalProperties"] = false,
        };

    static JsonObject Of(AttributeDefinition attribute)
    {
        var value = One(attribute);
        var schema = attribute.List
            ? new JsonObject
            {
                ["type"] = "array",
                ["items"] = value,
                ["maxItems"] = AttributeDefinition.MaxItems,
            }
            : value;
        if (attribute.List && attribute.Required)
            schema["minItems"] = 1;
        if (attribute.Title is { } title)
            schema["title"] = title;
        if (attribute.Default is { } standard)
            schema["default"] = JsonNode.Parse(standard.GetRawText());
        return schema;
    }

    static JsonObject One(AttributeDefinition attribute) =>
        attribute.Kind switch
        {
            AttributeKind.Text => Text(attribute),
            AttributeKind.LocalisedText => new()
            {
                ["type"] = "object",
                ["minProperties"] = 1,
                ["maxProperties"] = AttributeValues.MaxLocales,
                ["patternProperties"] = new JsonObject
                {
                    ["^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"] = Text(attribute),
                },
                ["additionalProperties"] = false,
            },
            AttributeKind.Number => Amount("number", attribute),
            AttributeKind.Boolean => new() { ["type"] = "boolean" },
            AttributeKind.Enum => OneOf(attribute.Values!),
            AttributeKind.Date => Time("date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            AttributeKind.DateTime => Time(
                "date-time",
                @"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
            ),
            AttributeKind.Money => Both(
                "amount",
                Amount("integer", attribute),
                "currency",
                new() { ["type"] = "string", ["pattern"] = "^[A-Z]{3}$" }
            ),
            AttributeKind.Measure => Both("value", Amount("number", attribute), "unit", OneOf([attribute.Unit!])),
            AttributeKind.Reference => new()
            {
                ["type"] = "string",
                ["pattern"] = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$",
            },
            _ => throw new System.Diagnostics.UnreachableException($"An attribute of the kind {attribute.Kind}"),
        };

    static JsonObject OneOf(IReadOnlyList<string> words) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };

    /// <summary>A format binds only where the validator is told so; the pattern always does.</summary>
    static JsonObject Time(string format, string pattern) =>
        new()
        {
            ["type"] = "string",
            ["format"] = format,
            ["pattern"] = pattern,
        };

    static JsonObject Text(AttributeDefinition attribute)
    {
        var text = new JsonObject
        {
            ["type"] = "string",
            ["minLength"] = attribute.MinLength ?? 1,
            ["maxLength"] = attribute.LengthAtMost,
        };
        if (attribute.Pattern is { } pattern)
            text["pattern"] = pattern;
        return text;
    }

    static JsonObject Amount(string type, AttributeDefinition attribute)
    {
        var amount = new JsonObject { ["type"] = type };
        if (attribute.Min is { } min)
            amount["minimum"] = min;
        if (attribute.Max is { } max)
            amount["maximum"] = max;
        return amount;
    }

    static JsonObject Both(string first, JsonObject one, string second, JsonObject other) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [first] = one, [second] = other },
            ["required"] = new JsonArray(first, second),
            ["additionalProperties"] = false,
        };
}
