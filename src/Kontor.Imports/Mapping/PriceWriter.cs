using System.Text.Json;
using Kontor.Imports.Validating;
using Kontor.Kernel;

namespace Kontor.Imports.Mapping;

/// <summary>Prices of a variant, exactly, in minor units.</summary>
static class PriceWriter
{
    public static void Write(IReadOnlyList<PriceTarget> prices, RowContext row, Utf8JsonWriter json)
    {
        json.WriteStartArray("prices"u8);
        foreach (var price in prices)
            if (price.Each is null)
                Write(price, row, json);
            else
            {
                var whole = row.Row;
                HashSet<string> currencies = new(StringComparer.Ordinal);
                foreach (var nested in whole.Each(price.Each))
                {
                    row.Row = nested;
                    if (currencies.Add(price.Currency.One(row) ?? ""))
                        Write(price, row, json);
                }
                row.Row = whole;
            }
        json.WriteEndArray();
    }

    static void Write(PriceTarget price, RowContext row, Utf8JsonWriter json)
    {
        if (price.Amount.One(row) is not { } text)
            row.Note(price.Amount.Column, null, Rule.PriceMissing);
        else if (price.Currency.One(row) is not { } currency || !Currencies.Exists(currency))
            row.Note(price.Currency.Column, price.Currency.One(row), Rule.CurrencyUnknown);
        else if (!Decimals.TryRead(text, price.Form, out var plain, out var isGrouped))
            row.Note(price.Amount.Column, text, Rule.NumberUnreadable);
        else if (Decimals.Amount(plain, currency, price.Form == DecimalForm.Minor, out var minor) is { } rule)
            row.Note(price.Amount.Column, text, rule);
        else if (minor == 0)
            row.Note(price.Amount.Column, text, Rule.PriceZero);
        else
        {
            if (isGrouped)
                row.Note(price.Amount.Column, text, Rule.NumberGrouped);
            json.WriteStartObject();
            json.WriteNumber("amount"u8, minor);
            json.WriteString("currency"u8, currency);
            json.WriteEndObject();
        }
    }
}
