namespace Kontor.Imports.Matching;

/// <summary>What becomes of a pair.</summary>
public enum Decision
{
    /// <summary>Two articles.</summary>
    None,

    /// <summary>A person decides.</summary>
    Review,

    /// <summary>One article, without a person.</summary>
    Automatic,
}

/// <summary>What was found out about two articles.</summary>
/// <param name="Left">The one whose supplier, then id, comes first by code point.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Reasons">What speaks for it and against it, most important first, for a person.</param>
public sealed record Match(Article Left, Article Right, Decision Decision, double Score, IReadOnlyList<string> Reasons);

static class Pairs
{
    public static int Order(Article one, Article other) =>
        string.CompareOrdinal(one.Supplier, other.Supplier) is var bySupplier and not 0
            ? bySupplier
            : string.CompareOrdinal(one.Id, other.Id);
}
