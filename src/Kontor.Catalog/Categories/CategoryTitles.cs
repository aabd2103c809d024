using System.Text.Json;
using Kontor.Catalog.Texts;
using Kontor.Kernel;

namespace Kontor.Catalog.Categories;

/// <summary>A category's texts in another language; members left out stay, null clears.</summary>
public sealed record CategoryTranslationRequest
{
    /// <summary>1 to 200 characters, no markup.</summary>
    public Optional<string?> Title { get; init; }
}

/// <summary>The titles of a category in other languages than the shop's own.</summary>
static class CategoryTitles
{
    /// <summary>A merge patch on those that stand; what is wrong with it is told by path. Null where none is left.</summary>
    public static IReadOnlyDictionary<string, CategoryTranslation>? Merge(
        IReadOnlyDictionary<string, CategoryTranslation>? standing,
        IReadOnlyDictionary<string, CategoryTranslationRequest?>? patch,
        Dictionary<string, string[]> faults
    )
    {
        var merged = new SortedDictionary<string, CategoryTranslation>(StringComparer.Ordinal);
        foreach (
            var (locale, translation) in standing ?? new Dictionary<string, CategoryTranslation>(StringComparer.Ordinal)
        )
            merged.Add(locale, translation);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var (tag, wanted) in patch ?? new Dictionary<string, CategoryTranslationRequest?>(StringComparer.Ordinal)
        )
        {
            if (Locale.Canonical(tag) is not { } locale)
                faults[$"translations.{tag}"] = [Locale.Rule];
            else if (!named.Add(locale))
                faults[$"translations.{tag}"] = [$"{locale} is named more than once."];
            else if (wanted?.Title.Or(merged.GetValueOrDefault(locale)?.Title) is not { } title)
                merged.Remove(locale);
            else if (!CategoryTree.IsTitle(title))
                faults[$"translations.{tag}.title"] = [CategoryTree.TitleRule];
            else
                merged[locale] = new(title);
            if (faults.Count > ProductTexts.MaxLocales)
                break;
        }
        if (merged.Count > ProductTexts.MaxLocales)
            faults["translations"] = [$"At most {ProductTexts.MaxLocales} languages."];
        return merged.Count == 0 ? null : merged;
    }

    public static bool IsSame(
        IReadOnlyDictionary<string, CategoryTranslation>? one,
        IReadOnlyDictionary<string, CategoryTranslation>? other
    ) => (one ?? None).Count == (other ?? None).Count && (one ?? None).All((other ?? None).Contains);

    /// <summary>By language, for events; null where there is none.</summary>
    public static IReadOnlyDictionary<string, string>? Told(IReadOnlyDictionary<string, CategoryTranslation>? of) =>
        ProductTexts.TitlesOf(of?.Select(translation => (translation.Key, translation.Value.Title)));

    public static string Json(IReadOnlyDictionary<string, CategoryTranslation>? translations) =>
        JsonSerializer.Serialize(translations ?? None, KontorJson.Options);

    /// <summary>As the database keeps them; null where there is none.</summary>
    public static IReadOnlyDictionary<string, CategoryTranslation>? Of(string? json) =>
        json is null or "{}"
            ? null
            : JsonSerializer.Deserialize<Dictionary<string, CategoryTranslation>>(json, KontorJson.Tolerant);

    static readonly IReadOnlyDictionary<string, CategoryTranslation> None = new Dictionary<string, CategoryTranslation>(
        StringComparer.Ordinal
    );
}
