using System.Text.Json;
using Kontor.Imports.Validating;
using Kontor.Kernel;

namespace Kontor.Imports.Mapping;

/// <summary>Writes attributes in the form that the product type has for them.</summary>
sealed class AttributeWriter(IAttributeForms forms)
{
    readonly Dictionary<(string Type, string Key, bool OfVariant), AttributeForm?> known = [];

    public void Write(
        IReadOnlyList<AttributeTarget> targets,
        string type,
        bool ofVariant,
        RowContext row,
        Utf8JsonWriter json
    )
    {
        if (targets.Count == 0)
            return;
        json.WriteStartObject("attributes"u8);
        foreach (var target in targets)
            if (target.Pattern is not null)
                Wild(target, type, ofVariant, row, json);
            else
            {
                var values = row.Rent();
                target.Value.All(row, values);
                if (values.Count > 0)
                    if (Find(type, target.Key, ofVariant) is { } form)
                        One(target.Key, form, target, values, target.Value.Column, row, json);
                    else
                        row.Note(target.Value.Column, values[0], Rule.AttributeUnknown, $"{type}.{target.Key}");
                row.Return(values);
            }
        json.WriteEndObject();
    }

    /// <summary>Sparse attributes by the names of their fields: of those, what the type does not have is passed over.</summary>
    void Wild(AttributeTarget target, string type, bool ofVariant, RowContext row, Utf8JsonWriter json)
    {
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach (var name in row.Row.Names)
        {
            if (target.Pattern?.Match(name) is not { Success: true } match)
                continue;
            var key = target.Key.Replace("*", match.Groups[1].Value, StringComparison.Ordinal);
            if (Find(type, key, ofVariant) is not { } form || row.Row.TextOf(name) is not { } text || !written.Add(key))
                continue;
            var values = row.Rent();
            values.Add(text);
            One(key, form, target, values, name, row, json);
            row.Return(values);
        }
    }

    AttributeForm? Find(string type, string key, bool ofVariant)
    {
        if (!known.TryGetValue((type, key, ofVariant), out var form))
            known[(type, key, ofVariant)] = form = forms.Find(type, key, ofVariant);
        return form;
    }

    static void One(
        string key,
        AttributeForm form,
        AttributeTarget target,
        List<string> values,
        string? column,
        RowContext row,
        Utf8JsonWriter json
    )
    {
        var hasBegun = false;
        foreach (var value in values)
        {
            if (Read(value, form, target, out var number) is { } rule)
            {
                row.Note(column, value, rule);
                continue;
            }
            if (!hasBegun)
            {
                json.WritePropertyName(key);
                if (form.IsList)
                    json.WriteStartArray();
                hasBegun = true;
            }
            Write(value, number, form, target, json);
            if (!form.IsList)
                return;
        }
        if (hasBegun)
            json.WriteEndArray();
    }

    /// <summary>What is wrong with a value; else, of numbers, their plain text, and of enums, their word.</summary>
    static Rule? Read(string value, AttributeForm form, AttributeTarget target, out string read)
    {
        read = value;
        switch (form.Kind)
        {
            case "number":
                if (
                    !Decimals.TryRead(value, DecimalForm.Point, out var plain, out _)
                    || Decimals.Canonical(plain) is not { } canonical
                )
                    return Rule.NumberUnreadable;
                read = canonical;
                return null;
            case "measure":
                if (Units.Convert(value, target.Unit, form.Unit ?? "") is not { } converted)
                    return Rule.UnitUnknown;
                read = converted;
                return null;
            case "boolean":
                read = Truth(value) ?? "";
                return read.Length > 0 ? null : Rule.BooleanUnreadable;
            case "enum":
                read =
                    form.Values?.FirstOrDefault(word => word.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? "";
                return read.Length > 0 ? null : Rule.EnumUnknown;
            case "date":
                return DateOnly.TryParseExact(value, "yyyy-MM-dd", out _) ? null : Rule.DateUnreadable;
            case "dateTime":
                return value.Contains('T') && DateTimeOffset.TryParse(value, out _) ? null : Rule.DateUnreadable;
            case "money":
                if (
                    value.Split(' ') is not [var amount, var currency]
                    || !Currencies.Exists(currency)
                    || !Decimals.IsPlain(amount)
                )
                    return Rule.NumberUnreadable;
                if (Decimals.Amount(amount, currency, false, out var minor) is { } rule)
                    return rule;
                read = $"{{\"amount\":{minor},\"currency\":\"{currency}\"}}";
                return null;
            default:
                return value.Length > (form.MaxLength ?? 10_000) ? Rule.TextTooLong : null;
        }
    }

    static void Write(string value, string read, AttributeForm form, AttributeTarget target, Utf8JsonWriter json)
    {
        switch (form.Kind)
        {
            case "number" or "boolean" or "money":
                json.WriteRawValue(read, skipInputValidation: true);
                break;
            case "measure":
                json.WriteStartObject();
                json.WritePropertyName("value"u8);
                json.WriteRawValue(read, skipInputValidation: true);
                json.WriteString("unit"u8, form.Unit);
                json.WriteEndObject();
                break;
            case "localisedText":
                json.WriteStartObject();
                json.WriteString(target.Language ?? "en", value);
                json.WriteEndObject();
                break;
            case "enum":
                json.WriteStringValue(read);
                break;
            default:
                json.WriteStringValue(value);
                break;
        }
    }

    static string? Truth(string value) =>
        value.ToLowerInvariant() switch
        {
            "true" or "1" or "yes" or "y" or "ja" or "oui" or "si" or "sí" or "on" => "true",
            "false" or "0" or "no" or "n" or "nej" or "nei" or "nein" or "non" or "off" => "false",
            _ => null,
        };
}
