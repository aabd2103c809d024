using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kontor.Search.Languages;

/// <summary>A word of a text.</summary>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Length">How much of the text it takes.</param>
readonly record struct Word(int Start, int Length);

/// <summary>Takes a text apart. A word is a run of letters, digits and their marks; an apostrophe between letters belongs to
/// it. Where words are written without spaces (Han, kana) each letter is one, and a phrase of them finds what was meant.</summary>
static class TextWords
{
    /// <summary>Letters of a word that count; two that begin with the same so many are one.</summary>
    public const int MaxLetters = 64;

    public static void Split(ReadOnlySpan<char> text, int most, List<Word> words)
    {
        var at = 0;
        while (at < text.Length && words.Count < most)
        {
            var (kind, length) = KindAt(text, at);
            var start = at;
            at += length;
            if (kind is Kind.Nothing)
                continue;
            if (kind is Kind.Letter)
                at = EndOf(text, at);
            words.Add(new(start, at - start));
        }
    }

    /// <summary>Where the unit begins of a number that is written with one (8gb, 500w); null where it is something else.</summary>
    public static int? UnitAt(ReadOnlySpan<char> word)
    {
        var digits = 0;
        while (digits < word.Length && char.IsAsciiDigit(word[digits]))
            digits++;
        var letters = word[digits..];
        if (digits == 0 || letters.Length is 0 or > MostUnit || letters.ContainsAnyExceptInRange('a', 'z'))
            return null;
        return digits;
    }

    const int MostUnit = 4;

    static int EndOf(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length)
        {
            var (kind, length) = KindAt(text, at);
            if (kind is Kind.Letter)
                at += length;
            else if (text[at] is '\'' or '\u2019' && at + 1 < text.Length && KindAt(text, at + 1).Kind is Kind.Letter)
                at++;
            else
                break;
        }
        return at;
    }

    enum Kind
    {
        Nothing,
        Letter,
        Alone,
    }

    static (Kind Kind, int Length) KindAt(ReadOnlySpan<char> text, int at)
    {
        // A lone surrogate is no letter: what comes out of here is always valid UTF-16.
        if (Rune.DecodeFromUtf16(text[at..], out var rune, out var length) != OperationStatus.Done)
            return (Kind.Nothing, length);
        if (rune.IsAscii)
            return (char.IsAsciiLetterOrDigit((char)rune.Value) ? Kind.Letter : Kind.Nothing, 1);
        var isWord = Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber
            or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark => true,
            _ => false,
        };
        if (!isWord)
            return (Kind.Nothing, length);
        return (IsWrittenWithoutSpaces(rune.Value) ? Kind.Alone : Kind.Letter, length);
    }

    static bool IsWrittenWithoutSpaces(int rune) =>
        rune
            is (>= 0x3040 and <= 0x30FF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x4E00 and <= 0x9FFF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x20000 and <= 0x3FFFF);
}
