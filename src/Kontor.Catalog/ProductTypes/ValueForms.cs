using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kontor.Catalog.ProductTypes;

/// <summary>The one way in which each value is written, so that equal values are equal texts.</summary>
static partial class ValueForms
{
    public const string DateRule = "A date as 2026-11-23.";
    public const string MomentRule = "A moment as 2026-11-23T06:30:00.000000Z, with its offset or Z.";
    public const int MostDigits = 28;
    const int LongestNumber = 100;

    public static JsonElement Json(string raw) => JsonElement.Parse(raw);

    public static JsonElement Of(string text) => JsonSerializer.SerializeToElement(text, Kernel.KontorJson.Options);

    public static JsonElement Of(decimal number) => Json(TextOf(number));

    /// <summary>The number, where it can be held without losing a digit: it has at most 28.</summary>
    public static decimal? Exact(string written)
    {
        if (
            written.Length > LongestNumber
            || !decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        )
            return null;
        // A decimal takes some numbers of 29 digits; those of 28 it takes all.
        var text = TextOf(number);
        return
            Digits(written) == Digits(text)
            && text.Where(char.IsAsciiDigit).SkipWhile(d => d == '0').Count() <= MostDigits
            ? number
            : null;
    }

    /// <summary>Without exponent, trailing zeros or a minus before nothing.</summary>
    public static string TextOf(decimal number)
    {
        if (number == 0)
            return "0";
        var text = number.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>A date or a moment as it is stored: moments in UTC, to the microsecond. Null where it is none.</summary>
    public static string? TimeOf(AttributeKind kind, string written) =>
        kind == AttributeKind.Date
            ? DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? written
                : null
            : MomentOf(written);

    public static bool IsLocale(string locale) => Locale.IsMatch(locale);

    /// <summary>Whether PostgreSQL can hold every text in it: no U+0000, no half of a surrogate pair.</summary>
    public static bool IsStorable(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => !value.GetString()!.Contains('\0', StringComparison.Ordinal),
                JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
                JsonValueKind.Object => value
                    .EnumerateObject()
                    .All(member => !member.Name.Contains('\0', StringComparison.Ordinal) && IsStorable(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false; // Half of a surrogate pair: that is how it is told.
        }
    }

    static string? MomentOf(string written) =>
        Moment.IsMatch(written)
        && DateTimeOffset.TryParse(
            written,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment
        )
            ? moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
            : null;

    /// <summary>The digits that say something, before any exponent.</summary>
    static string Digits(string written)
    {
        var end = written.AsSpan().IndexOfAny('e', 'E');
        var mantissa = end < 0 ? written : written[..end];
        return string.Concat(mantissa.Where(char.IsAsciiDigit)).Trim('0');
    }

    [GeneratedRegex(@"\A[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Locale { get; }

    [GeneratedRegex(
        @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Moment { get; }
}
