namespace Kontor.Imports.Matching;

/// <summary>Bar codes in one form, so that UPC-A, EAN-13 and GTIN-14 of one article are equal.</summary>
public static class Gtin
{
    const int Length = 14;

    /// <summary>
    /// 14 digits, or null for what identifies no article in the world: not 8, 12, 13 or 14 digits, a wrong check digit, all
    /// zeros, or a number that shops give out themselves (prefixes 02, 04 and 2, and 0 to 1 of EAN-8).
    /// </summary>
    public static string? Normalised(string? text)
    {
        Span<char> digits = stackalloc char[Length];
        var count = 0;
        foreach (var sign in text.AsSpan().Trim())
        {
            if (sign is ' ' or '-')
                continue;
            if (!char.IsAsciiDigit(sign) || count == Length)
                return null;
            digits[count++] = sign;
        }
        if (count is not (8 or 12 or 13 or 14))
            return null;
        Span<char> whole = stackalloc char[Length];
        whole[..(Length - count)].Fill('0');
        digits[..count].CopyTo(whole[(Length - count)..]);
        return IsOfShop(whole, count) || !IsChecked(whole) || whole.TrimStart('0').IsEmpty ? null : whole.ToString();
    }

    static bool IsOfShop(ReadOnlySpan<char> whole, int given) =>
        given == 8 ? whole[6] is '0' or '2' : whole[1] == '2' || (whole[1] == '0' && whole[2] is '2' or '4');

    static bool IsChecked(ReadOnlySpan<char> whole)
    {
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
            sum += (whole[i] - '0') * (i % 2 == 0 ? 3 : 1);
        return (10 - sum % 10) % 10 == whole[^1] - '0';
    }
}
