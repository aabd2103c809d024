using System.Text.Json;
using Kontor.Catalog.Categories;
using Kontor.Catalog.Products;

namespace Kontor.Catalog.Options;

/// <summary>The rule of options: each variant has one value of each, and no two variants the same.</summary>
static class Axes
{
    public const int MaxOptions = 5;
    public const int MaxValues = 1_000;

    /// <summary>Of a product with thousands of variants nobody reads more.</summary>
    const int MostTold = 100;

    /// <summary>What is wrong with a product's options and with what its variants have of them, by path.</summary>
    public static IEnumerable<(string Path, string Reason)> Faults(Product product)
    {
        var wrong = OfOptions(product.Options).Take(MostTold).ToList();
        // What variants are to be held against must itself be right.
        return wrong.Count > 0 ? wrong : OfVariants(product).Take(MostTold);
    }

    static IEnumerable<(string Path, string Reason)> OfOptions(IReadOnlyList<ProductOption> options)
    {
        if (options.Count > MaxOptions)
            yield return ("options", $"At most {MaxOptions}.");
        for (var i = 0; i < options.Count; i++)
        {
            var (option, path) = (options[i], $"options[{i}]");
            if (!Keys.Is(option.Key))
                yield return ($"{path}.key", Keys.Rule);
            if (options.Take(i).Any(before => before.Key == option.Key))
                yield return ($"{path}.key", "Another option of the product has this key.");
            if (!CategoryTree.IsTitle(option.Title))
                yield return ($"{path}.title", CategoryTree.TitleRule);
            if (option.Values.Count is 0 or > MaxValues)
                yield return ($"{path}.values", $"1 to {MaxValues} values.");
            foreach (var fault in OfValues(option.Values))
                yield return ($"{path}.{fault.Path}", fault.Reason);
        }
    }

    static IEnumerable<(string Path, string Reason)> OfValues(IReadOnlyList<OptionValue> values)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < values.Count; i++)
        {
            if (!Keys.Is(values[i].Key))
                yield return ($"values[{i}].key", Keys.Rule);
            else if (!keys.Add(values[i].Key))
                yield return ($"values[{i}].key", "Another value of this option has this key.");
            if (!CategoryTree.IsTitle(values[i].Title))
                yield return ($"values[{i}].title", CategoryTree.TitleRule);
        }
    }

    static IEnumerable<(string Path, string Reason)> OfVariants(Product product)
    {
        var values = product.Options.ToDictionary(
            option => option.Key,
            option => option.Values.Select(value => value.Key).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < product.Variants.Count; i++)
        {
            var (had, isWhole) = (product.Variants[i].Options ?? None, true);
            foreach (var (option, known) in values)
                if (!had.TryGetValue(option, out var value))
                {
                    isWhole = false;
                    yield return ($"variants[{i}].options.{option}", "The variant has no value of this option.");
                }
                else if (value is null || !known.Contains(value))
                {
                    isWhole = false;
                    yield return ($"variants[{i}].options.{option}", $"'{value}' is no value of this option.");
                }
            foreach (var unknown in had.Keys.Where(key => !values.ContainsKey(key)))
                yield return ($"variants[{i}].options.{unknown}", "The product has no such option.");
            if (!isWhole || values.Count == 0)
                continue;
            // Keys hold no line break, so that no two places are written alike.
            var place = string.Join('\n', product.Options.Select(option => had[option.Key]));
            if (!places.TryAdd(place, i))
                yield return ($"variants[{i}].options", $"variants[{places[place]}] has the same values.");
        }
    }

    static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What a variant keeps where the product has these options from now on: one that goes is taken from it.</summary>
    public static IReadOnlyDictionary<string, string>? Kept(
        IReadOnlyDictionary<string, string>? had,
        IReadOnlyList<ProductOption> options
    ) =>
        had
            ?.Where(value => options.Any(option => option.Key == value.Key))
            .ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);

    /// <summary>The variants with what they have in the order of the options: the database keeps it in one of its own.</summary>
    public static IReadOnlyList<VariantView> InOrder(
        IReadOnlyList<VariantView> variants,
        IReadOnlyList<ProductOption> options
    ) =>
        options.Count == 0
            ? variants
            :
            [
                .. variants.Select(variant =>
                    variant with
                    {
                        Options = options
                            .Where(option => variant.Options?.ContainsKey(option.Key) == true)
                            .ToDictionary(
                                option => option.Key,
                                option => variant.Options![option.Key],
                                StringComparer.Ordinal
                            ),
                    }
                ),
            ];

    public static bool IsSame(IReadOnlyList<ProductOption> one, IReadOnlyList<ProductOption> other) =>
        one.Count == other.Count
        && one.Zip(other)
            .All(pair =>
                (pair.First.Key, pair.First.Title) == (pair.Second.Key, pair.Second.Title)
                && pair.First.Values.SequenceEqual(pair.Second.Values)
            );

    public static bool IsSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        (one ?? None).Count == (other ?? None).Count
        && (one ?? None).All(value => (other ?? None).TryGetValue(value.Key, out var had) && had == value.Value);

    /// <summary>As it is stored.</summary>
    public static string? Json(IReadOnlyList<ProductOption> options) =>
        options.Count == 0 ? null : JsonSerializer.Serialize(options, Kernel.KontorJson.Options);

    /// <inheritdoc cref="Json(IReadOnlyList{ProductOption})"/>
    public static string? Json(IReadOnlyDictionary<string, string>? had) =>
        had is null or { Count: 0 } ? null : JsonSerializer.Serialize(had, Kernel.KontorJson.Options);
}
