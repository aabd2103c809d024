using System.Text.Json;

namespace Kontor.Catalog.Options;

/// <summary>The rule of options: each variant has one value of each, and no two variants the same.</summary>
static class Axes
{
    public const int MaxOptions = 5;
    public const int MaxValues = 1_000;
    const int MaxText = 50_000;
    const int MaxTitle = 200;
    const string TitleRule = "1 to 200 characters, none of them a control character, and no markup.";

    /// <summary>Of a product with thousands of variants nobody reads more.</summary>
    const int MostTold = 100;

    /// <summary>What is wrong with a product's options and with what its variants have of them, by path.</summary>
    /// <param name="isTitle">The rule of titles that are shown.</param>
    public static IEnumerable<(string Path, string Reason)> Faults(
        IReadOnlyList<ProductOption> options,
        IReadOnlyList<IReadOnlyDictionary<string, string>?> variants,
        Func<string, bool> isTitle
    )
    {
        var wrong = OfOptions(options, title => title?.Length <= MaxTitle && isTitle(title)).Take(MostTold).ToList();
        // What variants are to be held against must itself be right.
        return wrong.Count > 0 ? wrong : OfVariants(options, variants).Take(MostTold);
    }

    static IEnumerable<(string Path, string Reason)> OfOptions(
        IReadOnlyList<ProductOption> options,
        Func<string, bool> isTitle
    )
    {
        if (options.Count > MaxOptions)
        {
            yield return ("options", $"At most {MaxOptions}.");
            yield break;
        }
        if (options.Sum(option => option.Values.Count) > MaxValues)
        {
            yield return ("options", $"At most {MaxValues} values of all options together.");
            yield break;
        }
        // They are shown whole wherever the product is, in lists too.
        if (
            options.Sum(option => Length(option.Key, option.Title) + option.Values.Sum(v => Length(v.Key, v.Title)))
            > MaxText
        )
        {
            yield return ("options", $"At most {MaxText} characters of all keys and titles together.");
            yield break;
        }
        for (var i = 0; i < options.Count; i++)
        {
            var (option, path) = (options[i], $"options[{i}]");
            if (!Keys.Is(option.Key))
                yield return ($"{path}.key", Keys.Rule);
            if (options.Take(i).Any(before => before.Key == option.Key))
                yield return ($"{path}.key", "Another option of the product has this key.");
            if (!isTitle(option.Title))
                yield return ($"{path}.title", TitleRule);
            if (option.Values.Count == 0)
                yield return ($"{path}.values", $"1 to {MaxValues} values.");
            foreach (var fault in OfValues(option.Values, isTitle))
                yield return ($"{path}.{fault.Path}", fault.Reason);
        }
    }

    static int Length(string? key, string? title) => (key?.Length ?? 0) + (title?.Length ?? 0);

    static IEnumerable<(string Path, string Reason)> OfValues(
        IReadOnlyList<OptionValue> values,
        Func<string, bool> isTitle
    )
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < values.Count; i++)
        {
            if (!Keys.Is(values[i].Key))
                yield return ($"values[{i}].key", Keys.Rule);
            else if (!keys.Add(values[i].Key))
                yield return ($"values[{i}].key", "Another value of this option has this key.");
            if (!isTitle(values[i].Title))
                yield return ($"values[{i}].title", TitleRule);
        }
    }

    static IEnumerable<(string Path, string Reason)> OfVariants(
        IReadOnlyList<ProductOption> options,
        IReadOnlyList<IReadOnlyDictionary<string, string>?> variants
    )
    {
        var values = options.ToDictionary(
            option => option.Key,
            option => option.Values.Select(value => value.Key).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < variants.Count; i++)
        {
            var (had, isWhole) = (variants[i] ?? None, true);
            foreach (var (option, known) in values)
                if (!had.TryGetValue(option, out var value) || value is null)
                {
                    isWhole = false;
                    yield return ($"variants[{i}].options.{option}", "The variant has no value of this option.");
                }
                else if (!known.Contains(value))
                {
                    isWhole = false;
                    yield return ($"variants[{i}].options.{option}", $"'{value}' is no value of this option.");
                }
            foreach (var unknown in had.Keys.Where(key => !values.ContainsKey(key)))
                yield return ($"variants[{i}].options.{unknown}", "The product has no such option.");
            if (!isWhole || values.Count == 0)
                continue;
            // Keys hold no line break, so that no two places are written alike.
            var place = string.Join('\n', options.Select(option => had[option.Key]));
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

    /// <summary>The same in the order of the options: the database keeps it in one of its own.</summary>
    public static IReadOnlyDictionary<string, string>? InOrder(
        IReadOnlyDictionary<string, string>? had,
        IReadOnlyList<ProductOption> options
    ) =>
        had is null
            ? null
            : options
                .Where(option => had.ContainsKey(option.Key))
                .ToDictionary(option => option.Key, option => had[option.Key], StringComparer.Ordinal);

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
