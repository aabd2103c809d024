using System.Collections.Concurrent;
using Lucene.Net.Analysis.Miscellaneous;

namespace Kontor.Search.Languages;

/// <summary>What a word is kept as.</summary>
/// <param name="Surface">In small letters without accents: completed, suggested, corrected.</param>
/// <param name="Stem">What it is looked for as; null where it says nothing.</param>
sealed record Form(string Surface, string? Stem);

/// <summary>A language of an index: its words and what they are kept as.</summary>
/// <param name="number">Its place among the languages of the index; 0 is none.</param>
sealed class Tongue(int number, ILanguage language)
{
    /// <summary>Words remembered; what comes after is stemmed each time. A catalogue has fewer unless its words are numbers.</summary>
    const int MostRemembered = 300_000;

    const char CombiningFirst = '\u0300';
    const char CombiningLast = '\u036F';

    readonly ConcurrentDictionary<string, Form> forms = new(StringComparer.Ordinal);

    public int Number => number;

    /// <summary>Space of the terms that whole words are looked for in.</summary>
    public ushort Stems => (ushort)(2 * number);

    /// <summary>Space of the words as they are written.</summary>
    public ushort Surfaces => (ushort)((2 * number) + 1);

    public Form FormOf(ReadOnlySpan<char> word)
    {
        if (word.Length > TextWords.MaxLetters)
            word = word[
                ..(
                    char.IsHighSurrogate(word[TextWords.MaxLetters - 1])
                        ? TextWords.MaxLetters - 1
                        : TextWords.MaxLetters
                )
            ];
        Span<char> lower = stackalloc char[word.Length];
        word.ToLowerInvariant(lower);
        var known = forms.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(lower, out var form))
            return form;
        var written = lower.ToString();
        form = Make(written);
        if (forms.Count < MostRemembered)
            forms.TryAdd(written, form);
        return form;
    }

    Form Make(string word)
    {
        var surface = Fold(word);
        // A number or a model's name has no stem.
        if (word.Any(char.IsDigit))
            return new(surface, surface);
        var stem = language.Stem(word);
        return new(surface, stem is null ? null : Fold(stem));
    }

    /// <summary>As it is completed, suggested and corrected, the same in all languages.</summary>
    internal static string SurfaceOf(ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[word.Length > TextWords.MaxLetters ? TextWords.MaxLetters : word.Length];
        word[..lower.Length].ToLowerInvariant(lower);
        return Fold(lower.ToString());
    }

    /// <summary>Without accents, whether they are part of the letter or stand after it.</summary>
    static string Fold(string word)
    {
        if (System.Text.Ascii.IsValid(word))
            return word;
        var letters = word.Where(letter => letter is < CombiningFirst or > CombiningLast).ToArray();
        var folded = new char[letters.Length * 4];
        var length = ASCIIFoldingFilter.FoldToASCII(letters, 0, folded, 0, letters.Length);
        var plain = new string(folded, 0, length);
        return plain.Length == 0 ? word : plain;
    }
}

/// <summary>The languages that an index has met. Any thread.</summary>
sealed class Tongues
{
    const int Most = 200;
    readonly ConcurrentDictionary<string, Tongue> known = new(StringComparer.Ordinal);
    readonly Func<string, ILanguage?> languages;
    readonly Lock gate = new();

    public Tongues(Func<string, ILanguage?> languages)
    {
        this.languages = languages;
        None = new(0, AsWritten.Instance);
        known[""] = None;
    }

    /// <summary>Of texts that are of no language.</summary>
    public Tongue None { get; }

    /// <summary>The language of a document's tag; one that nobody can stem has its words as they are written.</summary>
    public Tongue Of(string tag) => Find(KeyOf(tag), isKept: true) ?? None;

    /// <summary>The language of a query: a tag that nobody knows leaves nothing behind.</summary>
    public Tongue Asked(string tag) => Find(KeyOf(tag), isKept: false) ?? None;

    Tongue? Find(string key, bool isKept)
    {
        if (known.TryGetValue(key, out var tongue))
            return tongue;
        var language = languages(key) ?? (isKept ? AsWritten.Instance : null);
        if (language is null)
            return null;
        lock (gate)
        {
            if (!known.TryGetValue(key, out tongue) && known.Count < Most)
                known[key] = tongue = new(known.Count, language);
            return tongue;
        }
    }

    /// <summary>A tag's first part: <c>de-AT</c> is <c>de</c>.</summary>
    static string KeyOf(string tag)
    {
        var dash = tag.IndexOfAny(['-', '_']);
        return (dash < 0 ? tag : tag[..dash]).ToLowerInvariant();
    }
}
