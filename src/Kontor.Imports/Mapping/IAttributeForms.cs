using System.Text.Json;

namespace Kontor.Imports.Mapping;

/// <summary>What the product types of a catalogue say about attributes, for values to be written in their form.</summary>
public interface IAttributeForms
{
    /// <summary>Null where the type has no such attribute at this level, or is unknown.</summary>
    AttributeForm? Find(string type, string attribute, bool ofVariant);
}

/// <param name="Kind"><c>text</c>, <c>localisedText</c>, <c>number</c>, <c>boolean</c>, <c>enum</c>, <c>date</c>,
/// <c>dateTime</c>, <c>money</c>, <c>measure</c> or <c>reference</c>.</param>
/// <param name="Unit">Of a measure.</param>
/// <param name="Values">Of an enum.</param>
/// <param name="MaxLength">Of a text.</param>
public sealed record AttributeForm(
    string Kind,
    bool IsList = false,
    string? Unit = null,
    IReadOnlyList<string>? Values = null,
    int? MaxLength = null
);

/// <summary>Attribute forms out of product types in the form in which <c>POST /api/v1/product-types</c> takes them.</summary>
public sealed class JsonAttributeForms : IAttributeForms
{
    readonly Dictionary<(string Type, string Attribute, bool OfVariant), AttributeForm> forms = [];

    public JsonAttributeForms(params IEnumerable<string> productTypes)
    {
        foreach (var json in productTypes)
        {
            using var document = JsonDocument.Parse(json);
            var type = document.RootElement;
            if (!type.TryGetProperty("attributes", out var attributes))
                continue;
            foreach (var attribute in attributes.EnumerateArray())
                forms[(Text(type, "key") ?? "", Text(attribute, "key") ?? "", Text(attribute, "level") == "variant")] =
                    Form(attribute);
        }
    }

    public AttributeForm? Find(string type, string attribute, bool ofVariant) =>
        forms.GetValueOrDefault((type, attribute, ofVariant));

    static AttributeForm Form(JsonElement attribute) =>
        new(
            Text(attribute, "kind") ?? "text",
            attribute.TryGetProperty("list", out var list) && list.ValueKind == JsonValueKind.True,
            Text(attribute, "unit"),
            attribute.TryGetProperty("values", out var values)
                ? [.. values.EnumerateArray().Select(value => value.GetString() ?? "")]
                : null,
            attribute.TryGetProperty("maxLength", out var length) ? length.GetInt32() : null
        );

    static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) ? value.GetString() : null;
}
