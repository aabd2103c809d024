using System.Globalization;
using GraphQL.Types;
using Kontor.Catalog.Search.Asked;

namespace Kontor.Catalog.Search.Graph;

/// <summary>A condition as a query in GraphQL gives it.</summary>
sealed record FilterInput(
    string Field,
    IReadOnlyList<string>? Values = null,
    IReadOnlyList<RangeInput>? Ranges = null,
    bool Not = false
)
{
    public AskedFilter Asked(int place) =>
        new(
            $"filters[{place}]",
            Field,
            [
                .. (Values ?? []).Select(value => new AskedValue(value)),
                .. (Ranges ?? []).Select(range => new AskedValue("", range.Asked)),
            ],
            Not
        );
}

sealed record RangeInput(
    double? From = null,
    double? To = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    bool IncludesTo = false
)
{
    public AskedRange Asked => new(Number(From) ?? Moment(Since), Number(To) ?? Moment(Until), IncludesTo);

    static string? Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    static string? Moment(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

/// <summary>Something to be counted, as a query in GraphQL gives it.</summary>
sealed record FacetInput(string Field, IReadOnlyList<RangeInput>? Ranges = null, double? Interval = null)
{
    public AskedFacet Asked(int place) =>
        new($"facets[{place}]", Field, Ranges?.Select(range => range.Asked).ToList(), Interval);
}

sealed class FilterInputGraph : InputObjectGraphType<FilterInput>
{
    public FilterInputGraph()
    {
        Name = "SearchFilter";
        Description = "A condition: one of the values, or a number or moment in one of the ranges.";
        Field<NonNullGraphType<StringGraphType>>("field")
            .Description("category, type, price, availability, or an attribute that is indexed for it.");
        Field<ListGraphType<NonNullGraphType<StringGraphType>>>("values").Description("One of them.");
        Field<ListGraphType<NonNullGraphType<RangeInputGraph>>>("ranges").Description("In one of them.");
        Field<NonNullGraphType<BooleanGraphType>>("not").DefaultValue(false).Description("It must not hold.");
    }
}

sealed class RangeInputGraph : InputObjectGraphType<RangeInput>
{
    public RangeInputGraph()
    {
        Name = "SearchRange";
        Description = "A range of numbers, or of moments; a bound that is left out is none.";
        Field<FloatGraphType>("from").Description("In it.");
        Field<FloatGraphType>("to").Description("In it only with includesTo.");
        Field<DateTimeOffsetGraphType>("since").Description("In place of from, of moments and days.");
        Field<DateTimeOffsetGraphType>("until").Description("In place of to, of moments and days.");
        Field<NonNullGraphType<BooleanGraphType>>("includesTo").DefaultValue(false);
    }
}

sealed class FacetInputGraph : InputObjectGraphType<FacetInput>
{
    public FacetInputGraph()
    {
        Name = "SearchFacetOf";
        Description = "Something to be counted: values, or numbers in ranges or in intervals of one width.";
        Field<NonNullGraphType<StringGraphType>>("field")
            .Description("category, type, price, availability, or an attribute that is indexed for it.");
        Field<ListGraphType<NonNullGraphType<RangeInputGraph>>>("ranges").Description("Of numbers.");
        Field<FloatGraphType>("interval").Description("Of numbers: the width of each interval.");
    }
}

sealed class UnavailableGraph : EnumerationGraphType
{
    public UnavailableGraph()
    {
        Name = "Unavailable";
        Description = "Where products stand of which nothing can be had.";
        Add("LAST", AskedSearch.UnavailableLast, "Behind all others.");
        Add("HIDE", AskedSearch.UnavailableHidden, "Nowhere.");
        Add("MIXED", AskedSearch.UnavailableMixed, "As all others.");
    }
}
