using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch;

/// <summary>A product as a document of the index.</summary>
static class Written
{
    /// <summary>Between a field's name and its value; in no name that people give.</summary>
    public const char Unit = '\u001F';

    /// <summary>Before each text to sort by, so that a text is between what stands for none in the two directions.</summary>
    public const string SortMark = "=";

    const int SortLetters = 100;

    public static string Token(string field, string value) => $"{field}{Unit}{value}";

    public static JsonObject Of(SearchDocument document, Spaces spaces) =>
        new()
        {
            ["id"] = document.Id.ToString(),
            ["created"] = document.CreatedAt.UtcTicks,
            ["channels"] = Strings(document.Visibility.Channels ?? [SearchFields.EveryChannel]),
            ["from"] = document.Visibility.From?.UtcTicks ?? 0,
            ["until"] = document.Visibility.Until?.UtcTicks ?? long.MaxValue,
            ["codes"] = Strings(document.Codes.Select(Code).Distinct(StringComparer.Ordinal)),
            ["texts"] = Texts(document, spaces),
            ["completes"] = Completes(document, spaces),
            ["sorts"] = new JsonArray([
                .. document
                    .Sorts.DistinctBy(sort => sort.Field, StringComparer.Ordinal)
                    .Select(sort => Pair(sort.Field, SortKey(sort.Value))),
            ]),
            ["rows"] = new JsonArray([.. Rows(document)]),
        };

    /// <summary>What is left of a product that was removed. It matches nothing, having no channel, and stays until the index is
    /// built anew, so that a late write of an older position cannot bring the product back: OpenSearch forgets the version of
    /// what is deleted after a minute.</summary>
    public static JsonObject Removed(Guid id) => new() { ["id"] = id.ToString() };

    public static string Code(string code) => code.Trim().ToLowerInvariant();

    /// <summary>The first hundred letters, no pair of surrogates taken apart.</summary>
    public static string SortKey(string text)
    {
        var cut =
            text.Length > SortLetters && char.IsHighSurrogate(text[SortLetters - 1]) ? SortLetters - 1 : SortLetters;
        return SortMark + (text.Length > SortLetters ? text[..cut] : text);
    }

    /// <summary>A variant's prices; each names the books that it stands beside, so that a query can take the first of its books
    /// that has the variant.</summary>
    public static JsonArray Prices(IEnumerable<BookPrice> prices)
    {
        var last = new Dictionary<string, long?>(StringComparer.Ordinal);
        foreach (var price in prices)
            last[price.Book] = price.Amount is < 0
                ? throw new ArgumentOutOfRangeException(nameof(prices), "A price is 0 or more.")
                : price.Amount;
        var kept = last.Where(price => price.Value is not null).ToList();
        return
        [
            .. kept.Select(price => new JsonObject
            {
                ["book"] = price.Key,
                ["amount"] = price.Value,
                ["beside"] = Strings(kept.Select(other => other.Key).Where(book => book != price.Key)),
            }),
        ];
    }

    static IEnumerable<JsonNode?> Rows(SearchDocument document) =>
        document.Variants.Count == 0
            ? [Row(document, null)]
            : document.Variants.Select(variant => Row(document, variant));

    static JsonObject Row(SearchDocument document, SearchVariant? variant)
    {
        var row = new JsonObject
        {
            ["product"] = document.Id.ToString(),
            ["one"] = 1,
            ["words"] = Strings(
                document
                    .Words.Concat(variant?.Words ?? [])
                    .Select(word => Token(word.Field, word.Value))
                    .Distinct(StringComparer.Ordinal)
            ),
            ["numbers"] = new JsonArray([
                .. document
                    .Numbers.Concat(variant?.Numbers ?? [])
                    .Distinct()
                    .Select(number => new JsonObject
                    {
                        ["field"] = number.Field,
                        // There are two zeros, and they are equal.
                        ["value"] = number.Value == 0 ? 0 : number.Value,
                    }),
            ]),
        };
        if (variant is null)
            return row;
        row["variant"] = variant.Id.ToString();
        row["availability"] = SearchFields.Word(variant.Availability);
        row["prices"] = Prices(variant.Prices);
        return row;
    }

    static JsonObject Texts(SearchDocument document, Spaces spaces)
    {
        var texts = new JsonObject();
        foreach (var of in document.Texts.GroupBy(text => spaces.Of(text.Language), StringComparer.Ordinal))
            texts[of.Key] = new JsonObject(
                of.GroupBy(text => spaces.FieldOf(text.Field), StringComparer.Ordinal)
                    .Select(field =>
                        KeyValuePair.Create(field.Key, (JsonNode?)Strings(field.Select(text => text.Text)))
                    )
            );
        return texts;
    }

    /// <summary>Words as they are written, of each language those of no language too: a query asks one field.</summary>
    static JsonObject Completes(SearchDocument document, Spaces spaces)
    {
        var words = document
            .Texts.Where(text => spaces.Completes(text.Field))
            .SelectMany(text =>
                Spaces.WordsOf(text.Text).Select(word => (Space: spaces.Of(text.Language), Word: Spaces.Surface(word)))
            )
            .Distinct()
            .ToList();
        var completes = new JsonObject();
        foreach (var space in spaces.All)
            if (words.Where(one => one.Space == space || one.Space == Spaces.None).ToList() is { Count: > 0 } its)
                completes[space] = Strings(its.Select(one => one.Word).Distinct(StringComparer.Ordinal));
        return completes;
    }

    static JsonObject Pair(string field, string value) => new JsonObject { ["field"] = field, ["value"] = value };

    public static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode?)value)];
}
