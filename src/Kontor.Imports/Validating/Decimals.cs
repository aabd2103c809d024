using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kontor.Kernel;

namespace Kontor.Imports.Validating;

enum DecimalForm
{
    /// <summary>A point for decimals; commas, blanks and apostrophes only between groups of three: 1,299.00.</summary>
    Point,

    /// <summary>A comma for decimals; points, blanks and apostrophes only between groups of three: 1.299,00.</summary>
    Comma,

    /// <summary>The last comma is for decimals, commas before it for groups: 4,642,35.</summary>
    LastComma,

    /// <summary>Minor units: 1299 is 12.99 EUR.</summary>
    Minor,
}

/// <summary>Decimal numbers as exact text, never through a floating number.</summary>
static class Decimals
{
    const long MaxAmount = 1_000_000_000_000;

    public static DecimalForm? FormOf(string name) =>
        name switch
        {
            "point" => DecimalForm.Point,
            "comma" => DecimalForm.Comma,
            "lastComma" => DecimalForm.LastComma,
            "minor" => DecimalForm.Minor,
            _ => null,
        };

    /// <summary>The number as digits with a point at most, without signs of currency: 1299.00. What has no such reading is
    /// refused, not guessed.</summary>
    /// <param name="isGrouped">Several commas were there, and the last was taken for the decimal sign.</param>
    public static bool TryRead(string text, DecimalForm form, [NotNullWhen(true)] out string? plain, out bool isGrouped)
    {
        (plain, isGrouped) = (null, false);
        if (form is DecimalForm.Point or DecimalForm.Minor && IsPlain(text))
        {
            plain = text;
            return true;
        }
        var bare = WithoutCurrency(text);
        var isNegative = bare.StartsWith('-');
        bare = bare.TrimStart('-');
        var sign = form is DecimalForm.Point or DecimalForm.Minor ? '.' : ',';
        var at = form == DecimalForm.LastComma ? bare.LastIndexOf(sign) : bare.IndexOf(sign);
        var whole = at < 0 ? bare : bare[..at];
        var fraction = at < 0 ? default : bare[(at + 1)..];
        if (at >= 0 && (fraction.IsEmpty || fraction.ContainsAnyExceptInRange('0', '9')))
            return false;
        if (!Groups(whole, form, out var digits))
            return false;
        isGrouped = form == DecimalForm.LastComma && whole.Contains(',');
        plain = $"{(isNegative ? "-" : "")}{digits}{(at < 0 ? "" : ".")}{fraction}";
        return IsPlain(plain);
    }

    /// <summary>Digits with a minus and a point at most, at most 60 of them.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text)
    {
        if (text is ['-', ..])
            text = text[1..];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        return whole.Length is > 0 and <= 30
            && !whole.ContainsAnyExceptInRange('0', '9')
            && (point < 0 || (text.Length - point - 1) is > 0 and <= 30)
            && (point < 0 || !text[(point + 1)..].ContainsAnyExceptInRange('0', '9'));
    }

    /// <summary>Plain decimal text in major units (or minor ones) as exact minor units: 19.9 EUR is 1990.</summary>
    public static Rule? Amount(string plain, string currency, bool isMinor, out long minor)
    {
        minor = 0;
        var digits = isMinor ? 0 : Currencies.Digits(currency);
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? plain : plain[..point]).TrimStart('-').TrimStart('0');
        var fraction = point < 0 ? "" : plain[(point + 1)..].TrimEnd('0');
        if (plain[0] == '-' && (whole.Length > 0 || fraction.Length > 0))
            return Rule.PriceNegative;
        if (fraction.Length > digits)
            return Rule.PriceTooPrecise;
        if (whole.Length > 13)
            return Rule.PriceTooLarge;
        minor = long.Parse($"0{whole}{fraction.PadRight(digits, '0')}", CultureInfo.InvariantCulture);
        return minor > MaxAmount ? Rule.PriceTooLarge : null;
    }

    /// <summary>Without needless zeros, as attributes are stored; null where it has more than 28 digits.</summary>
    public static string? Canonical(string plain)
    {
        var isNegative = plain[0] == '-';
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? plain : plain[..point]).TrimStart('-').TrimStart('0');
        var fraction = point < 0 ? "" : plain[(point + 1)..].TrimEnd('0');
        if (whole.Length + fraction.Length > 28)
            return null;
        var text = $"{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : ".")}{fraction}";
        return isNegative && text != "0" ? "-" + text : text;
    }

    /// <summary>Signs and codes of currencies stand before or behind the number.</summary>
    static ReadOnlySpan<char> WithoutCurrency(string text)
    {
        var bare = text.AsSpan().Trim();
        var from = bare.IndexOfAnyInRange('0', '9');
        var to = bare.LastIndexOfAnyInRange('0', '9');
        if (from < 0)
            return bare;
        var before = bare[..from];
        var behind = bare[(to + 1)..];
        if (!IsCurrency(before.TrimEnd('-')) || !IsCurrency(behind))
            return bare;
        return before.Contains('-') ? $"-{bare[from..(to + 1)]}" : bare[from..(to + 1)];
    }

    static bool IsCurrency(ReadOnlySpan<char> sign)
    {
        sign = sign.Trim();
        return sign.IsEmpty
            || (sign.Length == 1 && char.GetUnicodeCategory(sign[0]) == UnicodeCategory.CurrencySymbol)
            || (sign.Length is 2 or 3 && !sign.ContainsAnyExceptInRange('A', 'z'));
    }

    /// <summary>The digits of the whole part, whose groups have three, but for the first.</summary>
    static bool Groups(ReadOnlySpan<char> whole, DecimalForm form, out string digits)
    {
        digits = whole.ToString();
        if (!whole.ContainsAnyExceptInRange('0', '9'))
            return true;
        var separators = form is DecimalForm.Point or DecimalForm.Minor
            ? ", '\u00a0\u202f\u2019"
            : ". '\u00a0\u202f\u2019";
        if (form == DecimalForm.LastComma)
            separators = ",";
        var separator = whole[whole.IndexOfAnyExceptInRange('0', '9')];
        var parts = digits.Split(separator);
        digits = string.Concat(parts);
        return separators.Contains(separator, StringComparison.Ordinal)
            && parts[0].Length is >= 1 and <= 3
            && parts.Skip(1).All(part => part.Length == 3);
    }
}
