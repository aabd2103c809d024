using Kontor.Catalog.Bulk;
using Kontor.Catalog.Products;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Plans;

/// <summary>What else the catalogue could refuse products for, read for all of a batch at once.</summary>
/// <remarks>What only the writing can find (a value that is to be unique, pieces that are held) it finds then.</remarks>
sealed class PlanFacts(
    IReadOnlySet<string> categories,
    IReadOnlySet<string> channels,
    IReadOnlyDictionary<string, string> skus,
    IReadOnlyDictionary<string, string> slugs
)
{
    public static async Task<PlanFacts> Read(Work work, IReadOnlyList<WantedLine> lines, CancellationToken stop)
    {
        var products = lines.Select(line => line.Product).ToArray();
        var categories = await work.Command(
                "select key from categories where key = any($1)",
                [.. products.SelectMany(p => p.Categories).Distinct(StringComparer.Ordinal)]
            )
            .Rows(row => row.GetString(0), stop);
        var channels = await work.Command(
                "select key from channels where key = any($1)",
                [.. products.SelectMany(p => p.Publication?.Channels ?? []).Distinct(StringComparer.Ordinal)]
            )
            .Rows(row => row.GetString(0), stop);
        var skus = await work.Command(
                "select v.sku, p.key from variants v join products p on p.id = v.product where v.sku = any($1)",
                [.. products.SelectMany(p => p.Variants).Select(v => v.Sku)]
            )
            .Rows(row => (Name: row.GetString(0), Key: row.GetString(1)), stop);
        var slugs = await work.Command(
                "select slug, key from products where slug = any($1)",
                [.. products.Select(p => p.Slug).OfType<string>()]
            )
            .Rows(row => (Name: row.GetString(0), Key: row.GetString(1)), stop);
        return new(
            categories.ToHashSet(StringComparer.Ordinal),
            channels.ToHashSet(StringComparer.Ordinal),
            skus.ToDictionary(one => one.Name, one => one.Key, StringComparer.Ordinal),
            slugs.ToDictionary(one => one.Name, one => one.Key, StringComparer.Ordinal)
        );
    }

    /// <param name="view">The product as it stands; null where it is new.</param>
    public Rejection? Refusal(Product product, ProductView? view)
    {
        if (product.Categories.FirstOrDefault(key => !Has(categories, key, view?.Categories)) is { } category)
            return Rejections.UnknownCategory.Because($"'{category}' does not exist.");
        var shown = product.Publication?.Channels ?? [];
        if (shown.FirstOrDefault(key => !Has(channels, key, view?.Publication?.Channels)) is { } channel)
            return Rejections.UnknownChannel.Because($"'{channel}' does not exist.");
        if (product.Variants.Select(v => v.Sku).FirstOrDefault(sku => IsOfAnother(skus, sku, product)) is { } taken)
            return Rejections.SkuTaken.Because($"'{taken}' is of the product '{skus[taken]}'.");
        return product.Slug is { } slug && IsOfAnother(slugs, slug, product)
            ? Rejections.SlugTaken.Because($"'{slug}' is of the product '{slugs[slug]}'.")
            : null;
    }

    static bool Has(IReadOnlySet<string> known, string key, IReadOnlyList<string>? standing) =>
        known.Contains(key) || standing?.Contains(key, StringComparer.Ordinal) is true;

    static bool IsOfAnother(IReadOnlyDictionary<string, string> owners, string name, Product product) =>
        owners.TryGetValue(name, out var owner) && owner != product.Key;
}
