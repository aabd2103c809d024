using System.Text.Json;
using Kontor.Catalog.Options;
using Kontor.Catalog.ProductTypes;

namespace Kontor.Catalog.Products;

/// <summary>Tells a product that stands as it is wanted from one that is to be written.</summary>
static class Unchanged
{
    /// <summary>Whether the product is already what it is to be, its counts aside: those stand with the stock.</summary>
    /// <remarks>Lists are compared by their members; all else, what joins a product later too, by the record's equality:
    /// what is not known here makes a difference, so that no change is lost.</remarks>
    public static bool IsAlready(ProductView standing, Product wanted, TypedProduct typed)
    {
        if (!ChangeProduct.Decide(standing, new ChangeProduct.Request()).Is(out var now, out _))
            return false;
        var bare = now with { Categories = [], Variants = [], Attributes = null, Publication = null, Options = [] };
        var wish = wanted with
        {
            Categories = bare.Categories,
            Variants = bare.Variants,
            Attributes = null,
            Publication = null,
            Options = bare.Options,
        };
        return bare == wish
            && Publishing.IsSame(now.Publication, wanted.Publication)
            && Axes.IsSame(now.Options, wanted.Options)
            && now.Categories.SequenceEqual(wanted.Categories.Distinct(StringComparer.Ordinal), StringComparer.Ordinal)
            && MergePatch.IsSame(standing.Attributes, typed.Now.OfProduct)
            && now.Variants.Count == wanted.Variants.Count
            && now.Variants.Zip(wanted.Variants, typed.Now.OfVariants)
                .All(pair => IsAlready(pair.First, pair.Second, pair.Third));
    }

    static bool IsAlready(Variant standing, Variant wanted, IReadOnlyDictionary<string, JsonElement> attributes)
    {
        var bare = standing with { Prices = [], Attributes = null, Stock = null, Options = null };
        return bare == wanted with { Prices = bare.Prices, Attributes = null, Stock = null, Options = null }
            && Axes.IsSame(standing.Options, wanted.Options)
            && standing.Prices.SequenceEqual(wanted.Prices.OrderBy(price => price.Currency, StringComparer.Ordinal))
            && MergePatch.IsSame(standing.Attributes ?? ProductTypes.Attributes.None, attributes);
    }

    /// <summary>Equal but for availability, which stock moves without a new version.</summary>
    public static bool IsSame(ProductView before, ProductView after) =>
        (before.Title, before.Slug, before.Description, before.Texts)
            == (after.Title, after.Slug, after.Description, after.Texts)
        && before.Categories.SequenceEqual(after.Categories, StringComparer.Ordinal)
        && MergePatch.IsSame(before.Attributes, after.Attributes)
        && Publishing.IsSame(before.Publication, after.Publication)
        && Axes.IsSame(before.Options, after.Options)
        && before.Variants.Count == after.Variants.Count
        && before
            .Variants.Zip(after.Variants)
            .All(pair =>
                pair.First.Sku == pair.Second.Sku
                && pair.First.Prices.SequenceEqual(pair.Second.Prices)
                && MergePatch.IsSame(pair.First.Attributes, pair.Second.Attributes)
                && Axes.IsSame(pair.First.Options, pair.Second.Options)
            );
}
