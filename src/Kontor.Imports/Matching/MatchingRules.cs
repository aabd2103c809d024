using System.Collections.Immutable;

namespace Kontor.Imports.Matching;

/// <summary>From which score on pairs are joined, or shown to a person.</summary>
/// <param name="Automatic">From this score on two articles become one without a person.</param>
/// <param name="Review">From this score on a person decides; below it they are two.</param>
public sealed record MatchingThresholds(double Automatic = 0.93, double Review = 0.4);

/// <summary>What bounds the work for each article.</summary>
/// <param name="CandidatesPerArticle">With how many others it is compared closely.</param>
/// <param name="EntriesPerArticle">How many entries of the index it may look at.</param>
public sealed record MatchingLimits(int CandidatesPerArticle = 24, int EntriesPerArticle = 4_000);

/// <summary>How articles of several suppliers are recognised as the same.</summary>
public sealed record MatchingRules
{
    public static readonly MatchingRules Usual = new();

    public MatchingThresholds Thresholds { get; init; } = new();
    public MatchingLimits Limits { get; init; } = new();

    /// <summary>Other spellings of brands: <c>Hewlett-Packard</c> is <c>HP</c>.</summary>
    public IReadOnlyDictionary<string, string> BrandAliases { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Suppliers that have an article several times; of all others one article is matched with one at most.</summary>
    public IReadOnlyList<string> Repeating { get; init; } = [];
}
