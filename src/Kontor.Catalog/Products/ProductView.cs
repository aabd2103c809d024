using System.Globalization;
using System.Text.Json;
using Kontor.Catalog.Media;
using Kontor.Catalog.Options;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Products;

/// <summary>A product as everybody may see it.</summary>
/// <param name="Id">Its UUID.</param>
/// <param name="Key">Its owner's name for it.</param>
/// <param name="Type">The key of its product type.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Slug">Its place in addresses, unique.</param>
/// <param name="Description">Plain text; absent where there is none.</param>
/// <param name="Categories">Keys of the categories it stands in.</param>
/// <param name="Variants">What can be bought, in the owner's order: the first 100, in a list of products the first 20.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
/// <param name="TypeVersion">The version of its type that its attributes, and those of its variants, are read by.</param>
/// <param name="Attributes">Values by attribute of its type; those that it has.</param>
/// <param name="Publication">When and where it is shown; only for staff, who see it at any time.</param>
/// <param name="Body">Rich text: safe HTML; absent where there is none.</param>
/// <param name="Seo">What search engines are told; absent where there is nothing.</param>
/// <param name="Translations">Its texts in other languages; only for staff.</param>
/// <param name="Locales">The language of each text shown, by its path (<c>title</c>, <c>seo.title</c>); only where a locale was
/// asked for.</param>
/// <param name="Localised">Its attributes that are texts by language: text and locale of the one chosen, a list of them where
/// the attribute is a list; only where a locale was asked for.</param>
/// <param name="CategoryTitles">The titles of its categories by key; only where a locale was asked for.</param>
/// <param name="Removed">What was taken out of rich texts because it could do harm, by their path; only in the answer to who
/// wrote them.</param>
public sealed record ProductView(
    Guid Id,
    string Key,
    string Type,
    string Title,
    string Slug,
    string? Description,
    IReadOnlyList<string> Categories,
    IReadOnlyList<VariantView> Variants,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long TypeVersion,
    IReadOnlyDictionary<string, JsonElement> Attributes,
    ProductPublication? Publication = null,
    string? Body = null,
    Seo? Seo = null,
    IReadOnlyDictionary<string, Translation>? Translations = null,
    IReadOnlyDictionary<string, string>? Locales = null,
    IReadOnlyDictionary<string, JsonElement>? Localised = null,
    IReadOnlyDictionary<string, LocalisedText>? CategoryTitles = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Removed = null
)
{
    internal ProductTexts Texts => new(Body, Seo, Translations);

    /// <summary>The languages of the texts shown, where one was asked for.</summary>
    internal IEnumerable<string> Languages =>
        [
            .. Locales?.Values ?? [],
            .. CategoryTitles?.Values.Select(title => title.Locale) ?? [],
            .. ShownTexts.LanguagesOf(Localised),
            .. Variants.SelectMany(variant => ShownTexts.LanguagesOf(variant.Localised)),
        ];

    /// <summary>How many variants it has, shown here or not.</summary>
    public int VariantCount { get; init; }

    /// <summary>Where its variants go on: the <c>after</c> of <c>GET /api/v1/products/{product}/variants</c>; absent where
    /// all are shown here.</summary>
    public string? VariantsNext =>
        VariantCount > Variants.Count && LastPosition is { } position && Variants is [.., { Id: var last }]
            ? CursorOf(position, last)
            : null;

    /// <summary>Its pictures, in order, the first one stands for it; in a list of products the first 5.</summary>
    public IReadOnlyList<MediaView> Media { get; init; } = [];

    /// <summary>How many pictures it has, shown here or at <c>GET /api/v1/products/{product}/media</c>.</summary>
    public int MediaCount { get; init; }

    /// <summary>The place of the last variant that an answer shows of it, where it has so many.</summary>
    internal int? LastPosition { get; init; }

    /// <summary>The context that its prices are of.</summary>
    internal PriceContext Seen { get; init; } = PriceContext.Anybody;

    internal static string CursorOf(int position, Guid variant) =>
        Cursor.Write(position.ToString(CultureInfo.InvariantCulture), variant.ToString());

    /// <summary>As one answer shows it, of what its writer has whole.</summary>
    internal ProductView Within(Extent extent) =>
        extent.Variants is { } most && Variants.Count > most ? this with { Variants = [.. Variants.Take(most)] } : this;

    /// <summary>The next moment at which a price shown here may be another, with no write; absent where none is set for
    /// later.</summary>
    public DateTimeOffset? PricesChangeAt => Variants.Min(variant => variant.PricesChangeAt);

    /// <summary>The axes along which its variants differ, in the owner's order; empty where it has none.</summary>
    public IReadOnlyList<ProductOption> Options { get; init; } = [];
}

/// <summary>A variant as everybody may see it.</summary>
/// <param name="Prices">The winner for each currency it is sold in; empty where it has none.</param>
/// <param name="Availability"><c>inStock</c>, <c>preorder</c>, <c>backorder</c> (can be ordered, comes later) or <c>outOfStock</c>.</param>
/// <param name="Attributes">Values by attribute that its type has for variants; those that it has.</param>
/// <param name="CompareAt">The higher price that a winner is shown against, for each currency that has one; absent where
/// none has.</param>
/// <param name="PricesChangeAt">The next moment at which one of its prices may be another; absent where none is set for
/// later.</param>
/// <param name="Localised">Its attributes that are texts by language, as of a product.</param>
/// <param name="Components">What a bundle is made of, in its order; absent where the variant is none.</param>
public sealed record VariantView(
    Guid Id,
    string Sku,
    IReadOnlyList<Money> Prices,
    string Availability,
    IReadOnlyDictionary<string, JsonElement> Attributes,
    IReadOnlyList<Money>? CompareAt = null,
    DateTimeOffset? PricesChangeAt = null,
    IReadOnlyDictionary<string, JsonElement>? Localised = null,
    IReadOnlyList<BundleComponent>? Components = null
)
{
    /// <summary>The key of its value by the key of each option of the product; absent where that has none.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

/// <summary>How much of a product an answer shows; each part can be had page by page beside it.</summary>
/// <param name="Variants">Null: all of them, for those who write.</param>
/// <param name="Media">Null: all of them, of which there are at most 100.</param>
sealed record Extent(int? Variants, int? Media = null)
{
    public static readonly Extent Whole = new((int?)null);
    public static readonly Extent One = new(100);
    public static readonly Extent Listed = new(20, 5);

    internal string OfVariants => Variants is { } most ? $"order by position, id limit {most}" : "";

    internal string OfMedia => Media is { } most ? $"limit {most}" : "";

    /// <summary>Which variant is the last that is shown, counted from 0; whoever writes a product answers with it as one.</summary>
    internal int Last => (Variants ?? One.Variants!.Value) - 1;
}
