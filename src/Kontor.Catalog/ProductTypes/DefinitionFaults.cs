using System.Text.RegularExpressions;

namespace Kontor.Catalog.ProductTypes;

/// <summary>What is wrong with the definition of an attribute.</summary>
static partial class DefinitionFaults
{
    const int MaxTitle = 200;
    const int MaxWord = 200;
    const int MaxUnit = 20;

    public static void Find(AttributeDefinition attribute, string path, Faults faults)
    {
        faults.Unless(
            attribute.Key is not null && Keys.IsMatch(attribute.Key),
            $"{path}.key",
            "1 to 100 letters, digits or '_', the first a letter."
        );
        faults.Unless(
            attribute.Title is null or { Length: > 0 and <= MaxTitle },
            $"{path}.title",
            $"1 to {MaxTitle} characters."
        );
        Texts(attribute, path, faults);
        Bounds(attribute, path, faults);
        Kinds(attribute, path, faults);
        faults.Unless(
            attribute.Index is null || attribute.Index.Distinct().Count() == attribute.Index.Count,
            $"{path}.index",
            "Each use once."
        );
        if (attribute.Default is { } value && faults.Count == 0)
            AttributeValues.Read(attribute, value, $"{path}.default", faults);
        faults.Unless(
            attribute is not { Unique: true, Default: not null },
            $"{path}.default",
            "A unique attribute has no default: the second product would be refused for it."
        );
    }

    static void Texts(AttributeDefinition attribute, string path, Faults faults)
    {
        faults.Unless(
            attribute.HasText || attribute is { Pattern: null, MinLength: null, MaxLength: null },
            path,
            "pattern, minLength and maxLength are for texts."
        );
        if (attribute.Pattern is { } pattern && Patterns.FaultOf(pattern) is { } fault)
            faults.Add($"{path}.pattern", fault);
        faults.Unless(
            attribute.MaxLength is null or (> 0 and <= AttributeDefinition.MaxTextLength),
            $"{path}.maxLength",
            $"1 to {AttributeDefinition.MaxTextLength}."
        );
        faults.Unless(
            attribute.MinLength is null || (attribute.MinLength > 0 && attribute.MinLength <= attribute.LengthAtMost),
            $"{path}.minLength",
            "1 to maxLength."
        );
    }

    static void Bounds(AttributeDefinition attribute, string path, Faults faults)
    {
        faults.Unless(
            attribute.HasAmount || attribute is { Min: null, Max: null },
            path,
            "min and max are for numbers, measures and money."
        );
        faults.Unless(
            attribute.Kind != AttributeKind.Money || (IsWhole(attribute.Min) && IsWhole(attribute.Max)),
            path,
            "min and max of money are whole minor units."
        );
        faults.Unless(!(attribute.Min > attribute.Max), $"{path}.max", "Not below min.");
        faults.Unless(
            attribute.HasTime || attribute is { From: null, Until: null },
            path,
            "from and until are for dates and moments."
        );
        if (!attribute.HasTime)
            return;
        foreach (var (bound, name) in new[] { (attribute.From, "from"), (attribute.Until, "until") })
            faults.Unless(
                bound is null || ValueForms.TimeOf(attribute.Kind, bound) == bound,
                $"{path}.{name}",
                attribute.Kind == AttributeKind.Date
                    ? ValueForms.DateRule
                    : $"{ValueForms.MomentRule} With all six digits."
            );
        faults.Unless(
            string.CompareOrdinal(attribute.From ?? "", attribute.Until ?? "9999-99") <= 0,
            $"{path}.until",
            "Not before from."
        );
    }

    static void Kinds(AttributeDefinition attribute, string path, Faults faults)
    {
        faults.Unless(
            attribute.Kind == AttributeKind.Enum
                ? attribute.Values is { Count: > 0 and <= AttributeDefinition.MaxValues } values
                    && values.All(word => word is { Length: > 0 and <= MaxWord } && !word.Any(char.IsControl))
                    && values.Distinct(StringComparer.Ordinal).Count() == values.Count
                : attribute.Values is null,
            $"{path}.values",
            $"An enum has 1 to {AttributeDefinition.MaxValues} different words of 1 to {MaxWord} characters; others have none."
        );
        faults.Unless(
            attribute.Kind == AttributeKind.Measure
                ? attribute.Unit is { Length: > 0 and <= MaxUnit } unit && !unit.Any(char.IsControl)
                : attribute.Unit is null,
            $"{path}.unit",
            $"A measure has a unit of 1 to {MaxUnit} characters; others have none."
        );
        faults.Unless(
            attribute.Kind == AttributeKind.Reference == attribute.To is not null,
            $"{path}.to",
            "A reference says whether it names a product or a category; others do not."
        );
        faults.Unless(
            !attribute.Unique || IsComparable(attribute),
            $"{path}.unique",
            $"Only single texts with a maxLength of at most {AttributeDefinition.MaxUniqueLength}, enums, numbers, dates, "
                + "moments and references can be unique."
        );
    }

    static bool IsComparable(AttributeDefinition attribute) =>
        !attribute.List
        && attribute.Kind switch
        {
            AttributeKind.Text => attribute.MaxLength <= AttributeDefinition.MaxUniqueLength,
            AttributeKind.Number or AttributeKind.Enum or AttributeKind.Reference => true,
            AttributeKind.Date or AttributeKind.DateTime => true,
            _ => false,
        };

    static bool IsWhole(decimal? bound) => bound is null || decimal.Truncate(bound.Value) == bound;

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]{0,99}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Keys { get; }
}
