using System.Text;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>Facets as aggregations: rows that pass all but the selections on the facet's own field, counted by product.</summary>
sealed class Counting(SearchQuery query, RowConditions rows, int countedValues)
{
    const string Passing = "passing";
    const string Pairs = "pairs";
    const string Its = "its";
    const string Counts = "counts";
    const string Least = "least";
    const string Greatest = "greatest";

    /// <summary>Within a bucket of rows: their products, each once.</summary>
    const string Products = "products";

    public JsonObject Aggregations() =>
        new(query.Facets.Select((facet, place) => KeyValuePair.Create($"f{place}", (JsonNode?)Of(facet))));

    /// <summary>What was counted, in the order asked.</summary>
    public IReadOnlyList<FacetCounts> Read(JsonNode? aggregations) =>
        [.. query.Facets.Select((facet, place) => Read(facet, aggregations![$"f{place}"]![Passing]!))]; // Asked for.

    JsonObject Of(SearchFacet facet) =>
        Inside(
            RowConditions.Rows,
            Passing,
            rows.HoldBut(facet.Field),
            facet is SearchFacet.Terms terms ? new() { [Counts] = Values(terms) } : new() { [Pairs] = Numbers(facet) }
        );

    static JsonObject Inside(string path, string name, JsonObject filter, JsonObject aggregations) =>
        new()
        {
            ["nested"] = new JsonObject { ["path"] = path },
            ["aggs"] = new JsonObject
            {
                [name] = new JsonObject { ["filter"] = filter, ["aggs"] = aggregations },
            },
        };

    JsonObject Values(SearchFacet.Terms facet)
    {
        var terms = new JsonObject
        {
            ["field"] = facet.Field == SearchFields.Availability ? RowConditions.Availability : RowConditions.Words,
            ["size"] = facet.Limit,
            ["shard_size"] = Math.Max(facet.Limit, countedValues),
            // Buckets have rows; what counts is how many products those are of.
            ["order"] = new JsonArray(new JsonObject { [Products] = "desc" }, new JsonObject { ["_key"] = "asc" }),
        };
        if (facet.Field != SearchFields.Availability)
            terms["include"] = Expression(Written.Token(facet.Field, "")) + ".*";
        return new() { ["terms"] = terms, ["aggs"] = ByProduct() };
    }

    JsonObject Numbers(SearchFacet facet)
    {
        var (path, value, filter) =
            facet.Field == SearchFields.Price
                ? (RowConditions.Prices, $"{RowConditions.Prices}.amount", rows.Counts)
                : (
                    RowConditions.Numbers,
                    $"{RowConditions.Numbers}.value",
                    Dsl.Term($"{RowConditions.Numbers}.field", facet.Field)
                );
        if (facet is SearchFacet.Ranges ranges)
            return Inside(path, Its, filter, new() { [Counts] = InRanges(ranges, path) });
        return Inside(
            path,
            Its,
            filter,
            new()
            {
                [Counts] = new JsonObject
                {
                    ["histogram"] = new JsonObject
                    {
                        ["field"] = value,
                        ["interval"] = ((SearchFacet.Histogram)facet).Width,
                        ["min_doc_count"] = 1,
                    },
                    ["aggs"] = ByProduct(),
                },
                [Least] = new JsonObject { ["min"] = new JsonObject { ["field"] = value } },
                [Greatest] = new JsonObject { ["max"] = new JsonObject { ["field"] = value } },
            }
        );
    }

    /// <summary>By filters, for a range of the aggregation of that name never includes its end.</summary>
    static JsonObject InRanges(SearchFacet.Ranges facet, string path) =>
        new()
        {
            ["filters"] = new JsonObject
            {
                ["filters"] = Dsl.Array(
                    facet.Of.Select(range =>
                        path == RowConditions.Prices ? RowConditions.AmountIn(range) : RowConditions.NumberIn(range)
                    )
                ),
            },
            ["aggs"] = ByProduct(),
        };

    static JsonObject ByProduct() => new() { [Products] = new JsonObject { ["reverse_nested"] = new JsonObject() } };

    static FacetCounts Read(SearchFacet facet, JsonNode passing)
    {
        if (facet is SearchFacet.Terms terms)
        {
            var prefix = terms.Field == SearchFields.Availability ? 0 : Written.Token(terms.Field, "").Length;
            return new(
                facet.Field,
                [
                    .. Buckets(passing)
                        .Select(bucket => new ValueCount(((string)bucket["key"]!)[prefix..], CountOf(bucket))) // Of keywords.
                        .OrderByDescending(count => count.Products)
                        .ThenBy(count => count.Value, StringComparer.Ordinal),
                ],
                []
            );
        }
        var its = passing[Pairs]![Its]!; // Asked for.
        if (facet is SearchFacet.Ranges ranges)
            return new(
                facet.Field,
                [],
                [.. ranges.Of.Zip(Buckets(its), (range, bucket) => new RangeCount(range, CountOf(bucket)))]
            );
        var width = ((SearchFacet.Histogram)facet).Width;
        return new(
            facet.Field,
            [],
            [
                .. Buckets(its)
                    .Take(SearchFacet.Histogram.MaxIntervals)
                    .Select(bucket => new RangeCount(Interval((double)bucket["key"]!, width), CountOf(bucket))), // A number.
            ],
            (double?)its[Least]!["value"], // Asked for, and null where no row has one.
            (double?)its[Greatest]!["value"]
        );
    }

    /// <summary>The ends as multiples of the width, as every engine has them.</summary>
    static NumberRange Interval(double key, double width)
    {
        var place = Math.Round(key / width);
        return new(place * width, (place + 1) * width);
    }

    static IEnumerable<JsonNode> Buckets(JsonNode of) => of[Counts]!["buckets"]!.AsArray().OfType<JsonNode>(); // Asked for.

    static int CountOf(JsonNode bucket) => (int)bucket[Products]!["doc_count"]!; // As above.

    /// <summary>A text as a regular expression of Lucene's that matches it only.</summary>
    public static string Expression(string text)
    {
        var expression = new StringBuilder();
        foreach (var letter in text)
        {
            if (char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter) && !char.IsControl(letter) && letter != '_')
                expression.Append('\\');
            expression.Append(letter);
        }
        return expression.ToString();
    }
}
