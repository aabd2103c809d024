using System.Collections.Immutable;
using Kontor.Kernel;

namespace Kontor.Imports.Matching;

/// <summary>What one supplier says about one thing that can be bought, as far as it helps to recognise it.</summary>
/// <param name="Id">The supplier's own key for it; unique within the supplier.</param>
/// <param name="Supplier">Whose it is. Articles of one supplier are never matched with one another.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Gtins">Bar codes as they stand in the feed; what is no valid GTIN is not looked at.</param>
/// <param name="PartNumber">The manufacturer's own number.</param>
/// <param name="Price">Compared only within one currency.</param>
public sealed record Article(
    string Id,
    string Supplier,
    string Title,
    IReadOnlyList<string>? Gtins = null,
    string? Brand = null,
    string? PartNumber = null,
    string? Description = null,
    Money? Price = null
)
{
    /// <summary>Further values as text, by name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;
}
