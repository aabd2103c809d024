using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>The named conversions: each from kinds to kinds, and pure.</summary>
static class Conversions
{
    /// <summary>What is wrong with using a conversion between these attributes; null where nothing is.</summary>
    public static string? FaultOf(
        Conversion conversion,
        string? argument,
        AttributeDefinition from,
        AttributeDefinition to
    )
    {
        if (from.Level != to.Level)
            return "No conversion goes from products to variants or back: drop the attribute and add it anew.";
        var fits = conversion switch
        {
            Conversion.ValueToList => !from.List && to.List && from.Kind == to.Kind,
            Conversion.ListToFirst => from.List && !to.List && from.Kind == to.Kind,
            _ => from.List == to.List && Ends(conversion, from.Kind, to.Kind),
        };
        if (!fits)
            return $"{Word(conversion)} does not make {Told(to)} of {Told(from)}.";
        return conversion switch
        {
            Conversion.TextToLocalisedText or Conversion.LocalisedTextToText => argument is not null
            && ValueForms.IsLocale(argument)
                ? null
                : "argument names a language, as en or de-AT.",
            Conversion.NumberToMoney or Conversion.MoneyToNumber => Currencies.Exists(argument)
                ? null
                : "argument names a currency.",
            Conversion.Scale => argument is not null && ValueForms.Exact(argument) is { } factor && factor != 0
                ? null
                : "argument is a number to multiply by, not 0.",
            _ => argument is null ? null : "This conversion takes no argument.",
        };
    }

    static bool Ends(Conversion conversion, AttributeKind from, AttributeKind to) =>
        conversion switch
        {
            // What is written the same way in both kinds.
            Conversion.Keep => from != AttributeKind.Reference
                && (from == to || (IsWritten(from) && IsWritten(to) && to != AttributeKind.Reference)),
            Conversion.TextToNumber => (from, to) is (AttributeKind.Text or AttributeKind.Enum, AttributeKind.Number),
            Conversion.NumberToText => (from, to) is (AttributeKind.Number, AttributeKind.Text or AttributeKind.Enum),
            Conversion.TextToBoolean => (from, to) is (AttributeKind.Text or AttributeKind.Enum, AttributeKind.Boolean),
            Conversion.BooleanToText => (from, to) is (AttributeKind.Boolean, AttributeKind.Text or AttributeKind.Enum),
            Conversion.TextToLocalisedText => IsWritten(from) && to == AttributeKind.LocalisedText,
            Conversion.LocalisedTextToText => from == AttributeKind.LocalisedText && IsWritten(to),
            Conversion.DateToDateTime => (from, to) is (AttributeKind.Date, AttributeKind.DateTime),
            Conversion.DateTimeToDate => (from, to) is (AttributeKind.DateTime, AttributeKind.Date),
            Conversion.NumberToMeasure => (from, to) is (AttributeKind.Number, AttributeKind.Measure),
            Conversion.MeasureToNumber => (from, to) is (AttributeKind.Measure, AttributeKind.Number),
            Conversion.Scale => from is AttributeKind.Number or AttributeKind.Measure && to == from,
            Conversion.NumberToMoney => (from, to) is (AttributeKind.Number, AttributeKind.Money),
            Conversion.MoneyToNumber => (from, to) is (AttributeKind.Money, AttributeKind.Number),
            _ => throw new UnreachableException($"The conversion {conversion}"),
        };

    static bool IsWritten(AttributeKind kind) =>
        kind
            is AttributeKind.Text
                or AttributeKind.Enum
                or AttributeKind.Reference
                or AttributeKind.Date
                or AttributeKind.DateTime;

    /// <summary>The value converted; null where it cannot be.</summary>
    public static JsonElement? Of(Conversion conversion, string? argument, AttributeDefinition to, JsonElement value)
    {
        if (conversion == Conversion.ValueToList)
            return ValueForms.Json($"[{value.GetRawText()}]");
        if (conversion == Conversion.ListToFirst)
            return value[0];
        if (!to.List)
            return One(conversion, argument, to, value);
        var items = value.EnumerateArray().Select(item => One(conversion, argument, to, item)).ToList();
        return items.TrueForAll(item => item is not null)
            ? ValueForms.Json($"[{string.Join(',', items.Select(item => item!.Value.GetRawText()))}]")
            : null;
    }

