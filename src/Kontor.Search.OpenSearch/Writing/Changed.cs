using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>Changes prices and availability in a document that was read.</summary>
static class Changed
{
    /// <returns>False where a variant is not there; then nothing was changed.</returns>
    public static bool Apply(JsonObject document, IReadOnlyList<VariantChange> changes)
    {
        var rows = (document["rows"]?.AsArray() ?? [])
            .OfType<JsonObject>()
            .Where(row => row["variant"] is not null)
            .ToDictionary(row => Guid.Parse((string)row["variant"]!)); // It is there.
        if (changes.Any(change => !rows.ContainsKey(change.Variant)))
            return false;
        foreach (var change in changes)
            Change(rows[change.Variant], change);
        return true;
    }

    static void Change(JsonObject row, VariantChange change)
    {
        if (change.Availability is { } availability)
            row["availability"] = SearchFields.Word(availability);
        if (change.Prices is { } prices)
            row["prices"] = Written.Prices(
                (row["prices"]?.AsArray() ?? []).OfType<JsonObject>().Select(Price).Concat(prices)
            );
    }

    static BookPrice Price(JsonObject price) => new((string?)price["book"] ?? "", (long?)price["amount"]);
}
