using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>The order of a query, and the cursors of its pages.</summary>
/// <remarks>
/// Keys that decide, in their order: pins, availability, what is asked for, the id. Behind the id, which is no other product's,
/// stand the price and whether it can be had: they decide nothing, and each hit brings them along, reckoned under the filters by
/// the engine itself. What is missing has a value of its own in each key: what stands for none differs between types and versions.
/// Pins are scores: where relevance is asked for they are far above it, and availability, which comes before, counts them as available.
/// </remarks>
sealed class Sorting(SearchQuery query, RowConditions rows)
{
    /// <summary>Between two pins; above what words and boosts give, and exact in a float of 24 bits.</summary>
    const double PinStep = 1e12;

    /// <summary>The bits of the greatest score; a cursor that somebody made up may have others.</summary>
    const long MostScore = 0x7F7F_FFFF;

    const long NoAmount = long.MaxValue;
    const double NoNumber = double.MaxValue;

    /// <summary>Above and below the mark that each text begins with.</summary>
    const string TextsEnd = ">";
    const string TextsStart = "<";

    bool IsDescending => query.Order.IsDescending;

    bool ByRelevance => query.Order.By is SearchSort.Relevance;

    public bool Scores => ByRelevance || query.Pins.Count > 0;

    /// <summary>Queries that give the pins their scores.</summary>
    public IEnumerable<JsonObject> Pins =>
        query.Pins.Distinct().Select((pin, place) => Dsl.Constant(Dsl.Ids([pin]), PinScore(place)));

    double PinScore(int place) => PinStep * (query.Pins.Distinct().Count() - place);

    public JsonArray Keys()
    {
        var keys = new JsonArray();
        if (!ByRelevance && query.Pins.Count > 0)
            keys.Add(Score());
        if (query.UnavailableLast)
            keys.Add(Presence(AvailableOrPinned));
        keys.Add(
            query.Order.By switch
            {
                SearchSort.Relevance => Score(),
                SearchSort.Newest => Key("created", !IsDescending, missing: 0L),
                SearchSort.Price => Price(IsDescending),
                SearchSort.Number => Number(),
                _ => Text(),
            }
        );
        keys.Add(Key("id", isDescending: false, missing: "_last"));
        keys.Add(Price(isDescending: false));
        keys.Add(Presence(rows.HoldAndAvailable));
        return keys;
    }

    /// <summary>The keys of the last product of the page before.</summary>
    public JsonArray After(SearchCursor after)
    {
        var keys = new JsonArray();
        if (!ByRelevance && query.Pins.Count > 0)
            keys.Add(after.Pin == int.MaxValue ? 0 : PinScore(after.Pin));
        if (query.UnavailableLast)
            keys.Add(after.IsUnavailable ? 0 : 1);
        keys.Add(
            query.Order.By switch
            {
                SearchSort.Relevance => (JsonNode)
                    BitConverter.Int32BitsToSingle((int)-Math.Clamp(after.Key, -MostScore, 0)),
                SearchSort.Newest or SearchSort.Price => after.Key,
                SearchSort.Number => BitConverter.Int64BitsToDouble(after.Key) is var number && double.IsFinite(number)
                    ? number
                    : NoNumber,
                _ => after.Text is { } text ? Written.SortMark + text
                : IsDescending ? TextsStart
                : TextsEnd,
            }
        );
        keys.Add(after.Id.ToString());
        // Nothing comes after these: the product itself is not found again.
        keys.Add(NoAmount);
        keys.Add(-1);
        return keys;
    }

    /// <summary>A hit with its cursor.</summary>
    public (SearchHit Hit, SearchCursor Cursor) Read(JsonNode found)
    {
        var keys = found["sort"]!.AsArray(); // Asked for.
        var at = 0;
        if (!ByRelevance && query.Pins.Count > 0)
            at++;
        var last = query.UnavailableLast && (long)keys[at++]! == 0; // As above, and below.
        var key = keys[at++]!;
        var id = Guid.Parse((string)keys[at++]!);
        var price = (long)keys[at++]!;
        var isAvailable = (long)keys[at]! == 1;
        var place = query.Pins.Distinct().ToList().IndexOf(id);
        var (number, text) = query.Order.By switch
        {
            SearchSort.Relevance => (-(long)BitConverter.SingleToInt32Bits((float)key), null),
            SearchSort.Newest or SearchSort.Price => ((long)key, null),
            SearchSort.Number => (BitConverter.DoubleToInt64Bits((double)key), null),
            _ => (0L, (string)key! is [var mark, .. var its] && $"{mark}" == Written.SortMark ? its : null),
        };
        var score = ByRelevance ? (long)Math.Min((double)key * 1_000, 1e15) : 0;
        return (
            new(id, score, price == NoAmount ? null : price, isAvailable),
            new(place < 0 ? int.MaxValue : place, last, number, query.Order.By is SearchSort.Text, text, id)
        );
    }

    JsonObject AvailableOrPinned =>
        query.Pins.Count == 0
            ? rows.HoldAndAvailable
            : Dsl.Any([rows.HoldAndAvailable, Dsl.Terms("rows.product", query.Pins.Select(pin => pin.ToString()))]);

    static JsonObject Score() => new() { ["_score"] = new JsonObject { ["order"] = "desc" } };

    static JsonObject Key(string field, bool isDescending, JsonNode missing) =>
        new()
        {
            [field] = new JsonObject { ["order"] = isDescending ? "desc" : "asc", ["missing"] = missing },
        };

    /// <summary>Products of which a row is so come first.</summary>
    static JsonObject Presence(JsonObject condition) =>
        By("rows.one", isDescending: true, 0L, new() { ["path"] = RowConditions.Rows, ["filter"] = condition });

    /// <summary>By the lowest price of the rows that pass, in both directions.</summary>
    JsonObject Price(bool isDescending) =>
        By(
            $"{RowConditions.Prices}.amount",
            isDescending,
            isDescending ? -1L : NoAmount,
            Inner(RowConditions.Prices, rows.Counts),
            "min"
        );

    JsonObject Number() =>
        By(
            $"{RowConditions.Numbers}.value",
            IsDescending,
            IsDescending ? -NoNumber : NoNumber,
            Inner(RowConditions.Numbers, Dsl.Term($"{RowConditions.Numbers}.field", query.Order.Field ?? ""))
        );

    JsonObject Text() =>
        By(
            "sorts.value",
            IsDescending,
            IsDescending ? TextsStart : TextsEnd,
            new() { ["path"] = "sorts", ["filter"] = Dsl.Term("sorts.field", query.Order.Field ?? "") }
        );

    /// <summary>Of the rows that pass, what lies below them.</summary>
    JsonObject Inner(string path, JsonObject condition) =>
        new()
        {
            ["path"] = RowConditions.Rows,
            ["filter"] = rows.HoldAll,
            ["nested"] = new JsonObject { ["path"] = path, ["filter"] = condition },
        };

    static JsonObject By(string field, bool isDescending, JsonNode missing, JsonObject nested, string? mode = null) =>
        new()
        {
            [field] = new JsonObject
            {
                ["order"] = isDescending ? "desc" : "asc",
                ["mode"] = mode ?? (isDescending ? "max" : "min"),
                ["missing"] = missing,
                ["nested"] = nested,
            },
        };
}