    static JsonElement? One(Conversion conversion, string? argument, AttributeDefinition to, JsonElement value) =>
        conversion switch
        {
            Conversion.Keep => value,
            Conversion.TextToNumber => ValueForms.Exact(value.GetString()!.Trim()) is { } number
                ? ValueForms.Of(number)
                : null,
            Conversion.NumberToText or Conversion.BooleanToText => ValueForms.Of(value.GetRawText()),
            Conversion.TextToBoolean => Truth(value.GetString()!),
            Conversion.TextToLocalisedText => JsonSerializer.SerializeToElement(
                new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [argument!] = value },
                KontorJson.Options
            ),
            Conversion.LocalisedTextToText => value.TryGetProperty(argument!, out var text) ? text : null,
            Conversion.DateToDateTime => ValueForms.Of($"{value.GetString()}T00:00:00.000000Z"),
            Conversion.DateTimeToDate => ValueForms.Of(value.GetString()![..10]),
            Conversion.NumberToMeasure => Measured(to, value.GetRawText()),
            Conversion.MeasureToNumber => value.GetProperty("value"),
            Conversion.Scale => Scaled(argument!, to, value),
            Conversion.NumberToMoney => ValueForms.Json(
                $$"""{"amount":{{value.GetRawText()}},"currency":"{{argument}}"}"""
            ),
            Conversion.MoneyToNumber => value.GetProperty("currency").GetString() == argument
                ? value.GetProperty("amount")
                : null,
            _ => throw new UnreachableException($"The conversion {conversion}"),
        };

    static JsonElement? Truth(string text) =>
        text.Trim().ToLowerInvariant() switch
        {
            "true" or "yes" or "1" => ValueForms.Json("true"),
            "false" or "no" or "0" => ValueForms.Json("false"),
            _ => null,
        };

    static JsonElement? Scaled(string factor, AttributeDefinition to, JsonElement value)
    {
        var number = to.Kind == AttributeKind.Measure ? value.GetProperty("value") : value;
        if (
            ValueForms.Exact(number.GetRawText()) is not { } given
            || Product(given, ValueForms.Exact(factor)!.Value) is not { } scaled
        )
            return null;
        return to.Kind == AttributeKind.Measure ? Measured(to, ValueForms.TextOf(scaled)) : ValueForms.Of(scaled);
    }

    /// <summary>Null where it is too large or would have to be rounded, which decimals do without a word.</summary>
    static decimal? Product(decimal one, decimal other)
    {
        try
        {
            var product = one * other;
            var given = Digits(one) * Digits(other);
            var missing = one.Scale + other.Scale - product.Scale;
            return Digits(product) * BigInteger.Pow(10, missing) == given ? product : null;
        }
        catch (OverflowException)
        {
            return null; // Decimals tell it in no other way.
        }
    }

    static BigInteger Digits(decimal number)
    {
        var bits = decimal.GetBits(number);
        var digits =
            ((BigInteger)unchecked((uint)bits[2]) << 64)
            | ((BigInteger)unchecked((uint)bits[1]) << 32)
            | unchecked((uint)bits[0]);
        return bits[3] < 0 ? -digits : digits;
    }

    static JsonElement Measured(AttributeDefinition to, string number) =>
        ValueForms.Json($$"""{"unit":{{ValueForms.Of(to.Unit!).GetRawText()}},"value":{{number}}}""");

    public static string Word(Conversion conversion) => JsonNamingPolicy.CamelCase.ConvertName(conversion.ToString());

    static string Told(AttributeDefinition attribute) =>
        $"{(attribute.List ? "a list of " : "")}{JsonNamingPolicy.CamelCase.ConvertName(attribute.Kind.ToString())}";
}
