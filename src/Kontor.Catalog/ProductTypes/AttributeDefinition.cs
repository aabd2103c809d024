using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Kontor.Catalog.ProductTypes;

/// <summary>What a value is.</summary>
public enum AttributeKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A text for each of some languages: {"en": "red", "de": "rot"}.</summary>
    LocalisedText,

    /// <summary>A decimal number, kept exactly, at most 28 digits.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>One of the values that the attribute lists.</summary>
    Enum,

    /// <summary>A day: 2026-11-23.</summary>
    Date,

    /// <summary>A moment, RFC 3339.</summary>
    DateTime,

    /// <summary>An amount in minor units of a currency.</summary>
    Money,

    /// <summary>A number with the attribute's unit: {"value": 1.5, "unit": "kg"}.</summary>
    Measure,

    /// <summary>The key of a product or a category.</summary>
    Reference,
}

/// <summary>Whether the product has the value or each of its variants its own.</summary>
public enum AttributeLevel
{
    Product,
    Variant,
}

/// <summary>What a reference names.</summary>
public enum ReferenceTarget
{
    Product,
    Category,
}

/// <summary>What an attribute is kept ready for.</summary>
public enum AttributeIndex
{
    Filter,
    Facet,
    Sort,
    Search,
}

/// <summary>An attribute that products of a type, or their variants, have.</summary>
/// <param name="Key">1 to 100 letters, digits or '_', the first a letter; unique in the type.</param>
/// <param name="Kind">What a value is.</param>
/// <param name="Title">What people call it; the key where left out.</param>
/// <param name="Level">Whether the product has it or each variant.</param>
/// <param name="List">True: a list of 1 to 200 such values, in the order given.</param>
/// <param name="Required">A product without it is refused.</param>
/// <param name="Unique">No two products (variants) of the type have the same value. For single texts with a maxLength of at
/// most 400, enums, numbers, dates, moments and references.</param>
/// <param name="Pattern">A regular expression that finds a match in every text; without backreferences and lookaround.</param>
/// <param name="Min">The least number, measure, or amount of money in minor units.</param>
/// <param name="Max">The greatest number, measure, or amount of money in minor units.</param>
/// <param name="MinLength">The least number of characters of a text.</param>
/// <param name="MaxLength">The greatest number of characters of a text, at most 10,000, which it is where left out.</param>
/// <param name="From">The first date or moment.</param>
/// <param name="Until">The last date or moment.</param>
/// <param name="Values">What an enum can be, 1 to 1,000 words.</param>
/// <param name="Unit">The unit of a measure.</param>
/// <param name="To">What a reference names.</param>
/// <param name="Default">The value that a written product gets where it names none; in the form of a value.</param>
/// <param name="Index">What it is kept ready for.</param>
public sealed record AttributeDefinition(
    [property: Required] string Key,
    AttributeKind Kind,
    string? Title = null,
    AttributeLevel Level = AttributeLevel.Product,
    bool List = false,
    bool Required = false,
    bool Unique = false,
    string? Pattern = null,
    decimal? Min = null,
    decimal? Max = null,
    int? MinLength = null,
    int? MaxLength = null,
    string? From = null,
    string? Until = null,
    IReadOnlyList<string>? Values = null,
    string? Unit = null,
    ReferenceTarget? To = null,
    JsonElement? Default = null,
    IReadOnlyList<AttributeIndex>? Index = null
)
{
    public const int MaxItems = 200;
    public const int MaxTextLength = 10_000;
    public const int MaxUniqueLength = 400;
    public const int MaxValues = 1_000;

    internal bool HasText => Kind is AttributeKind.Text or AttributeKind.LocalisedText;

    internal bool HasAmount => Kind is AttributeKind.Number or AttributeKind.Measure or AttributeKind.Money;

    internal bool HasTime => Kind is AttributeKind.Date or AttributeKind.DateTime;

    internal int LengthAtMost => MaxLength ?? MaxTextLength;

    /// <summary>What makes a value of one definition a value of another as far as its form goes.</summary>
    internal (AttributeKind, bool, AttributeLevel) Shape => (Kind, List, Level);
}
