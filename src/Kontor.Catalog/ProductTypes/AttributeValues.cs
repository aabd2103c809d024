using System.Diagnostics;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Reads one value by its attribute's rules into the form in which it is stored.</summary>
static class AttributeValues
{
    public const int MaxLocales = 100;

    /// <summary>The value as it is stored; null where there is none (null, or an empty list) or it is wrong, which the faults
    /// then say.</summary>
    public static JsonElement? Read(AttributeDefinition rule, JsonElement given, string path, Faults faults)
    {
        if (given.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return null;
        if (!ValueForms.IsStorable(given))
            return Wrong(faults, path, "kind", "It holds U+0000 or half of a surrogate pair, which cannot be stored.");
        if (!rule.List)
            return One(rule, given, path, faults);
        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() > AttributeDefinition.MaxItems)
            return Wrong(faults, path, "list", $"A list of at most {AttributeDefinition.MaxItems} values.");
        if (given.GetArrayLength() == 0)
            return null;
        var items = given.EnumerateArray().Select((item, i) => One(rule, item, $"{path}[{i}]", faults)).ToList();
        return items.TrueForAll(item => item is not null)
            ? ValueForms.Json($"[{string.Join(',', items.Select(item => item!.Value.GetRawText()))}]")
            : null;
    }

    static JsonElement? One(AttributeDefinition rule, JsonElement given, string path, Faults faults) =>
        rule.Kind switch
        {
            AttributeKind.Text => Text(rule, given, path, faults),
            AttributeKind.LocalisedText => Localised(rule, given, path, faults),
            AttributeKind.Number => Number(rule, given, path, faults),
            AttributeKind.Boolean => given.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? given
                : Wrong(faults, path, "kind", "true or false."),
            AttributeKind.Enum => Listed(rule, given, path, faults),
            AttributeKind.Date or AttributeKind.DateTime => Time(rule, given, path, faults),
            AttributeKind.Money => Amount(rule, given, path, faults),
            AttributeKind.Measure => Measure(rule, given, path, faults),
            AttributeKind.Reference => given.ValueKind == JsonValueKind.String && Keys.Is(given.GetString())
                ? given
                : Wrong(faults, path, "kind", $"The key of what it names: {Keys.Rule}"),
            _ => throw new UnreachableException($"An attribute of the kind {rule.Kind}"),
        };

    static JsonElement? Text(AttributeDefinition rule, JsonElement given, string path, Faults faults)
    {
        if (given.ValueKind != JsonValueKind.String)
            return Wrong(faults, path, "kind", "A text.");
        var text = given.GetString()!;
        // Characters as JSON Schema counts them: code points.
        var length = text.EnumerateRunes().Count();
        if (length == 0)
            return Wrong(faults, path, "kind", "A text of at least one character; leave it out where there is none.");
        if (length < rule.MinLength)
            return Wrong(faults, path, "minLength", $"At least {rule.MinLength} characters.");
        if (length > rule.LengthAtMost)
            return Wrong(faults, path, "maxLength", $"At most {rule.LengthAtMost} characters.");
        if (rule.Pattern is not { } pattern)
            return given;
        return faults.Time.Matches(pattern, text) switch
        {
            true => given,
            false => Wrong(faults, path, "pattern", $"A text that matches {pattern}"),
            null => Wrong(faults, path, Faults.Undecided, $"Whether it matches {pattern} could not be said in time."),
        };
    }

