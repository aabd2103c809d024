using System.Text.Json.Serialization;
using Kontor.Kernel;

namespace Kontor.Catalog.Texts;

/// <summary>The texts of a product that stand beside title and description, as they are stored.</summary>
/// <param name="Body">Rich text in the shop's own language, cleaned.</param>
/// <param name="Translations">By language; null where there is none.</param>
sealed record ProductTexts(
    string? Body = null,
    Seo? Seo = null,
    IReadOnlyDictionary<string, Translation>? Translations = null
)
{
    public const int MaxLocales = 50;
    public const int MaxTogether = 500_000;

    public static readonly ProductTexts None = new();

    /// <summary>What is wrong with those that were wanted, by path.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Path, string Reason)> Faults { get; init; } = [];

    /// <summary>What was taken out of rich texts, by path.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Removed { get; init; }

    /// <summary>The titles by language, for events; null where there is none.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Titles =>
        TitlesOf(Translations?.Select(translation => (translation.Key, translation.Value.Title)));

    public static IReadOnlyDictionary<string, string>? TitlesOf(IEnumerable<(string Locale, string? Title)>? titles)
    {
        var told = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (locale, title) in titles ?? [])
            if (title is not null)
                told.Add(locale, title);
        return told.Count == 0 ? null : told;
    }

    /// <summary>Equal as they are stored, however they came to be.</summary>
    public bool Equals(ProductTexts? other) =>
        other is not null
        && (Body, Seo, Translations?.Count ?? 0) == (other.Body, other.Seo, other.Translations?.Count ?? 0)
        && (Translations ?? NoTranslations).All(one =>
            (other.Translations ?? NoTranslations).GetValueOrDefault(one.Key) == one.Value
        );

    public override int GetHashCode() => HashCode.Combine(Body, Seo, Translations?.Count ?? 0);

    internal static readonly IReadOnlyDictionary<string, Translation> NoTranslations = new Dictionary<
        string,
        Translation
    >(StringComparer.Ordinal);

    public string Json() => System.Text.Json.JsonSerializer.Serialize(this, KontorJson.Options);
}
