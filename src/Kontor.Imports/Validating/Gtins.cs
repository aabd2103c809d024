namespace Kontor.Imports.Validating;

/// <summary>Numbers of articles (GTIN-8, -12, -13, -14) and of books.</summary>
static class Gtins
{
    /// <summary>What is wrong with a GTIN; null and its digits where nothing is. A UPC-A of 12 digits gets its leading zero, a
    /// GTIN-14 that begins with one loses it: both are the same article as the 13 digits.</summary>
    public static Rule? Read(string text, out string gtin)
    {
        gtin = text;
        if (IsRuined(text))
            return Rule.GtinRuined;
        Span<char> digits = stackalloc char[14];
        var count = 0;
        foreach (var sign in text)
            if (char.IsAsciiDigit(sign) && count < 14)
                digits[count++] = sign;
            else if (sign is not (' ' or '-'))
                return Rule.GtinLength;
        if (count is not (8 or 12 or 13 or 14))
            return Rule.GtinLength;
        if (!HasCheckDigit(digits[..count]))
            return Rule.GtinCheckDigit;
        gtin = count switch
        {
            12 => $"0{digits[..12]}",
            14 when digits[0] == '0' => digits[1..14].ToString(),
            13 when text.Length == 13 => text,
            8 when text.Length == 8 => text,
            _ => digits[..count].ToString(),
        };
        return null;
    }

    /// <summary>Given by a shop to its own goods.</summary>
    public static bool IsInStore(string gtin) => gtin.Length == 13 && gtin[0] == '2';

    /// <summary>ISBN-13 of an ISBN of either length; null where it is none.</summary>
    public static Rule? ReadIsbn(string text, out string isbn)
    {
        isbn = text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (IsRuined(text))
            return Rule.GtinRuined;
        if (isbn.Length == 13 && isbn.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
            return isbn.StartsWith("978", StringComparison.Ordinal) || isbn.StartsWith("979", StringComparison.Ordinal)
                ? (HasCheckDigit(isbn) ? null : Rule.IsbnInvalid)
                : Rule.IsbnInvalid;
        if (isbn.Length != 10 || !IsIsbn10(isbn))
            return Rule.IsbnInvalid;
        var stem = $"978{isbn.AsSpan(0, 9)}";
        isbn = $"{stem}{CheckDigit(stem)}";
        return null;
    }

    static bool IsIsbn10(string isbn)
    {
        var sum = 0;
        for (var i = 0; i < 10; i++)
            if (char.IsAsciiDigit(isbn[i]))
                sum += (10 - i) * (isbn[i] - '0');
            else if (i == 9 && isbn[i] is 'X' or 'x')
                sum += 10;
            else
                return false;
        return sum % 11 == 0;
    }

    /// <summary>9.78E+12: a number that a spreadsheet has shortened.</summary>
    static bool IsRuined(string text) =>
        text.Length > 4
        && char.IsAsciiDigit(text[0])
        && text.AsSpan().IndexOfAny('e', 'E') is var at and > 0
        && at + 1 < text.Length
        && (text[at + 1] is '+' or '-' || char.IsAsciiDigit(text[at + 1]))
        && text.AsSpan(0, at).TrimStart("0123456789.,").IsEmpty;

    static bool HasCheckDigit(ReadOnlySpan<char> digits) => CheckDigit(digits[..^1]) == digits[^1];

    static char CheckDigit(ReadOnlySpan<char> stem)
    {
        var sum = 0;
        for (var i = 0; i < stem.Length; i++)
            sum += (stem[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
