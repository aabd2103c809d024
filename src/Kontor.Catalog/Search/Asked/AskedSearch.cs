using Kontor.Catalog.Prices;

namespace Kontor.Catalog.Search.Asked;

/// <summary>What somebody looks for, through whichever door; names and values are theirs, not yet judged.</summary>
/// <param name="Words">Null: everything that the rest allows.</param>
sealed record AskedSearch(string? Words, PriceContext Context)
{
    public const int MaxWords = 200;
    public const int MaxFilters = 25;
    public const int MaxFacets = 20;
    public const int MaxLimit = 100;

    /// <summary>A category's key: what stands in it or below.</summary>
    public string? Category { get; init; }

    public string? Type { get; init; }

    public IReadOnlyList<AskedFilter> Filters { get; init; } = [];

    public IReadOnlyList<AskedFacet> Facets { get; init; } = [];

    /// <summary>Null: as is usual for what is asked.</summary>
    public string? Sort { get; init; }

    public string Unavailable { get; init; } = UnavailableLast;

    public int Limit { get; init; } = 20;

    public string? After { get; init; }

    public const string UnavailableLast = "last";
    public const string UnavailableHidden = "hide";
    public const string UnavailableMixed = "mixed";
}

/// <summary>A condition: one of the values, or a number in one of the ranges.</summary>
/// <param name="Path">Where it stands in the request.</param>
sealed record AskedFilter(string Path, string Field, IReadOnlyList<AskedValue> Values, bool IsNot = false);

/// <summary>A value, or where <paramref name="Range"/> is set a stretch of numbers or of time.</summary>
readonly record struct AskedValue(string Value, AskedRange? Range = null);

/// <summary>From is in it; To is where it is said so.</summary>
sealed record AskedRange(string? From, string? To, bool IncludesTo);

/// <summary>Something to be counted: values, or where they are named ranges, or stretches of one width.</summary>
sealed record AskedFacet(string Path, string Field, IReadOnlyList<AskedRange>? Ranges = null, double? Width = null);
