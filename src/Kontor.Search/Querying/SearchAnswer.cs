namespace Kontor.Search;

/// <summary>What was found. Page, total and counts are of one pass over one state of the index.</summary>
/// <param name="Total">How many products match.</param>
/// <param name="Next">The cursor of the next page; null where there is none.</param>
/// <param name="Words">What the words of the query were found as, to mark them in texts.</param>
/// <param name="Position">How far the journal was applied, as the writer said.</param>
public sealed record SearchAnswer(
    int Total,
    IReadOnlyList<SearchHit> Hits,
    IReadOnlyList<FacetCounts> Facets,
    SearchCursor? Next,
    MatchedWords Words,
    long Position
);

/// <summary>A product that was found.</summary>
/// <param name="Score">How well the words fit; comparable within an answer.</param>
/// <param name="Price">The lowest among its matching variants, of the moment at which it was judged; null: none has one.</param>
/// <param name="IsAvailable">Whether a matching variant can be had.</param>
public readonly record struct SearchHit(Guid Id, long Score, long? Price, bool IsAvailable);

/// <summary>What was counted for a facet.</summary>
/// <param name="Values">The values, most frequent first, then in their order.</param>
/// <param name="Ranges">In the order asked; for a histogram those that have products, ascending.</param>
/// <param name="Least">The least number met, for a histogram.</param>
/// <param name="Greatest">The greatest number met, for a histogram.</param>
public sealed record FacetCounts(
    string Field,
    IReadOnlyList<ValueCount> Values,
    IReadOnlyList<RangeCount> Ranges,
    double? Least = null,
    double? Greatest = null
);

public readonly record struct ValueCount(string Value, int Products);

public readonly record struct RangeCount(NumberRange Range, int Products);

/// <summary>A part of a text.</summary>
public readonly record struct TextMark(int Start, int Length);
