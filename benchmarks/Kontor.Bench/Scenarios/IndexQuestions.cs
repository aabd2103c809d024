using Kontor.Search;
using Kontor.Search.Tests;

namespace Kontor.Bench.Scenarios;

/// <summary>What is asked of the search index: the classes of decisions/0012, what people ask and what hurts most.</summary>
/// <param name="MostMs">What the p99 is held to, at 100,000 products or fewer and at a million.</param>
sealed record IndexQuestions(
    string Kind,
    int Count,
    (double Small, double Large)? MostMs,
    Func<Random, SearchQuery> Ask
)
{
    const int Usual = 2_000;
    const int Slow = 500;

    /// <param name="products">How many the index has.</param>
    public static IEnumerable<IndexQuestions> Of(int products) =>
        [
            new("two words", Usual, (2, 10), random => Faceted(random) with { Text = Two(random, 50, 2_000) }),
            new("one word", Usual, null, random => Faceted(random) with { Text = $"{Some(random, 50, 150)} " }),
            new("a word begun", Usual, null, random => Faceted(random) with { Text = Some(random, 50, 2_000)[..3] }),
            new(
                "a word mistyped",
                Usual,
                null,
                random => Faceted(random) with { Text = $"{Mistyped(Some(random, 50, 500))} " }
            ),
            new("a category by price", Usual, (10, 20), Category),
            new(
                "two words of most products",
                Slow,
                (60, 60),
                random => Faceted(random) with { Text = Two(random, 0, 8) }
            ),
            Equal(products),
        ];

    /// <summary>As many hits however many products there are: ten times the products, words a tenth as frequent.</summary>
    public static IndexQuestions Equal(int products) =>
        new(
            EqualHits,
            Usual,
            null,
            random => Faceted(random) with { Text = $"{Some(random, products / 400, products / 200)} " }
        );

    public const string EqualHits = "one word of as many hits";

    static SearchQuery Category(Random random) =>
        Faceted(random) with
        {
            Within =
            [
                new SearchFilter.Terms(
                    "category",
                    [random.Next(4) == 0 ? $"top{random.Next(10)}" : $"middle{random.Next(90)}"]
                ),
            ],
            Order = SearchOrder.Price(),
            UnavailableLast = true,
        };

    static SearchQuery Faceted(Random random) =>
        new(GeneratedShop.Noon)
        {
            Language = "en",
            Books = ["EUR|b2b", "EUR"],
            Filters =
                random.Next(2) == 0
                    ? []
                    : [new SearchFilter.Terms("colour", [$"{random.Next(20)}", $"{random.Next(20)}"])],
            Facets =
            [
                new SearchFacet.Terms("brand"),
                new SearchFacet.Terms("category"),
                new SearchFacet.Terms("size"),
                new SearchFacet.Terms("colour"),
                new SearchFacet.Terms($"attribute{random.Next(24)}"),
                new SearchFacet.Terms("type"),
                new SearchFacet.Terms(SearchFields.Availability),
                new SearchFacet.Ranges(
                    SearchFields.Price,
                    [.. Enumerable.Range(0, 10).Select(i => new NumberRange(i * 10_000, (i + 1) * 10_000))]
                ),
            ],
        };

    /// <summary>What is typed until the first proposals: of one word, and of a second after a first.</summary>
    public static string Typed(Random random) =>
        random.Next(2) == 0
            ? Some(random, 50, 2_000)[..random.Next(1, 4)]
            : $"{Some(random, 50, 500)} {Some(random, 50, 500)[..2]}";

    static string Two(Random random, int from, int to) => $"{Some(random, from, to)} {Some(random, from, to)} ";

    static string Some(Random random, int from, int to) => GeneratedShop.Word(random.Next(from, to));

    static string Mistyped(string word) => word[..1] + word[2..];
}