    static JsonElement? Localised(AttributeDefinition rule, JsonElement given, string path, Faults faults)
    {
        if (given.ValueKind != JsonValueKind.Object || given.EnumerateObject().Count() is 0 or > MaxLocales)
            return Wrong(faults, path, "kind", """Texts by language, such as {"en": "red", "de-AT": "rot"}.""");
        var texts = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in given.EnumerateObject())
            if (!ValueForms.IsLocale(member.Name) || texts.ContainsKey(member.Name))
                return Wrong(faults, path, "kind", "A language is named once, as en, de-AT or zh-Hant-TW.");
            else if (Text(rule, member.Value, $"{path}.{member.Name}", faults) is { } text)
                texts.Add(member.Name, text);
            else
                return null;
        return JsonSerializer.SerializeToElement(texts, KontorJson.Options);
    }

    static JsonElement? Number(AttributeDefinition rule, JsonElement given, string path, Faults faults)
    {
        if (given.ValueKind != JsonValueKind.Number)
            return Wrong(faults, path, "kind", "A number.");
        if (ValueForms.Exact(given.GetRawText()) is not { } number)
            return Wrong(faults, path, "kind", $"A number of at most {ValueForms.MostDigits} digits.");
        return IsWithin(rule, number, path, faults) ? ValueForms.Of(number) : null;
    }

    static JsonElement? Listed(AttributeDefinition rule, JsonElement given, string path, Faults faults) =>
        given.ValueKind == JsonValueKind.String && rule.Values!.Contains(given.GetString()!, StringComparer.Ordinal)
            ? given
            : Wrong(faults, path, "values", $"One of {Told(rule.Values!)}.");

    static JsonElement? Time(AttributeDefinition rule, JsonElement given, string path, Faults faults)
    {
        var written = given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (ValueForms.TimeOf(rule.Kind, written) is not { } time)
            return Wrong(
                faults,
                path,
                "kind",
                rule.Kind == AttributeKind.Date ? ValueForms.DateRule : ValueForms.MomentRule
            );
        if (rule.From is { } from && string.CompareOrdinal(time, from) < 0)
            return Wrong(faults, path, "from", $"Not before {from}.");
        if (rule.Until is { } until && string.CompareOrdinal(time, until) > 0)
            return Wrong(faults, path, "until", $"Not after {until}.");
        return ValueForms.Of(time);
    }

    static JsonElement? Amount(AttributeDefinition rule, JsonElement given, string path, Faults faults)
    {
        if (
            !Has(given, "amount", "currency", out var amount, out var currency)
            || amount.ValueKind != JsonValueKind.Number
            || !amount.TryGetInt64(out var minor)
            || currency.ValueKind != JsonValueKind.String
            || !Currencies.Exists(currency.GetString())
        )
            return Wrong(faults, path, "kind", """{"amount": minor units, "currency": an ISO 4217 code}.""");
        return IsWithin(rule, minor, path, faults)
            ? JsonSerializer.SerializeToElement(new Money(minor, currency.GetString()!), KontorJson.Options)
            : null;
    }

    static JsonElement? Measure(AttributeDefinition rule, JsonElement given, string path, Faults faults)
    {
        if (
            !Has(given, "value", "unit", out var value, out var unit)
            || value.ValueKind != JsonValueKind.Number
            || ValueForms.Exact(value.GetRawText()) is not { } number
        )
            return Wrong(faults, path, "kind", $$"""{"value": a number, "unit": "{{rule.Unit}}"}.""");
        if (unit.ValueKind != JsonValueKind.String || unit.GetString() != rule.Unit)
            return Wrong(faults, path, "unit", $"The unit is {rule.Unit}.");
        return IsWithin(rule, number, path, faults)
            ? ValueForms.Json($$"""{"unit":{{unit.GetRawText()}},"value":{{ValueForms.TextOf(number)}}}""")
            : null;
    }

    static bool IsWithin(AttributeDefinition rule, decimal number, string path, Faults faults)
    {
        if (number < rule.Min)
            faults.Add(path, $"At least {ValueForms.TextOf(rule.Min.Value)}.", "min");
        else if (number > rule.Max)
            faults.Add(path, $"At most {ValueForms.TextOf(rule.Max.Value)}.", "max");
        else
            return true;
        return false;
    }

    /// <summary>An object of these two members and no other.</summary>
    static bool Has(JsonElement given, string first, string second, out JsonElement one, out JsonElement other)
    {
        (one, other) = (default, default);
        return given.ValueKind == JsonValueKind.Object
            && given.EnumerateObject().Count() == 2
            && given.TryGetProperty(first, out one)
            && given.TryGetProperty(second, out other);
    }

    static string Told(IReadOnlyList<string> values) =>
        values.Count <= 20
            ? string.Join(", ", values)
            : $"{string.Join(", ", values.Take(20))} … ({values.Count} values)";

    static JsonElement? Wrong(Faults faults, string path, string rule, string reason)
    {
        faults.Add(path, reason, rule);
        return null;
    }
}
