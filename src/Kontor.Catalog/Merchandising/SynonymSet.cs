using Kontor.Catalog.Prices;
using Kontor.Search;

namespace Kontor.Catalog.Merchandising;

/// <summary>Words that mean the same.</summary>
/// <param name="Locale">Only for searches in this language or a narrower one; absent: in all.</param>
/// <param name="From">Words that find the others and are not found by them; absent: all words find each other.</param>
/// <param name="Words">Words, or several as they stand.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
sealed record SynonymSet(
    string Key,
    string? Locale,
    IReadOnlyList<string>? From,
    IReadOnlyList<string> Words,
    long Version
) : IKeyed
{
    public const int MaxSets = 10_000;
    public const int MaxWords = 100;
    public const int MaxLetters = 100;

    public static readonly KeyedTable<SynonymSet> Table = new(
        "synonyms",
        "synonyms",
        "synonyms",
        "key, locale, sources, words, version"
    )
    {
        Of = row =>
            new(
                row.GetString(0),
                row.TextOrNull(1),
                row.GetFieldValue<string[]>(2) is { Length: > 0 } sources ? sources : null,
                row.GetFieldValue<string[]>(3),
                row.GetInt64(4)
            ),
        NotFound = Rejections.SynonymsNotFound,
        Most = (MaxSets, Rejections.SynonymsFull),
    };

    /// <summary>What is wrong with the words, by path; null where nothing is.</summary>
    /// <remarks>A query is looked through word by word, so only a single word can lead to others; what it leads to may be
    /// several, which are then found as they stand.</remarks>
    public (string Path, string Reason)? Fault
    {
        get
        {
            var sources = From ?? [];
            if (At("from", sources, isSingle: true) is { } source)
                return source;
            if (At("words", Words, isSingle: false) is { } word)
                return word;
            if (From is null && Words.Count < 2)
                return ("words", "At least two words mean the same.");
            return From is null && !Words.Any(IsSingle)
                ? ("words", "At least one is a single word: only such a one is looked up.")
                : null;
        }
    }

    static (string Path, string Reason)? At(string path, IReadOnlyList<string> words, bool isSingle)
    {
        for (var i = 0; i < words.Count; i++)
            if (words[i] is not { Length: <= MaxLetters } || SearchWords.Of(words[i]).Count == 0)
                return ($"{path}[{i}]", $"1 to {MaxLetters} characters, with at least one letter or digit.");
            else if (isSingle && !IsSingle(words[i]))
                return ($"{path}[{i}]", "A single word: a search is looked through word by word.");
        return null;
    }

    static bool IsSingle(string text) => SearchWords.Of(text).Count == 1;
}
