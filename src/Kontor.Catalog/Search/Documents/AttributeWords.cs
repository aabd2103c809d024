using System.Globalization;
using System.Text.Json;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Search.Fields;
using Kontor.Search;

namespace Kontor.Catalog.Search.Documents;

/// <summary>What the attributes of a product, or of one of its variants, are to the index.</summary>
/// <param name="shopLanguage">What texts by language are filtered and sorted in.</param>
sealed class AttributeWords(string shopLanguage)
{
    /// <summary>Characters of a value: a filter on a longer text goes by its beginning.</summary>
    public const int LongestValue = 200;

    public List<FieldWord> Words { get; } = [];

    public List<FieldNumber> Numbers { get; } = [];

    public List<FieldWord> Sorts { get; } = [];

    public List<SearchText> Texts { get; } = [];

    public static string Cut(string value) =>
        value.Length <= LongestValue ? value
        : char.IsHighSurrogate(value[LongestValue - 1]) ? value[..(LongestValue - 1)]
        : value[..LongestValue];

    /// <summary>Letter case says nothing in an order.</summary>
    public static string Folded(string text) => text.ToLowerInvariant();

    /// <param name="json">As the database keeps them.</param>
    public void Add(TypeDefinition type, AttributeLevel level, string json)
    {
        if (json is "{}")
            return;
        using var attributes = JsonDocument.Parse(json);
        var rules = type.Of(level);
        foreach (var attribute in attributes.RootElement.EnumerateObject())
            if (rules.TryGetValue(attribute.Name, out var rule) && rule.Index is { Count: > 0 })
                Add(rule, AttributeField.Of(rule), attribute.Value);
    }

    void Add(AttributeDefinition rule, AttributeField field, JsonElement value)
    {
        if (!rule.List)
            One(rule, field, value);
        else if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray())
                One(rule, field, item);
    }

    void One(AttributeDefinition rule, AttributeField field, JsonElement value)
    {
        if ((field.Use & AttributeUse.Search) != AttributeUse.None)
            Text(rule, field, value);
        if ((field.Use & (AttributeUse.Filter | AttributeUse.Sort)) == AttributeUse.None)
            return;
        if (field.Family != FieldFamily.Words)
        {
            if (NumberOf(rule.Kind, value, out var currency) is { } number)
                Numbers.Add(new(field.NameIn(currency), number));
            return;
        }
        if (WordOf(rule.Kind, value) is not { } word)
            return;
        if ((field.Use & AttributeUse.Filter) != AttributeUse.None)
            Words.Add(new(field.NameIn(), Cut(word)));
        if ((field.Use & AttributeUse.Sort) != AttributeUse.None)
            Sorts.Add(new(field.NameIn(), Folded(word)));
    }

    void Text(AttributeDefinition rule, AttributeField field, JsonElement value)
    {
        var name = AttributeField.TextOf(field.Key);
        if (rule.Kind == AttributeKind.LocalisedText)
            foreach (var text in value.EnumerateObject())
                Texts.Add(new(name, text.Value.GetString()!, text.Name));
        else if (field.Family == FieldFamily.Words && rule.Kind != AttributeKind.Boolean)
            Texts.Add(new(name, value.GetString()!));
        else if (rule.Kind == AttributeKind.Measure)
            Texts.Add(new(name, $"{value.GetProperty("value").GetRawText()} {rule.Unit}"));
        else if (rule.Kind == AttributeKind.Number)
            Texts.Add(new(name, value.GetRawText()));
        else if (rule.Kind is AttributeKind.Date or AttributeKind.DateTime)
            Texts.Add(new(name, value.GetString()!));
    }

    string? WordOf(AttributeKind kind, JsonElement value) =>
        kind switch
        {
            AttributeKind.LocalisedText => value.TryGetProperty(shopLanguage, out var own)
                ? own.GetString()
                : value.EnumerateObject().First().Value.GetString(),
            AttributeKind.Boolean => value.GetBoolean() ? "true" : "false",
            _ => value.GetString(),
        };

    static double? NumberOf(AttributeKind kind, JsonElement value, out string? currency)
    {
        currency = null;
        switch (kind)
        {
            case AttributeKind.Number:
                return value.GetDouble();
            case AttributeKind.Measure:
                return value.GetProperty("value").GetDouble();
            case AttributeKind.Money:
                currency = value.GetProperty("currency").GetString();
                return value.GetProperty("amount").GetDouble();
            default:
                return SecondsOf(value.GetString()!);
        }
    }

    /// <summary>A day or a moment as seconds since 1970; null where it is none.</summary>
    public static double? SecondsOf(string time) =>
        DateTimeOffset.TryParse(
            time,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment
        )
            ? (moment - DateTimeOffset.UnixEpoch).TotalMicroseconds / 1e6
            : null;
}
