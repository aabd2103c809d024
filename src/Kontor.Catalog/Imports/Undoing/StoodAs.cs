using System.Text.Json;
using Kontor.Catalog.Bulk;
using Kontor.Catalog.Options;
using Kontor.Catalog.Products;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Undoing;

/// <summary>A variant as it was before a run.</summary>
/// <param name="OnHand">Where the run counted it: what was on hand before.</param>
/// <param name="Counted">And what the run counted.</param>
sealed record StoodVariant(
    string Sku,
    IReadOnlyList<Money> Prices,
    IReadOnlyDictionary<string, JsonElement> Attributes,
    IReadOnlyDictionary<string, string>? Options = null,
    long? OnHand = null,
    long? Counted = null
);

/// <summary>A product as it was before a run changed it: all that a change can change.</summary>
sealed record StoodAs(
    string Title,
    string Slug,
    string? Description,
    IReadOnlyList<string> Categories,
    IReadOnlyDictionary<string, JsonElement> Attributes,
    ProductPublication? Publication,
    ProductTexts Texts,
    IReadOnlyList<ProductOption> Options,
    IReadOnlyList<StoodVariant> Variants
)
{
    public static StoodAs Of(WantedLine line, ProductView view, BulkStanding standing)
    {
        var counts = line.Product.Variants.ToDictionary(v => v.Sku, v => v.Stock, StringComparer.Ordinal);
        return new(
            view.Title,
            view.Slug,
            view.Description,
            view.Categories,
            view.Attributes,
            view.Publication,
            view.Texts,
            view.Options,
            [
                .. view.Variants.Select(variant => new StoodVariant(
                    variant.Sku,
                    variant.Prices,
                    variant.Attributes,
                    variant.Options,
                    counts.GetValueOrDefault(variant.Sku) is null ? null : standing.OnHand(variant.Sku),
                    counts.GetValueOrDefault(variant.Sku)
                )),
            ]
        );
    }

    /// <summary>The change that makes a product this again.</summary>
    /// <param name="onHand">Pieces on hand now: a count that has moved since stays.</param>
    public ChangeProduct.Request Patch(ProductView now, IReadOnlyDictionary<string, long> onHand) =>
        new()
        {
            Title = new(Title),
            Slug = new(Slug),
            Description = new(Description),
            Categories = new(Categories),
            Attributes = new(Back(now.Attributes, Attributes)),
            Publication = new(
                new PublicationRequest
                {
                    State = new((Publication ?? Publishing.AtOnce).State),
                    From = new(Publication?.From),
                    Until = new(Publication?.Until),
                    Channels = new(Publication?.Channels ?? []),
                }
            ),
            Body = new(Texts.Body),
            Seo = new(SeoOf(Texts.Seo)),
            Translations = new(TranslationsOf(now)),
            Options = new([
                .. Options.Select(option => new OptionRequest(
                    option.Key,
                    [.. option.Values.Select(value => new OptionValueRequest(value.Key, value.Title))],
                    option.Title
                )),
            ]),
            RemovesVariants = true,
            Variants = new([
                .. Variants.Select(variant => new VariantRequest(
                    variant.Sku,
                    variant.Prices,
                    variant.Counted is { } counted && onHand.GetValueOrDefault(variant.Sku, -1) == counted
                        ? variant.OnHand
                        : null,
                    variant.Attributes,
                    variant.Options ?? new Dictionary<string, string>(StringComparer.Ordinal)
                )),
            ]),
        };

    Dictionary<string, TranslationRequest?> TranslationsOf(ProductView now)
    {
        var back = new Dictionary<string, TranslationRequest?>(StringComparer.Ordinal);
        foreach (var (locale, _) in now.Translations ?? ProductTexts.NoTranslations)
            back[locale] = null;
        foreach (var (locale, text) in Texts.Translations ?? ProductTexts.NoTranslations)
            back[locale] = new()
            {
                Title = new(text.Title),
                Description = new(text.Description),
                Body = new(text.Body),
                Seo = new(SeoOf(text.Seo)),
            };
        return back;
    }

    static SeoRequest? SeoOf(Seo? seo) =>
        seo is null ? null : new() { Title = new(seo.Title), Description = new(seo.Description) };

    /// <summary>The merge patch (RFC 7396) that makes one object of another: what was not there goes.</summary>
    static Dictionary<string, JsonElement> Back(
        IReadOnlyDictionary<string, JsonElement> now,
        IReadOnlyDictionary<string, JsonElement> then
    )
    {
        var patch = new Dictionary<string, JsonElement>(then, StringComparer.Ordinal);
        foreach (var (name, value) in now)
            if (!then.TryGetValue(name, out var was))
                patch[name] = JsonSerializer.SerializeToElement<object?>(null, KontorJson.Options);
            else if (value.ValueKind == JsonValueKind.Object && was.ValueKind == JsonValueKind.Object)
                patch[name] = JsonSerializer.SerializeToElement(Back(Members(value), Members(was)), KontorJson.Options);
        return patch;
    }

    static Dictionary<string, JsonElement> Members(JsonElement value) =>
        value.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
}
