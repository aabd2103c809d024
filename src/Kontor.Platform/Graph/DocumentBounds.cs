using System.Text;

namespace Kontor.Platform.Graph;

/// <summary>What a document may hold before anybody parses it: the parser descends once for each bracket.</summary>
static class DocumentBounds
{
    public const int MaxBytes = 32 * 1024;
    public const int MaxTokens = 4_000;
    public const int MaxNesting = 64;

    public static bool Holds(string document)
    {
        if (Encoding.UTF8.GetByteCount(document) > MaxBytes)
            return false;
        var rest = document.AsSpan();
        var (tokens, nesting) = (0, 0);
        while (rest.Length > 0)
        {
            var taken = Take(rest, out var isToken);
            if (isToken && ++tokens > MaxTokens)
                return false;
            if (rest[0] is '{' or '[' or '(' && ++nesting > MaxNesting)
                return false;
            if (rest[0] is '}' or ']' or ')')
                nesting--;
            rest = rest[taken..];
        }
        return true;
    }

    /// <summary>The length of what stands first: a token, a comment or a gap.</summary>
    static int Take(ReadOnlySpan<char> text, out bool isToken)
    {
        isToken = text[0] is not ('#' or ' ' or '\t' or '\r' or '\n' or ',' or '\uFEFF');
        return text switch
        {
            ['#', ..] => text.IndexOfAny('\r', '\n') is var end and >= 0 ? end : text.Length,
            ['"', '"', '"', ..] => BlockString(text),
            ['"', ..] => String(text),
            _ when IsWord(text[0]) => Word(text),
            _ => 1,
        };
    }

    static int Word(ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && IsWord(text[length]))
            length++;
        return length;
    }

    static int String(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
            if (text[i] == '\\')
                i++;
            else if (text[i] is '"' or '\r' or '\n')
                return i + 1;
        return text.Length;
    }

    static int BlockString(ReadOnlySpan<char> text)
    {
        for (var i = 3; i < text.Length; i++)
            if (text[i..].StartsWith("\\\"\"\""))
                i += 3;
            else if (text[i..].StartsWith("\"\"\""))
                return i + 3;
        return text.Length;
    }

    static bool IsWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
