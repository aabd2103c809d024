using System.Text;
using System.Text.Unicode;

namespace Kontor.Imports.Extracting;

/// <summary>Which encoding a file is in, told by its marks, its form, or what its letters would be.</summary>
static class Encodings
{
    /// <summary>Names in mapping files. The first of equals is the one that is guessed.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "utf-8",
        "utf-16",
        "utf-16be",
        "windows-1252",
        "windows-1250",
        "windows-1251",
        "windows-1253",
        "windows-1254",
        "windows-1257",
        "iso-8859-1",
        "iso-8859-2",
        "iso-8859-5",
        "iso-8859-7",
        "iso-8859-9",
        "iso-8859-15",
    ];

    /// <summary>Letters that are frequent in languages of an encoding, and are something else in the others.</summary>
    static readonly (string Name, string Frequent)[] Alphabets =
    [
        ("windows-1252", "éèàùâêîôûëïüçÉÈÀÇäöÄÖÜßåÅæøÆØñÑáíóúãõÃÕ°’“”«»®™£€ ½²³"),
        ("iso-8859-15", "éèàùâêîôûëïüçÉÈÀÇäöÄÖÜßåÅæøÆØñÑáíóúãõœŒ€šž"),
        ("windows-1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůýžČĎĚŇŘŠŤŮÝŽáéíúőűŐŰăâîşţ„”"),
        ("iso-8859-2", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůýžČĎĚŇŘŠŤŮÝŽáéíúőűŐŰ"),
        ("windows-1251", "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯё«»№іїє"),
        ("iso-8859-5", "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ"),
        ("windows-1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆ"),
        ("iso-8859-7", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"),
        ("windows-1254", "çğıİöşüÇĞÖŞÜâî"),
        ("windows-1257", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽąęėįųĄĘĖĮŲõäöü"),
    ];

    public static Encoding? Of(string name) =>
        name.ToLowerInvariant() switch
        {
            "utf-8" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            "utf-16" => Encoding.Unicode,
            "utf-16be" => Encoding.BigEndianUnicode,
            "iso-8859-1" => Encoding.Latin1,
            var other when Names.Contains(other, StringComparer.Ordinal) =>
                CodePagesEncodingProvider.Instance.GetEncoding(other),
            _ => null,
        };

    /// <summary>The encoding of what a file begins with.</summary>
    public static string Detect(ReadOnlySpan<byte> sample)
    {
        if (sample is [0xef, 0xbb, 0xbf, ..])
            return "utf-8";
        if (sample is [0xff, 0xfe, ..])
            return "utf-16";
        if (sample is [0xfe, 0xff, ..])
            return "utf-16be";
        if (Wide(sample) is { } wide)
            return wide;
        return IsUtf8(sample) ? "utf-8" : Narrow(sample);
    }

    /// <summary>UTF-8 that may be cut inside a letter at its end; a few stray bytes among many letters are dirt, not another
    /// encoding.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> sample)
    {
        for (var cut = 0; cut < Math.Min(4, sample.Length + 1); cut++)
            if (Utf8.IsValid(sample[..^cut]))
                return true;
        var (letters, strays) = (0, 0);
        while (!sample.IsEmpty)
        {
            var state = Rune.DecodeFromUtf8(sample, out _, out var length);
            if (state != System.Buffers.OperationStatus.Done)
                strays++;
            else if (length > 1)
                letters++;
            sample = sample[length..];
        }
        return letters >= 10 * strays;
    }

    /// <summary>Text of the West in UTF-16 without a mark has every second byte 0.</summary>
    static string? Wide(ReadOnlySpan<byte> sample)
    {
        var (even, odd) = (0, 0);
        var length = Math.Min(sample.Length, 4_096);
        for (var i = 0; i < length; i++)
            if (sample[i] == 0 && i % 2 == 0)
                even++;
            else if (sample[i] == 0)
                odd++;
        if (odd > length / 5 && even < odd / 20 + 1)
            return "utf-16";
        return even > length / 5 && odd < even / 20 + 1 ? "utf-16be" : null;
    }

    /// <summary>Which alphabet makes words of the bytes above 127: letters that its languages use often, among other letters, in
    /// the case of their neighbours.</summary>
    static string Narrow(ReadOnlySpan<byte> sample)
    {
        var (best, bestScore) = (Alphabets[0].Name, double.MinValue);
        foreach (var (name, frequent) in Alphabets)
        {
            var text = Of(name)!.GetString(sample); // Each stands in Names.
            if (Score(text, frequent) is var score && score > bestScore)
                (best, bestScore) = (name, score);
        }
        return best;
    }

    static double Score(string text, string frequent)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var sign = text[i];
            if (sign < 0x80)
                continue;
            count++;
            var (before, after) = (i > 0 ? text[i - 1] : ' ', i + 1 < text.Length ? text[i + 1] : ' ');
            if (sign == '\uFFFD' || char.IsControl(sign))
                sum -= 5;
            else if (frequent.Contains(sign, StringComparison.Ordinal))
                sum += 1;
            else if (char.IsLetter(before) && char.IsLetter(after))
                sum -= char.IsLetter(sign) ? 0.5 : 2;
            // A capital inside a word of small letters is the sign of another alphabet.
            if (char.IsUpper(sign) && char.IsLower(before))
                sum -= 1;
            if (sign >= 0x370 && (IsLatin(before) || IsLatin(after)))
                sum -= 1;
        }
        return count == 0 ? 0 : sum / count;
    }

    static bool IsLatin(char sign) => char.IsAsciiLetter(sign);
}
