using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Search.Fields;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Search;

namespace Kontor.Catalog.Search.Documents;

/// <summary>What of variants changes in place.</summary>
/// <param name="Products">Of each product all its variants.</param>
sealed record MovedBatch(
    IReadOnlyDictionary<Guid, IReadOnlyList<VariantChange>> Products,
    IReadOnlyList<(Guid Product, DateTimeOffset At)> Moments
);

/// <summary>The rows of some products in one snapshot, and what documents are made of them.</summary>
sealed class DocumentSnapshot(DateTimeOffset now)
{
    readonly Dictionary<Guid, List<string>> channels = [];
    readonly Dictionary<Guid, (string Key, Guid? Parent)> categories = [];
    readonly Dictionary<Guid, HashSet<string>> placements = [];

    public List<ProductRow> Products { get; } = [];

    public List<VariantRow> Variants { get; } = [];

    public PriceRows Prices { get; } = new(now);

    /// <summary>By product, aside from prices.</summary>
    public Dictionary<Guid, DateTimeOffset> Moments { get; } = [];

    public void AddChannel(Guid product, string channel)
    {
        if (!channels.TryGetValue(product, out var shown))
            channels[product] = shown = [];
        shown.Add(channel);
    }

    public void AddCategory(Guid id, string key, Guid? parent) => categories[id] = (key, parent);

    /// <summary>In the category and in all above it.</summary>
    public void AddPlacement(Guid product, Guid category)
    {
        if (!placements.TryGetValue(product, out var keys))
            placements[product] = keys = new(StringComparer.Ordinal);
        for (Guid? at = category; at is { } id && categories.TryGetValue(id, out var known); at = known.Parent)
            if (!keys.Add(known.Key))
                break;
    }

    public DocumentBatch Made(IReadOnlyDictionary<(string, Guid), TypeDefinition> types, string shopLanguage)
    {
        var variants = Variants.ToLookup(variant => variant.Product);
        return new(
            [
                .. Products.Select(product =>
                    Document(product, types[product.Type], [.. variants[product.Id]], shopLanguage)
                ),
            ],
            Next()
        );
    }

    public MovedBatch Moved() =>
        new(
            Variants
                .GroupBy(variant => variant.Product)
                .ToDictionary(
                    product => product.Key,
                    IReadOnlyList<VariantChange> (product) =>
                        [
                            .. product.Select(variant => new VariantChange(
                                variant.Id,
                                variant.Class,
                                PriceBooks.Of(Prices.Of(variant.Id))
                            )),
                        ]
                ),
            Next()
        );

    List<(Guid, DateTimeOffset)> Next()
    {
        foreach (var variant in Variants)
            if (
                Prices.ChangeOf(variant.Id) is { } at
                && (!Moments.TryGetValue(variant.Product, out var known) || at < known)
            )
                Moments[variant.Product] = at;
        return [.. Moments.Select(moment => (moment.Key, moment.Value))];
    }

    SearchDocument Document(ProductRow product, TypeDefinition type, List<VariantRow> variants, string shopLanguage)
    {
        var own = new AttributeWords(shopLanguage);
        own.Add(type, AttributeLevel.Product, product.Attributes);
        own.Words.Add(new(FieldBook.Type, product.Type.Key));
        foreach (var category in placements.GetValueOrDefault(product.Id) ?? [])
            own.Words.Add(new(FieldBook.Category, category));
        var texts = new List<SearchText>();
        AddTexts(texts, product, shopLanguage);
        texts.AddRange(own.Texts);
        var made = new List<SearchVariant>(variants.Count);
        var sorts = own.Sorts;
        foreach (var variant in variants)
        {
            var words = new AttributeWords(shopLanguage);
            words.Add(type, AttributeLevel.Variant, variant.Attributes);
            texts.AddRange(words.Texts);
            sorts.AddRange(words.Sorts);
            made.Add(
                new(variant.Id, variant.Class, PriceBooks.Of(Prices.Of(variant.Id)))
                {
                    Words = words.Words,
                    Numbers = words.Numbers,
                }
            );
        }
        return new(product.Id, product.CreatedAt, texts, made)
        {
            Codes = [.. variants.Select(variant => variant.Sku)],
            Words = own.Words,
            Numbers = own.Numbers,
            // The least of each: of variants nobody knows which one an order means.
            Sorts = sorts.Count < 2 ? sorts : [.. sorts.OrderBy(sort => sort.Value, StringComparer.Ordinal)],
            Visibility = product.Visibility with
            {
                Channels = product.IsEverywhere ? null : channels.GetValueOrDefault(product.Id) ?? [],
            },
        };
    }

    static void AddTexts(List<SearchText> texts, ProductRow product, string shopLanguage)
    {
        var others = product.Texts is "{}" ? ProductTexts.None : Stored(product.Texts);
        Add(texts, new(product.Title, product.Description, others.Body, others.Seo), shopLanguage);
        foreach (var (language, translation) in others.Translations ?? ProductTexts.NoTranslations)
            Add(texts, translation, language);
    }

    static ProductTexts Stored(string json) =>
        System.Text.Json.JsonSerializer.Deserialize<ProductTexts>(json, KontorJson.Tolerant) ?? ProductTexts.None;

    static void Add(List<SearchText> texts, Translation of, string language)
    {
        if (of.Title is { } title)
            texts.Add(new("title", title, language));
        if (of.Description is { Length: > 0 } description)
            texts.Add(new("description", description, language));
        if (of.Body is { } body)
            texts.Add(new("body", PlainHtml.Of(body), language));
        if (of.Seo?.Title is { } seoTitle)
            texts.Add(new("seo.title", seoTitle, language));
        if (of.Seo?.Description is { } seoDescription)
            texts.Add(new("seo.description", seoDescription, language));
    }
}
