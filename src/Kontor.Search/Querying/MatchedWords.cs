using Kontor.Search.Languages;

namespace Kontor.Search;

/// <summary>The terms by which a query found what it found.</summary>
public sealed class MatchedWords
{
    readonly HashSet<(ushort Space, string Term)> terms;

    /// <summary>Of an engine that does not say by which terms it found.</summary>
    public static MatchedWords Unknown { get; } = new([]);

    internal MatchedWords(HashSet<(ushort Space, string Term)> terms) => this.terms = terms;

    /// <summary>The places in a text, in its order.</summary>
    internal IReadOnlyList<TextMark> In(string text, Tongue tongue)
    {
        var words = new List<Word>();
        TextWords.Split(text, SearchSchema.MaxWordsOfText, words);
        return
        [
            .. words
                .Where(word => Has(tongue, tongue.FormOf(text.AsSpan(word.Start, word.Length))))
                .Select(word => new TextMark(word.Start, word.Length)),
        ];
    }

    bool Has(Tongue tongue, Form form) =>
        (form.Stem is { } stem && terms.Contains((tongue.Stems, stem)))
        || terms.Contains((tongue.Surfaces, form.Surface));
}
