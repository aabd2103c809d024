using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Catalog.Texts;

/// <summary>The texts of a product as a statement reads them: one column, whatever is wanted.</summary>
/// <param name="Texts">Without translations where they are not shown.</param>
/// <param name="Chosen">Translations into languages of the chain; null where no language is wanted.</param>
/// <param name="Categories">The titles of its categories by key; null where no language is wanted.</param>
/// <param name="Localised">Attributes of its type that are texts by language; null where there is none.</param>
sealed record TextRow(
    ProductTexts Texts,
    IReadOnlyDictionary<string, Translation>? Chosen = null,
    IReadOnlyDictionary<string, TitleRow>? Categories = null,
    IReadOnlyList<string>? Localised = null
)
{
    /// <summary>Of a product that has title and description only, where no language is wanted.</summary>
    public static readonly TextRow Plain = new(ProductTexts.None);

    public static TextRow Of(string json) => JsonSerializer.Deserialize<TextRow>(json, KontorJson.Tolerant)!;
}

/// <param name="Chosen">Translations into languages of the chain.</param>
sealed record TitleRow(string Title, IReadOnlyDictionary<string, CategoryTranslation>? Chosen = null)
{
    public LocalisedText In(LocaleChain chain) =>
        chain.Choose(locale => locale == chain.Default ? Title : Chosen?.GetValueOrDefault(locale)?.Title)
        ?? new(Title, chain.Default);
}

/// <summary>A category's texts in another language than the shop's own.</summary>
/// <param name="Title">What it is called.</param>
public sealed record CategoryTranslation(string? Title = null);

static class TextColumn
{
    /// <summary>The keys of those attributes of a type t that are texts by language, as JSON.</summary>
    public const string LocalisedKeys =
        "(select jsonb_agg(a ->> 'key') from jsonb_array_elements(t.attributes) a where a ->> 'kind' = 'localisedText')";

    const string Empty = "{}";

    /// <summary>The texts of products p of types t, to be read as a <see cref="TextRow"/>; null where there is nothing to
    /// be read.</summary>
    /// <param name="chain">The parameter with the languages wanted, most wanted first; null: no language is.</param>
    /// <remarks>Of fifty languages only those of the chain leave the database.</remarks>
    public static string OfProduct(string? chain, bool isForStaff)
    {
        var own = isForStaff ? "p.texts" : "p.texts - 'translations'";
        return chain is null
            ? $"case when p.texts <> '{Empty}' then jsonb_build_object('texts', {own})::text end"
            : $"""
                jsonb_build_object(
                    'texts', {own},
                    'chosen', {Chosen("p.texts -> 'translations'", chain)},
                    'categories', (
                        select jsonb_object_agg(c.key, jsonb_build_object('title', c.title, 'chosen', {Chosen(
                    "c.translations",
                    chain
                )}))
                        from product_categories pc join categories c on c.id = pc.category
                        where pc.product = p.id
                    ),
                    'localised', {LocalisedKeys}
                )::text
                """;
    }

    /// <summary>Of translations by language those of the chain; null where there is none.</summary>
    public static string Chosen(string translations, string chain) =>
        $"""
            (select jsonb_object_agg(w.locale, {translations} -> w.locale) from unnest({chain}::text[]) w(locale)
                where {translations} ? w.locale)
            """;
}
