using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kontor.Imports.Matching;

/// <summary>What a text consists of, for comparing it with another shop's.</summary>
/// <param name="Plain">Words and numbers, folded; measures as one word (<c>8192mb</c>).</param>
/// <param name="Codes">Letters and digits that may be a part number, without punctuation; also among the plain words.</param>
/// <param name="Pieces">Parts of codes that were written with punctuation: good for finding, not for judging.</param>
sealed record Words(List<string> Plain, List<string> Codes, List<string> Pieces, List<Measure> Measures)
{
    const int MinCodeLetters = 4;
    const int MinCodeDigits = 5;
    const int MaxWord = 40;

    static readonly SearchValues<char> Joiners = SearchValues.Create("-/._#,");

    static readonly HashSet<string> Idle = new(
        ["and", "with", "for", "the", "in", "of", "to", "a", "an", "by", "on", "or", "at", "from", "w"],
        StringComparer.Ordinal
    );

    public static Words Of(string? text, int most = int.MaxValue)
    {
        var words = new Words([], [], [], []);
        if (string.IsNullOrEmpty(text))
            return words;
        var folded = Fold(text);
        var at = 0;
        while (words.Plain.Count < most && Next(folded, ref at, out var chunk))
            words.Read(chunk, folded, ref at);
        return words;
    }

    /// <summary>Lower case without accents: Café is cafe.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var sign in text.Normalize(NormalizationForm.FormKD))
            if (CharUnicodeInfo.GetUnicodeCategory(sign) != UnicodeCategory.NonSpacingMark)
                folded.Append(
                    char.ToLowerInvariant(
                        sign is '’' or '′' ? '\''
                        : sign is '”' or '“' or '″' ? '"'
                        : sign
                    )
                );
        return folded.ToString();
    }

    /// <summary>Letters and digits only, folded: <c>DAV-HDX576 WF</c> is <c>davhdx576wf</c>.</summary>
    public static string Compact(string text)
    {
        var folded = Fold(text);
        Span<char> kept = folded.Length <= 512 ? stackalloc char[folded.Length] : new char[folded.Length];
        var count = 0;
        foreach (var sign in folded)
            if (char.IsLetterOrDigit(sign))
                kept[count++] = sign;
        return kept[..count].ToString();
    }

    /// <summary>Whether letters and digits, put together, may be a manufacturer's number.</summary>
    public static bool IsCode(ReadOnlySpan<char> compact)
    {
        var digits = 0;
        foreach (var sign in compact)
            digits += char.IsAsciiDigit(sign) ? 1 : 0;
        return compact.Length <= MaxWord
            && (digits == compact.Length ? digits >= MinCodeDigits : digits > 0 && compact.Length >= MinCodeLetters);
    }

    public void Add(Words further)
    {
        Plain.AddRange(further.Plain);
        Codes.AddRange(further.Codes);
        Pieces.AddRange(further.Pieces);
        Measures.AddRange(further.Measures);
    }

    static bool Next(string text, scoped ref int at, out ReadOnlySpan<char> chunk)
    {
        while (at < text.Length && !char.IsLetterOrDigit(text[at]))
            at++;
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || Joins(text, at)))
            at++;
        // The mark of inches or feet belongs to the number before it.
        if (at < text.Length && at > start && text[at] is '\'' or '"' && char.IsAsciiDigit(text[at - 1]))
            at++;
        chunk = text.AsSpan(start, at - start);
        return !chunk.IsEmpty;
    }

    static bool Joins(string text, int at) =>
        at > 0
        && at + 1 < text.Length
        && char.IsLetterOrDigit(text[at - 1])
        && char.IsLetterOrDigit(text[at + 1])
        && (
            text[at] is '-' or '/' or '.' or '_' or '#'
            || (text[at] == ',' && char.IsAsciiDigit(text[at - 1]) && char.IsAsciiDigit(text[at + 1]))
        );

    void Read(ReadOnlySpan<char> chunk, string text, scoped ref int at)
    {
        if (Number(chunk) is var number and > 0 && Measured(chunk, number, text, ref at))
            return;
        if (chunk[^1] is '\'' or '"')
            chunk = chunk[..^1];
        if (!chunk.ContainsAny(Joiners))
            Add(chunk);
        else
            Compound(chunk);
    }

    /// <summary>How many signs at the beginning are a number: 4, 4.2.</summary>
    static int Number(ReadOnlySpan<char> chunk)
    {
        var end = 0;
        while (
            end < chunk.Length
            && (
                char.IsAsciiDigit(chunk[end])
                || (chunk[end] == '.' && end > 0 && end + 1 < chunk.Length && char.IsAsciiDigit(chunk[end + 1]))
            )
        )
            end++;
        return end;
    }

    bool Measured(ReadOnlySpan<char> chunk, int number, string text, scoped ref int at)
    {
        var unit = chunk[number..].TrimStart('-').TrimEnd('.');
        var alone = unit.IsEmpty;
        var after = at;
        if (alone && (!Next(text, ref after, out unit) || after - at > unit.Length + 2))
            return false;
        if (!Kontor.Imports.Matching.Measures.Is(chunk[..number], unit, alone, out var measure))
            return false;
        if (alone)
            at = after;
        Measures.Add(measure);
        Plain.Add(measure.Word);
        return true;
    }

    void Compound(ReadOnlySpan<char> chunk)
    {
        Span<char> joined = chunk.Length <= 128 ? stackalloc char[chunk.Length] : new char[chunk.Length];
        var count = 0;
        var hasLetter = false;
        foreach (var sign in chunk)
            if (char.IsLetterOrDigit(sign))
            {
                joined[count++] = sign;
                hasLetter |= char.IsLetter(sign);
            }
        var isCode = IsCode(joined[..count]);
        var hasDash = chunk.Contains('-');
        if (isCode && (hasLetter || hasDash))
            Add(joined[..count]);
        foreach (var range in chunk.SplitAny("-/._#,"))
        {
            var part = chunk[range];
            if (!isCode || (!hasLetter && !hasDash))
                Add(part);
            else if (IsCode(part))
                Pieces.Add(part.ToString());
        }
    }

    void Add(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty || word.Length > MaxWord)
            return;
        var isCode = IsCode(word);
        if (
            !isCode
            && word.Length > 3
            && word[^1] == 's'
            && word[^2] is not ('s' or 'u' or 'i')
            && char.IsLetter(word[0])
        )
            word = word[..^1];
        var kept = word.ToString();
        if (Idle.Contains(kept))
            return;
        Plain.Add(kept);
        if (isCode)
            Codes.Add(kept);
    }
}
