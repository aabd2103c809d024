namespace Kontor.Search;

/// <summary>A product as it is found: everything that can be searched, filtered, counted or sorted by, and nothing else.</summary>
/// <param name="Id">What an answer names it by.</param>
/// <param name="CreatedAt">What "newest" goes by.</param>
/// <param name="Texts">What words are looked for in.</param>
/// <param name="Variants">What can be bought; a product without any is found by what it has itself.</param>
public sealed record SearchDocument(
    Guid Id,
    DateTimeOffset CreatedAt,
    IReadOnlyList<SearchText> Texts,
    IReadOnlyList<SearchVariant> Variants
)
{
    /// <summary>What finds the product when it is typed whole: SKUs, article numbers. Letter case says nothing.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>Values that each variant shares.</summary>
    public IReadOnlyList<FieldWord> Words { get; init; } = [];

    /// <summary>Numbers that each variant shares.</summary>
    public IReadOnlyList<FieldNumber> Numbers { get; init; } = [];

    /// <summary>Texts to sort by, the first of each field, by their first 100 characters as they are: fold them first where case is to say nothing.</summary>
    public IReadOnlyList<FieldWord> Sorts { get; init; } = [];

    /// <summary>Where and when it is shown.</summary>
    public SearchVisibility Visibility { get; init; } = SearchVisibility.Always;
}

/// <summary>A text of a product.</summary>
/// <param name="Field">A name; what it weighs stands in the schema.</param>
/// <param name="Language">A language tag; empty: of no language, found in each by its words as they are written.</param>
public sealed record SearchText(string Field, string Text, string Language = "");

/// <summary>A value to filter and count by: a word of an enumeration, a brand, a category, <c>true</c>.</summary>
public readonly record struct FieldWord(string Field, string Value);

/// <summary>A number to filter by range, to count in ranges and to sort by: an amount, a measure, a moment.</summary>
/// <param name="Value">Finite.</param>
public readonly record struct FieldNumber(string Field, double Value);

/// <summary>What can be bought.</summary>
/// <param name="Availability">Changes in place.</param>
/// <param name="Prices">One for each price book; they change in place.</param>
public sealed record SearchVariant(Guid Id, Availability Availability, IReadOnlyList<BookPrice> Prices)
{
    public IReadOnlyList<FieldWord> Words { get; init; } = [];

    public IReadOnlyList<FieldNumber> Numbers { get; init; } = [];
}

/// <summary>A price in a price book.</summary>
/// <param name="Book">A name that the caller gives to a currency and a context: <c>EUR</c>, <c>EUR|b2b</c>.</param>
/// <param name="Amount">Minor units; null: it has none there.</param>
public readonly record struct BookPrice(string Book, long? Amount);

/// <summary>What a shop says of a variant's stock.</summary>
public enum Availability : byte
{
    OutOfStock,
    InStock,
    Preorder,
    Backorder,
}

/// <summary>Where and when a product is shown.</summary>
/// <param name="Channels">Keys of channels; null: in each, and to whom no channel matters.</param>
/// <param name="From">Its first moment.</param>
/// <param name="Until">The first moment at which it is over.</param>
public sealed record SearchVisibility(
    IReadOnlyList<string>? Channels = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null
)
{
    public static SearchVisibility Always { get; } = new();
}

/// <summary>What changes in place for a variant, seen by readers together with all else that changes in the same call.</summary>
/// <param name="Availability">Null: as it is.</param>
/// <param name="Prices">Those that change; the others stay.</param>
public sealed record VariantChange(
    Guid Variant,
    Availability? Availability = null,
    IReadOnlyList<BookPrice>? Prices = null
);
