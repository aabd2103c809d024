using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.Texts;

/// <summary>A product's texts as a reader gets them.</summary>
/// <param name="Locales">The language of each text by its path; null where no language was wanted.</param>
/// <param name="Localised">The attributes that are texts by language, in the language of each.</param>
sealed record ShownTexts(
    string Title,
    string? Description,
    string? Body,
    Seo? Seo,
    IReadOnlyDictionary<string, string>? Locales = null,
    IReadOnlyDictionary<string, JsonElement>? Localised = null,
    IReadOnlyDictionary<string, LocalisedText>? CategoryTitles = null
)
{
    /// <summary>The rule: each text by itself in the first language of the chain that has it.</summary>
    public static ShownTexts Of(
        (string Title, string? Description) own,
        TextRow row,
        LocaleChain? chain,
        IReadOnlyDictionary<string, JsonElement> attributes
    )
    {
        if (chain is null)
            return new(own.Title, own.Description, row.Texts.Body, row.Texts.Seo);

        var ours = new Translation(own.Title, own.Description, row.Texts.Body, row.Texts.Seo);
        var locales = new Dictionary<string, string>(StringComparer.Ordinal);
        string? Choose(string path, Func<Translation, string?> text)
        {
            var chosen = chain.Choose(locale =>
                (locale == chain.Default ? ours : row.Chosen?.GetValueOrDefault(locale)) is { } texts
                    ? text(texts)
                    : null
            );
            if (chosen is not null)
                locales.Add(path, chosen.Locale);
            return chosen?.Text;
        }

        var (title, description) = (Choose("title", texts => texts.Title), Choose("description", t => t.Description));
        var body = Choose("body", texts => texts.Body);
        var seo = new Seo(
            Choose("seo.title", texts => texts.Seo?.Title),
            Choose("seo.description", texts => texts.Seo?.Description)
        );
        return new(
            title ?? own.Title,
            description,
            body,
            seo == new Seo() ? null : seo,
            locales,
            Of(attributes, row.Localised, chain),
            (row.Categories ?? new Dictionary<string, TitleRow>(StringComparer.Ordinal)).ToDictionary(
                category => category.Key,
                category => category.Value.In(chain),
                StringComparer.Ordinal
            )
        );
    }

    /// <summary>Of attributes those that are texts by language, each in the first language of the chain that it has, with
    /// that; lists item by item. What has none of them is left out.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Of(
        IReadOnlyDictionary<string, JsonElement> attributes,
        IReadOnlyList<string>? localised,
        LocaleChain chain
    )
    {
        var shown = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var key in localised ?? [])
            if (attributes.TryGetValue(key, out var value) && In(value, chain) is { } told)
                shown[key] = JsonSerializer.SerializeToElement(told, KontorJson.Options);
        return shown;
    }

    /// <summary>The languages of such attributes.</summary>
    public static IEnumerable<string> LanguagesOf(IReadOnlyDictionary<string, JsonElement>? localised) =>
        (localised?.Values ?? [])
            .SelectMany(value => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value })
            .Select(text => text.GetProperty("locale").GetString()!);

    static object? In(JsonElement value, LocaleChain chain)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return chain.Choose(locale =>
                value.TryGetProperty(locale, out var text) && text.ValueKind == JsonValueKind.String
                    ? text.GetString()
                    : null
            );
        if (value.ValueKind != JsonValueKind.Array)
            return null;
        List<object> items = [.. value.EnumerateArray().Select(item => In(item, chain)).OfType<object>()];
        return items.Count == 0 ? null : items;
    }
}
