using Kontor.Search.Languages;

namespace Kontor.Search.Querying;

/// <summary>A word that is asked for, or several as they stand.</summary>
/// <param name="IsPhrase">It stood in quotes.</param>
/// <param name="IsNot">What must not be there.</param>
/// <param name="IsBegun">The text ends with it: it may go on.</param>
sealed record Clause(IReadOnlyList<string> Words, bool IsPhrase, bool IsNot, bool IsBegun);

/// <summary>Reads what people type. Everything that is typed can be read.</summary>
static class QueryText
{
    public static IReadOnlyList<Clause> Read(string typed)
    {
        var text = typed.Length > SearchQuery.MaxTextRead ? typed[..SearchQuery.MaxTextRead] : typed;
        var clauses = new List<Clause>();
        var (at, words) = (0, 0);
        while (at < text.Length && words < SearchQuery.MaxWords)
        {
            var quote = text.IndexOf('"', at);
            var end = quote < 0 ? -1 : text.IndexOf('"', quote + 1);
            // A quote that is never closed is none.
            var plain = end < 0 ? text.Length : quote;
            words += Plain(text, at, plain, SearchQuery.MaxWords - words, clauses);
            if (end < 0)
                break;
            words += Quoted(text, quote, end, SearchQuery.MaxWords - words, clauses);
            at = end + 1;
        }
        return clauses;
    }

    static int Plain(string text, int from, int to, int most, List<Clause> clauses)
    {
        var before = clauses.Count;
        foreach (var (start, word) in WordsOf(text, from, to, most))
            clauses.Add(new([word], IsPhrase: false, IsNegated(text, start), start + word.Length == text.Length));
        return clauses.Count - before;
    }

    static int Quoted(string text, int quote, int end, int most, List<Clause> clauses)
    {
        var words = WordsOf(text, quote + 1, end, most).Select(word => word.Word).ToList();
        if (words.Count > 0)
            clauses.Add(new(words, IsPhrase: true, IsNegated(text, quote), IsBegun: false));
        return words.Count;
    }

    static IEnumerable<(int Start, string Word)> WordsOf(string text, int from, int to, int most)
    {
        var words = new List<Word>();
        TextWords.Split(text.AsSpan(from..to), Math.Max(0, most), words);
        return words.Select(word => (from + word.Start, text.Substring(from + word.Start, word.Length)));
    }

    static bool IsNegated(string text, int start) =>
        start > 0 && text[start - 1] == '-' && (start == 1 || char.IsWhiteSpace(text[start - 2]));
}
