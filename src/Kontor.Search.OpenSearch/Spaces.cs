using Kontor.Search.Languages;

namespace Kontor.Search.OpenSearch;

/// <summary>Where the texts of a language stand, and what a word is without its language.</summary>
sealed class Spaces(OpenSearchOptions options, SearchSchema schema)
{
    /// <summary>Texts of no language: each language looks in them too.</summary>
    public const string None = "none";

    /// <summary>Texts of languages that the index has no analyser for.</summary>
    public const string Others = "others";

    /// <summary>Of text fields that the schema does not name.</summary>
    const string OtherField = "other";

    static readonly Tongue Plain = new(0, AsWritten.Instance);

    readonly Dictionary<string, double> weights = schema
        .Texts.Select(text => (text.Name, text.Boost))
        .Append((OtherField, 1))
        .ToDictionary(StringComparer.Ordinal);

    public IEnumerable<string> All => [.. options.Languages.Keys, Others, None];

    public IEnumerable<string> Fields => weights.Keys;

    /// <summary>Names of text fields become names in the mapping, where a dot is a level.</summary>
    public static string? FaultOf(SearchSchema schema) =>
        schema.Texts.FirstOrDefault(text =>
            text.Name is "" or OtherField
            || !text.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        )
            is { } wrong
            ? $"'{wrong.Name}' is no name of a text field: letters, digits, '-' and '_', and not '{OtherField}'."
            : null;

    public string Of(string language)
    {
        if (language.Length == 0)
            return None;
        var dash = language.IndexOfAny(['-', '_']);
        var tag = (dash < 0 ? language : language[..dash]).ToLowerInvariant();
        return options.Languages.ContainsKey(tag) ? tag : Others;
    }

    /// <summary>The spaces that a query in a language looks in.</summary>
    public IReadOnlyList<string> Asked(string language) =>
        Of(language) is var own && own == None ? [None] : [own, None];

    public string AnalyserOf(string space) => options.Languages.GetValueOrDefault(space, IndexShape.Written);

    public string FieldOf(string text) => weights.ContainsKey(text) ? text : OtherField;

    public bool Completes(string text) => schema.Texts.Any(field => field.Name == text && field.CompletesWords);

    /// <summary>The fields of a space with their weights, as <c>multi_match</c> takes them.</summary>
    public IEnumerable<string> Weighed(string space) =>
        weights.Select(field => $"texts.{space}.{field.Key}^{field.Value}");

    /// <summary>A word in small letters without accents.</summary>
    public static string Surface(ReadOnlySpan<char> word) => Plain.FormOf(word).Surface;

    public static IEnumerable<string> WordsOf(string text)
    {
        var words = new List<Word>();
        TextWords.Split(text, SearchSchema.MaxWordsOfText, words);
        return words.Select(word => text.Substring(word.Start, word.Length));
    }
}
