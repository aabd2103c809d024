using System.Text.Json;
using Kontor.Catalog.Tests.Prices;

namespace Kontor.Catalog.Tests.Search.Agreement;

/// <summary>A product as a list shows it to somebody, by the statement that decides what is shown and which price wins.</summary>
sealed record Shown(Guid Id, DateTimeOffset CreatedAt, string Text, string Type, HashSet<string> Categories)
{
    /// <summary>What each variant has, with what its product has.</summary>
    public required IReadOnlyList<Row> Rows { get; init; }
}

sealed record Row(ILookup<string, string> Words, IReadOnlyDictionary<string, double> Numbers, long? Price, string Class)
{
    public bool IsAvailable => Class != "outOfStock";
}

/// <summary>A condition as the test made it up: a word of some, or a range; half-open.</summary>
sealed record Condition(string Field, IReadOnlyList<string> Values, (double From, double To)? Range, bool IsNot)
{
    public bool Holds(Shown product, Row row) => IsNot != Has(product, row);

    bool Has(Shown product, Row row)
    {
        if (Range is var (from, to))
            return Field == "price"
                ? row.Price >= from && row.Price < to
                : row.Numbers.TryGetValue(Field, out var number) && number >= from && number < to;
        return Values.Any(value => BruteForce.WordsOf(product, row, Field).Contains(value));
    }

    public IEnumerable<string> Written =>
        Range is var (from, to)
            ? [$"filter={(IsNot ? "-" : "")}{Field}:{from}..{to}"]
            : Values.Select(value => $"filter={(IsNot ? "-" : "")}{Field}:{value}");
}

/// <summary>The same search, product by product over all that a list shows.</summary>
static class BruteForce
{
    public static async Task<List<Shown>> All(Shop shop, string context, string currency)
    {
        var tree = (await shop.Stranger.Get("/api/v1/categories?limit=500"))
            .Is(200)
            .Data.EnumerateArray()
            .ToDictionary(
                category => category.GetProperty("key").GetString()!,
                category => category.TryGetProperty("parent", out var parent) ? parent.GetString() : null
            );
        var all = new List<Shown>();
        for (string? after = ""; after is not null; )
        {
            var page = (await shop.Clerk.Get($"/api/v1/products?limit=100{context}{after}")).Is(200);
            all.AddRange(page.Data.EnumerateArray().Select(product => Of(product, tree, currency)));
            after = page.Next is { } next ? $"&after={next}" : null;
        }
        return all;
    }

    static Shown Of(JsonElement product, Dictionary<string, string?> tree, string currency)
    {
        var categories = new HashSet<string>();
        foreach (var category in product.GetProperty("categories").EnumerateArray())
            for (var at = category.GetString(); at is not null && categories.Add(at); )
                at = tree[at];
        var own = product.GetProperty("attributes");
        return new(
            product.GetProperty("id").GetGuid(),
            product.GetProperty("createdAt").GetDateTimeOffset(),
            $"{product.GetProperty("title").GetString()} {(product.TryGetProperty("description", out var d) ? d.GetString() : "")}",
            product.GetProperty("type").GetString()!,
            categories
        )
        {
            Rows =
            [
                .. product.GetProperty("variants").EnumerateArray().Select(variant => RowOf(own, variant, currency)),
            ],
        };
    }

    static Row RowOf(JsonElement own, JsonElement variant, string currency)
    {
        var values = own.EnumerateObject().Concat(variant.GetProperty("attributes").EnumerateObject()).ToList();
        long? price = variant
            .GetProperty("prices")
            .EnumerateArray()
            .Where(one => one.GetProperty("currency").GetString() == currency)
            .Select(one => (long?)one.GetProperty("amount").GetInt64())
            .SingleOrDefault();
        return new(
            values
                .Where(value => value.Value.ValueKind != JsonValueKind.Number)
                .ToLookup(
                    value => value.Name,
                    value => value.Value.ToString().Replace("True", "true").Replace("False", "false")
                ),
            values
                .Where(value => value.Value.ValueKind == JsonValueKind.Number)
                .ToDictionary(value => value.Name, value => value.Value.GetDouble()),
            price,
            variant.GetProperty("availability").GetString()!
        );
    }

    public static IEnumerable<string> WordsOf(Shown product, Row row, string field) =>
        field switch
        {
            "category" => product.Categories,
            "type" => [product.Type],
            "availability" => [row.Class],
            _ => row.Words[field],
        };

    /// <summary>Those that match, with the variants by which they do.</summary>
    public static List<(Shown Product, List<Row> Rows)> Find(
        IEnumerable<Shown> all,
        IReadOnlyList<string> words,
        IReadOnlyList<Condition> conditions
    ) =>
        [
            .. all.Where(product => words.All(word => product.Text.Split(' ').Contains(word)))
                .Select(product =>
                    (product, product.Rows.Where(row => conditions.All(one => one.Holds(product, row))).ToList())
                )
                .Where(found => found.Item2.Count > 0),
        ];

    /// <summary>How many products have each value, whatever was selected of the field itself.</summary>
    public static Dictionary<string, int> Count(
        IEnumerable<Shown> all,
        IReadOnlyList<string> words,
        IReadOnlyList<Condition> conditions,
        string field
    ) =>
        Find(all, words, [.. conditions.Where(one => one.Field != field || one.Range is not null)])
            .SelectMany(found => found.Rows.SelectMany(row => WordsOf(found.Product, row, field)).Distinct())
            .CountBy(value => value)
            .ToDictionary();

    public static IReadOnlyList<Guid> InOrder(
        List<(Shown Product, List<Row> Rows)> found,
        string sort,
        bool unavailableLast,
        IReadOnlyList<Guid> placed
    )
    {
        var isDescending = sort.StartsWith('-');
        var by = sort.TrimStart('-');
        var keyed = found.Select(one =>
            (
                one.Product.Id,
                Pin: by == "position" && placed.Contains(one.Product.Id)
                    ? placed.ToList().IndexOf(one.Product.Id)
                    : 1_000_000,
                Last: unavailableLast && !one.Rows.Exists(row => row.IsAvailable),
                Key: KeyOf(one, by, isDescending)
            )
        );
        var sorted = keyed.OrderBy(one => one.Pin).ThenBy(one => one.Last).ThenBy(one => one.Key is null);
        return
        [
            .. (isDescending ? sorted.ThenByDescending(one => one.Key, Order) : sorted.ThenBy(one => one.Key, Order))
                .ThenBy(one => one.Id)
                .Select(one => one.Id),
        ];
    }

    static IComparable? KeyOf((Shown Product, List<Row> Rows) found, string by, bool isDescending) =>
        by switch
        {
            "newest" or "position" => -found.Product.CreatedAt.UtcTicks,
            "price" => found.Rows.Min(row => row.Price),
            "label" => found.Rows[0].Words["label"].FirstOrDefault()?.ToLowerInvariant(),
            _ => isDescending
                ? found.Rows.Max(row => row.Numbers.TryGetValue(by, out var n) ? n : (double?)null)
                : found.Rows.Min(row => row.Numbers.TryGetValue(by, out var n) ? n : (double?)null),
        };

    /// <summary>Texts by their code units, numbers by their size.</summary>
    static readonly Comparer<IComparable?> Order = Comparer<IComparable?>.Create(
        (one, other) =>
            one is string text
                ? string.CompareOrdinal(text, other as string)
                : Comparer<IComparable?>.Default.Compare(one, other)
    );
}
