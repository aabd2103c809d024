using Kontor.Catalog.Products;
using Kontor.Search;

namespace Kontor.Catalog.Search.Asked;

/// <summary>What the search answers: products as lists show them.</summary>
sealed record FoundProducts(IReadOnlyList<ProductView> Data, SearchMeta Meta);

/// <summary>What is said about what was found.</summary>
/// <param name="Timestamp">When it was made, UTC.</param>
/// <param name="Position">How far the index had come.</param>
/// <param name="Next">The cursor of the next page (<c>after</c>); absent on the last.</param>
/// <param name="Stale">True: it may be older than the position that was asked for, or the database is away and it may be
/// older than what stands; absent otherwise.</param>
/// <param name="Total">How many products match in all; absent with <c>view=staff</c> and <c>at</c>, which count nothing.</param>
/// <param name="Currency">What prices were filtered, counted and sorted in; absent where none is known.</param>
/// <param name="Facets">Those that were asked for, in that order; absent where none were.</param>
/// <param name="Highlights">Where texts say what was asked for, by product id; absent without words.</param>
sealed record SearchMeta(
    DateTimeOffset Timestamp,
    string? Position = null,
    string? Next = null,
    bool? Stale = null,
    int? Total = null,
    string? Currency = null,
    IReadOnlyList<FacetView>? Facets = null,
    IReadOnlyDictionary<string, HighlightView>? Highlights = null
);

/// <summary>What was counted of a field: products, each once for a value.</summary>
/// <param name="Field">As it was asked for.</param>
/// <param name="Title">What people call it; absent for fields that every product has.</param>
/// <param name="Values">The 100 most frequent, the most frequent first; absent for numbers.</param>
/// <param name="Ranges">As they were asked for; of a histogram those that have products, ascending; absent for words.</param>
/// <param name="Least">The least number met; only of a histogram.</param>
/// <param name="Greatest">The greatest number met; only of a histogram.</param>
sealed record FacetView(
    string Field,
    string? Title = null,
    IReadOnlyList<FacetValueView>? Values = null,
    IReadOnlyList<FacetRangeView>? Ranges = null,
    double? Least = null,
    double? Greatest = null
);

/// <param name="Title">What people call it, of categories and types; absent where the value says it.</param>
/// <param name="Products">How many products have it.</param>
sealed record FacetValueView(string Value, int Products, string? Title = null);

/// <param name="From">In it; absent: no bound. Days and moments are seconds since 1970.</param>
/// <param name="To">In it only where <paramref name="IncludesTo"/>; absent: no bound.</param>
/// <param name="Products">How many products have a number in it.</param>
sealed record FacetRangeView(double? From, double? To, int Products, bool? IncludesTo = null);

/// <summary>The words that were found, in the texts that are shown.</summary>
/// <param name="Title">In the title; absent where there are none.</param>
/// <param name="Description">In the description, the first 20; absent where there are none.</param>
sealed record HighlightView(IReadOnlyList<MarkView>? Title = null, IReadOnlyList<MarkView>? Description = null);

/// <param name="Start">Where it begins, in UTF-16 code units as JavaScript counts them.</param>
/// <param name="Length">How long it is, likewise.</param>
sealed record MarkView(int Start, int Length)
{
    public static MarkView Of(TextMark mark) => new(mark.Start, mark.Length);
}
