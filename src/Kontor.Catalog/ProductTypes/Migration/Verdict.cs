using System.Text.Json;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>What a change of a type would do.</summary>
/// <param name="Compatible">True: it can be applied as it is, and no live product violates it.</param>
/// <param name="Version">The version of the type that was compared with.</param>
/// <param name="Products">How many products the type has.</param>
/// <param name="Changes">Every difference, with the live products that stand against it.</param>
/// <param name="Reindex">Attributes whose index would be built anew.</param>
public sealed record VerdictView(
    bool Compatible,
    long Version,
    long Products,
    IReadOnlyList<ChangeView> Changes,
    IReadOnlyList<string> Reindex
)
{
    /// <summary>Breaks by attribute, for a refusal's errors.</summary>
    internal IReadOnlyDictionary<string, string[]> Broken =>
        Changes
            .Where(change => change.Violations > 0)
            .GroupBy(change => $"attributes.{change.Attribute}", StringComparer.Ordinal)
            .ToDictionary(
                changes => changes.Key,
                changes => changes.Select(change => change.Message).ToArray(),
                StringComparer.Ordinal
            );
}

/// <summary>One difference.</summary>
/// <param name="Attribute">Its key; absent for the type itself.</param>
/// <param name="Rule"><c>attribute</c> (it comes, goes or gets another key), <c>conversion</c> (a step rewrites its values), or the member of the
/// definition.</param>
/// <param name="Breaks">Whom it can break, whatever stands now.</param>
/// <param name="Message">What it comes to, in words.</param>
/// <param name="Violations">How many live products, or variants, stand against it.</param>
/// <param name="Examples">Up to 10 of them: keys of products, SKUs of variants.</param>
public sealed record ChangeView(
    string? Attribute,
    string Rule,
    Breaks Breaks,
    string Message,
    long Violations,
    IReadOnlyList<string> Examples
);

/// <summary>A value that some products have, or (null) have not.</summary>
/// <param name="Examples">At least one of them, at most ten.</param>
sealed record Standing(JsonElement? Value, long Count, IReadOnlyList<string> Examples);

/// <summary>Products that stand against a rule.</summary>
sealed record Violation(string Attribute, string Rule, string Reason, long Count, IReadOnlyList<string> Examples);

/// <summary>Judges a change: by its differences, and by what stands.</summary>
static class Verdict
{
    public const int MaxExamples = 10;

    /// <summary>The attributes whose values have to be looked at: those of which a right value may become a wrong one.</summary>
    public static IReadOnlyList<MigrationPlan.Way> ToLookAt(MigrationPlan plan)
    {
        var tightened = Change
            .Between(plan)
            .Where(change => change.Tightens)
            .Select(change => change.Attribute)
            .ToHashSet(StringComparer.Ordinal);
        return [.. plan.Ways.Where(way => way.Retype is not null || tightened.Contains(way.To.Key))];
    }

    public static VerdictView Of(MigrationPlan plan, long products, IReadOnlyList<Violation> violations)
    {
        var changes = Change.Between(plan);
        var told = changes.Select(change =>
            View(change, violations.FirstOrDefault(v => v.Attribute == change.Attribute && v.Rule == change.Rule))
        );
        var others = violations
            .Where(v => !changes.Any(change => change.Attribute == v.Attribute && change.Rule == v.Rule))
            .Select(v => View(new(v.Attribute, v.Rule, Breaks.Writers, true), v));
        return new(violations.Count == 0, plan.From.Version, products, [.. told, .. others], Reindexed(plan));
    }

    static ChangeView View(Change change, Violation? violation) =>
        new(
            change.Attribute,
            change.Rule,
            change.Breaks,
            violation is null
                ? Words(change)
                : $"{change.Rule}: {violation.Count} stand against it, such as "
                    + $"{string.Join(", ", violation.Examples.Take(3))}. {violation.Reason}",
            violation?.Count ?? 0,
            violation?.Examples ?? []
        );

    static string Words(Change change) =>
        change switch
        {
            { Breaks: Breaks.None } => $"{change.Rule}: nothing that was right becomes wrong.",
            { Breaks: Breaks.Writers } =>
                $"{change.Rule}: nothing that stands is against it; who writes as before may be refused.",
            _ => $"{change.Rule}: nothing that stands is lost by it; readers and writers have to know of it.",
        };

    /// <summary>Attributes with an index whose entries would be others.</summary>
    static IReadOnlyList<string> Reindexed(MigrationPlan plan) =>
        [
            .. plan
                .Ways.Where(way =>
                    (way.To.Index is { Count: > 0 } || way.From?.Index is { Count: > 0 })
                    && (
                        way.From is null
                        || way.Retype is not null
                        || way.Default is not null
                        || way.From.Key != way.To.Key
                        || way.From.Shape != way.To.Shape
                        || !(way.From.Index ?? []).ToHashSet().SetEquals(way.To.Index ?? [])
                    )
                )
                .Select(way => way.To.Key),
        ];
}
