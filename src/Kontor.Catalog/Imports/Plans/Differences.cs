using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Plans;

/// <summary>Tells a product as it stands from one as it is to be, place by place.</summary>
static class Differences
{
    const int Most = 200;

    /// <param name="now">Null where there is none yet.</param>
    public static IReadOnlyList<PlannedChange> Between(JsonElement? now, JsonElement then)
    {
        var before = now is { } standing ? Flat(standing) : new(StringComparer.Ordinal);
        var after = Flat(then);
        return
        [
            .. before
                .Keys.Union(after.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Where(path =>
                    !before.TryGetValue(path, out var was)
                    || !after.TryGetValue(path, out var will)
                    || !JsonElement.DeepEquals(was, will)
                )
                .Take(Most)
                .Select(path => new PlannedChange(path, Find(before, path), Find(after, path))),
        ];
    }

    /// <summary>All of a product that an import may change.</summary>
    /// <param name="counts">Pieces on hand, of the SKUs whose counts are told.</param>
    public static JsonElement Form(Product product, Attributes attributes, Func<Variant, long?> counts) =>
        JsonSerializer.SerializeToElement(
            new
            {
                product.Title,
                product.Slug,
                product.Description,
                Categories = product.Categories.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
                Attributes = attributes.OfProduct,
                Publication = product.Publication ?? Publishing.AtOnce,
                Texts = product.Texts,
                product.Options,
                Variants = product
                    .Variants.Zip(attributes.OfVariants)
                    .ToDictionary(
                        pair => pair.First.Sku,
                        pair => new
                        {
                            Prices = pair.First.Prices.ToDictionary(
                                price => price.Currency,
                                price => price.Amount,
                                StringComparer.Ordinal
                            ),
                            Stock = counts(pair.First),
                            Attributes = pair.Second,
                            pair.First.Options,
                        },
                        StringComparer.Ordinal
                    ),
            },
            KontorJson.Options
        );

    static JsonElement? Find(Dictionary<string, JsonElement> places, string path) =>
        places.TryGetValue(path, out var value) ? value : null;

    static Dictionary<string, JsonElement> Flat(JsonElement form)
    {
        var places = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Flatten(form, "", places);
        return places;
    }

    static void Flatten(JsonElement value, string path, Dictionary<string, JsonElement> places)
    {
        if (value.ValueKind != JsonValueKind.Object)
            places.TryAdd(path, value);
        else
            foreach (var member in value.EnumerateObject())
                Flatten(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", places);
    }
}
