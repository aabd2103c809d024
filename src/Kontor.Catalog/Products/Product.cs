using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kontor.Catalog.Options;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;

namespace Kontor.Catalog.Products;

/// <summary>A product as it is to be stored: what a request or an import asks for, made whole and checked.</summary>
/// <param name="Key">The owner's own name for it, unique, never changed.</param>
/// <param name="Slug">Its place in addresses; null until one is made from the title.</param>
/// <param name="Variants">What can be bought, at least one.</param>
/// <param name="Attributes">Values by attribute, as they were given: what is wrong with them its type says.</param>
/// <param name="Publication">When and where it is shown; null: published everywhere, at once.</param>
public sealed partial record Product(
    string Key,
    string Type,
    string Title,
    string? Slug,
    string? Description,
    IReadOnlyList<string> Categories,
    IReadOnlyList<Variant> Variants,
    IReadOnlyDictionary<string, JsonElement>? Attributes = null,
    ProductPublication? Publication = null
)
{
    /// <summary>What stands beside title and description: rich text, what search engines are told, translations.</summary>
    internal ProductTexts Texts { get; init; } = ProductTexts.None;

    /// <summary>The axes along which its variants differ.</summary>
    public IReadOnlyList<ProductOption> Options { get; init; } = [];

    public const int MaxVariants = 5_000;
    public const int MaxTitle = 300;
    public const int MaxDescription = 20_000;
    public const int MaxCategories = 50;
    public const string DefaultType = "default";

    /// <summary>What is wrong with it, its options aside, by JSON path; empty when nothing is.</summary>
    public IReadOnlyDictionary<string, string[]> Faults()
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Check(bool right, string path, string reason)
        {
            if (!right)
                faults.TryAdd(path, [reason]);
        }

        Check(IsKey(Key), "key", KeyRule);
        Check(IsKey(Type), "type", KeyRule);
        Check(IsTitle(Title), "title", PlainText.RuleOf(MaxTitle));
        Check(Slug is null || IsSlug(Slug), "slug", SlugRule);
        Check(
            Description is null || Description.Length <= MaxDescription,
            "description",
            $"At most {MaxDescription} characters."
        );
        Check(Categories.Count <= MaxCategories, "categories", $"At most {MaxCategories}.");
        for (var i = 0; i < Categories.Count; i++)
            Check(IsKey(Categories[i]), $"categories[{i}]", KeyRule);
        Check(Variants.Count is > 0 and <= MaxVariants, "variants", $"1 to {MaxVariants} variants.");
        for (var i = 0; i < Variants.Count; i++)
            foreach (var (path, reason) in Variants[i].Faults())
                Check(false, $"variants[{i}].{path}", reason);
        foreach (var (path, reason) in Publication is null ? [] : Publishing.Faults(Publication))
            Check(false, path, reason);
        foreach (var (path, reason) in Texts.Faults)
            Check(false, path, reason);
        foreach (var sku in Variants.CountBy(v => v.Sku, StringComparer.Ordinal).Where(sku => sku.Value > 1))
            Check(false, "variants", $"The SKU {sku.Key} stands there more than once.");
        return faults;
    }

    /// <summary>Why its options, or what its variants have of them, cannot be; null where they can.</summary>
    /// <remarks>Beside the rest: a line of many may leave them out, and means those that stand.</remarks>
    internal Rejection? OfOptions()
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (path, reason) in Axes.Faults(Options, [.. Variants.Select(v => v.Options)], IsTitle))
            faults.TryAdd(path, [reason]);
        return faults.Count == 0 ? null : Rejections.ProductInvalid with { Errors = faults };
    }

    /// <summary>All that is wrong with it; null where nothing is.</summary>
    internal Rejection? Refusal(bool withOptions = true)
    {
        var all = new Dictionary<string, string[]>(Faults(), StringComparer.Ordinal);
        if (withOptions && OfOptions()?.Errors is { } ofOptions)
            foreach (var (path, reasons) in ofOptions)
                all.TryAdd(path, reasons);
        return all.Count == 0 ? null : Rejections.ProductInvalid with { Errors = all };
    }

    public const string KeyRule = Keys.Rule;

    const string SlugRule =
        "1 to 100 lower-case letters and digits in words joined by single '-', and not in the form of a UUID.";

    public static bool IsKey(string? key) => Keys.Is(key);

    public static bool IsSlug(string slug) =>
        slug.Length <= 100 && SlugForm.IsMatch(slug) && !Guid.TryParseExact(slug, "D", out _);

    internal static bool IsTitle(string title) => PlainText.IsLine(title, MaxTitle);

    /// <summary>Its attributes and those of its variants, as they were given.</summary>
    internal ProductTypes.Attributes Given =>
        new(
            Attributes ?? ProductTypes.Attributes.None,
            [.. Variants.Select(variant => variant.Attributes ?? ProductTypes.Attributes.None)]
        );

    /// <summary>A slug made from a title: its letters and digits in ASCII where they have such a form, in words joined
    /// by '-', at most 80 characters; null where nothing of it remains.</summary>
    public static string? SlugOf(string title)
    {
        var slug = new StringBuilder(title.Length);
        foreach (var letter in title)
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(char.ToLowerInvariant(letter));
            else if (PlainLetters.Of(letter) is { } spelled)
                slug.Append(spelled);
            else if (
                char.GetUnicodeCategory(letter) != System.Globalization.UnicodeCategory.NonSpacingMark
                && slug.Length > 0
                && slug[^1] != '-'
            )
                slug.Append('-');
        var made = slug.ToString(0, Math.Min(slug.Length, 80)).Trim('-');
        return made.Length > 0 && IsSlug(made) ? made : null;
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SlugForm { get; }
}

/// <summary>What can be bought of a product.</summary>
/// <param name="Stock">Pieces on hand at the main location; null leaves what is there.</param>
/// <param name="Attributes">Values by attribute, as they were given.</param>
public sealed record Variant(
    string Sku,
    IReadOnlyList<Money> Prices,
    long? Stock = null,
    IReadOnlyDictionary<string, JsonElement>? Attributes = null
)
{
    /// <summary>The key of a value by the key of its option; null where it has none.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    const int MaxPrices = 200;
    const long MaxStock = 1_000_000_000;
    const long MaxAmount = 1_000_000_000_000;

    public IEnumerable<(string Path, string Reason)> Faults()
    {
        if (!Product.IsKey(Sku))
            yield return ("sku", Product.KeyRule);
        if (Prices.Count > MaxPrices)
            yield return ("prices", $"At most {MaxPrices}.");
        for (var i = 0; i < Prices.Count; i++)
            if (Prices[i].Amount is < 0 or > MaxAmount)
                yield return ($"prices[{i}].amount", $"0 to {MaxAmount} minor units.");
        if (Prices.DistinctBy(price => price.Currency, StringComparer.Ordinal).Count() < Prices.Count)
            yield return ("prices", "One price for each currency.");
        if (Stock is < 0 or > MaxStock)
            yield return ("stock", $"0 to {MaxStock} pieces.");
    }
}
