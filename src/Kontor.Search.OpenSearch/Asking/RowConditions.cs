using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>Filters as conditions on a row: a variant with what its product has.</summary>
sealed class RowConditions(SearchQuery query)
{
    public const string Rows = "rows";
    public const string Words = "rows.words";
    public const string Availability = "rows.availability";
    public const string Numbers = "rows.numbers";
    public const string Prices = "rows.prices";

    /// <summary>That all of these filters hold for a row.</summary>
    public JsonObject Hold(IEnumerable<SearchFilter> filters) => Dsl.All([.. filters.Select(Holds)]);

    /// <summary>That all that was selected holds for a row, but for the selections on one field.</summary>
    public JsonObject HoldBut(string? field) =>
        Hold(query.Within.Concat(query.Filters.Where(filter => filter.Field != field)));

    public JsonObject HoldAll => HoldBut(null);

    /// <summary>That a row which can be had passes.</summary>
    public JsonObject HoldAndAvailable => Dsl.All([HoldAll, Dsl.Terms(Availability, Available)]);

    static IEnumerable<string> Available =>
        Enum.GetValues<Availability>()
            .Where(availability => availability != Kontor.Search.Availability.OutOfStock)
            .Select(SearchFields.Word);

    /// <summary>That a price is the one that counts: no book before its own has the variant.</summary>
    public JsonObject Counts =>
        Dsl.Any([
            .. query
                .Books.Distinct(StringComparer.Ordinal)
                .Select(
                    (book, place) =>
                        Dsl.All([
                            Dsl.Term($"{Prices}.book", book),
                            .. place == 0
                                ? Array.Empty<JsonObject>()
                                :
                                [
                                    Dsl.Not(
                                        Dsl.Terms(
                                            $"{Prices}.beside",
                                            query.Books.Distinct(StringComparer.Ordinal).Take(place)
                                        )
                                    ),
                                ],
                        ])
                ),
        ]);

    JsonObject Holds(SearchFilter filter)
    {
        var holds = filter switch
        {
            SearchFilter.Terms { Field: SearchFields.Availability } terms => Dsl.Terms(Availability, terms.Values),
            SearchFilter.Terms terms => Dsl.Terms(
                Words,
                terms.Values.Select(value => Written.Token(terms.Field, value))
            ),
            SearchFilter.Range { Field: SearchFields.Price } range => Dsl.Nested(
                Prices,
                Dsl.All([Counts, Dsl.Any([.. range.Ranges.Select(AmountIn)])])
            ),
            SearchFilter.Range range => Dsl.Nested(
                Numbers,
                Dsl.All([Dsl.Term($"{Numbers}.field", range.Field), Dsl.Any([.. range.Ranges.Select(NumberIn)])])
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(filter)),
        };
        return filter.IsNot ? Dsl.Not(holds) : holds;
    }

    public static JsonObject NumberIn(NumberRange range)
    {
        var bounds = new JsonObject();
        if (range.From is { } from)
            bounds["gte"] = from;
        if (range.To is { } to)
            bounds[range.IncludesTo ? "lte" : "lt"] = to;
        return bounds.Count == 0
            ? Dsl.Everything
            : new() { ["range"] = new JsonObject { [$"{Numbers}.value"] = bounds } };
    }

    /// <summary>Amounts are whole: a bound between two of them is the next that is in.</summary>
    public static JsonObject AmountIn(NumberRange range)
    {
        var bounds = new JsonObject();
        if (range.From is { } from)
            bounds["gte"] = Whole(Math.Ceiling(from));
        if (range.To is { } to)
            bounds[range.IncludesTo ? "lte" : "lt"] = Whole(range.IncludesTo ? Math.Floor(to) : Math.Ceiling(to));
        return bounds.Count == 0
            ? Dsl.Everything
            : new() { ["range"] = new JsonObject { [$"{Prices}.amount"] = bounds } };
    }

    static long Whole(double bound) =>
        bound >= long.MaxValue ? long.MaxValue
        : bound <= long.MinValue ? long.MinValue
        : (long)bound;
}
