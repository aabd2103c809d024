using CsCheck;

namespace Kontor.Search.Tests;

/// <summary>What nobody asks in earnest is answered too, and soon.</summary>
public sealed class HostileTests
{
    static readonly SearchIndex Index = Make();

    static SearchIndex Make()
    {
        var index = new SearchIndex(SearchSchema.Usual);
        index.Apply(
            [
                .. Enumerable
                    .Range(1, 200)
                    .Select(number => new SearchDocument(
                        new(number, 0, 0, new byte[8]),
                        Goods.Noon,
                        [
                            new("title", $"The lamp number {number}", "en"),
                            new("description", "of \ud800 oak \udc00 𝔬𝔞𝔨 é e\u0301 東京", "en"),
                        ],
                        []
                    )
                    {
                        Words = [new("each", $"value {number}"), new("few", $"{number % 3}")],
                    }),
            ],
            []
        );
        return index;
    }

    static SearchAnswer Ask(string text) => Index.Find(new(Goods.Noon) { Text = text, Language = "en" });

    [Theory]
    [InlineData("")]
    [InlineData("   \t\n")]
    [InlineData("!?&/()=")]
    [InlineData("\"")]
    [InlineData("\"\" \"\"")]
    [InlineData("- -\"")]
    [InlineData("\ud800 \udc00\ud800")]
    public void A_text_without_a_word_is_no_condition(string text) => Assert.Equal(200, Ask(text).Total);

    [Theory]
    [InlineData("the")]
    [InlineData("The of and")]
    [InlineData("\"of the\"")]
    public void Words_that_say_nothing_find_nothing_alone(string text) =>
        Assert.Equal(
            0,
            Index
                .Find(
                    new(Goods.Noon)
                    {
                        Text = text,
                        Language = "en",
                        CompletesLastWord = false,
                    }
                )
                .Total
        );

    [Theory]
    [InlineData("the lamp", 200)]
    [InlineData("lamp the", 200)]
    [InlineData("\"the lamp\"", 200)]
    [InlineData("lamp \"of\"", 200)]
    [InlineData("OAK", 200)]
    [InlineData("É", 200)]
    [InlineData("京", 200)]
    [InlineData("\"東京\"", 200)]
    [InlineData("\"京東\"", 0)]
    [InlineData("lamp -oak", 0)]
    [InlineData("-nothing", 200)]
    [InlineData("\"number 17\"", 1)]
    [InlineData("lamp 17", 11)]
    [InlineData("lmap 17 ", 1)]
    [InlineData("lamp 1", 50)]
    [InlineData("lamp 1 ", 1)]
    public void Words_find_what_they_say(string text, int total) => Assert.Equal(total, Ask(text).Total);

    [Fact]
    public void A_text_of_any_length_is_read_to_its_bound()
    {
        Assert.Equal(200, Ask(string.Concat(Enumerable.Repeat("lamp ", 2_000))).Total);
        Assert.Equal(0, Ask(new string('x', 10_000)).Total);
        Assert.Equal(0, Ask(string.Concat(Enumerable.Repeat("\"a b", 2_500))).Total);
        Assert.Equal(200, Ask(new string('"', 10_000)).Total);
        Assert.Equal(200, Ask(string.Concat(Enumerable.Repeat("\ud83d\ude00é", 3_000)) + " 東").Total);
        Assert.Empty(Index.Suggest(new(Goods.Noon, new string('y', 10_000))));
    }

    [Fact]
    public void Any_letters_are_answered() =>
        Gen
            .Char.Array[0, 300]
            .Select(letters => new string(letters))
            .Sample(
                text =>
                {
                    var answer = Ask(text);
                    Index.Marks(answer.Words, text, "en");
                    Index.Suggest(new(Goods.Noon, text) { Language = "en" });
                    _ = SearchCursor.Read(text);
                },
                iter: 2_000
            );

    [Fact]
    public void Documents_of_any_letters_are_kept() =>
        Gen.Select(
                Gen.Char.Array[0, 100],
                Gen.Char.Array[0, 10],
                (text, tag) => (Text: new string(text), Tag: new string(tag))
            )
            .Array[1, 10]
            .Sample(
                texts =>
                {
                    var index = new SearchIndex(SearchSchema.Usual);
                    index.Apply(
                        [
                            .. texts.Select(
                                (text, i) =>
                                    new SearchDocument(
                                        new(i + 1, 0, 0, new byte[8]),
                                        Goods.Noon,
                                        [new("title", text.Text, text.Tag), new("title", text.Text)],
                                        []
                                    )
                                    {
                                        Codes = [text.Text],
                                        Words = [new(text.Tag, text.Text)],
                                        Sorts = [new("sort", text.Text)],
                                    }
                            ),
                        ],
                        []
                    );
                    Assert.Equal(texts.Length, index.Find(new(Goods.Noon) { Order = SearchOrder.Text("sort") }).Total);
                },
                iter: 300
            );

    [Fact]
    public void Thousands_of_values_are_counted_and_cut()
    {
        var index = new SearchIndex(SearchSchema.Usual);
        index.Apply(
            [
                .. Enumerable
                    .Range(1, 3_000)
                    .Select(number => new SearchDocument(new(number, 0, 0, new byte[8]), Goods.Noon, [], [])
                    {
                        Words =
                        [
                            .. Enumerable.Range(0, 5).Select(i => new FieldWord("many", $"{(number * 5) + i:00000}")),
                            new("many", "all"),
                        ],
                        Numbers = [new("far", number * 1e300)],
                    }),
            ],
            []
        );

        var answer = index.Find(
            new(Goods.Noon)
            {
                Facets = [new SearchFacet.Terms("many", 10_000), new SearchFacet.Histogram("far", 1e-300)],
                Filters =
                [
                    new SearchFilter.Terms("many", [.. Enumerable.Range(0, 1_000).Select(number => $"{number:00000}")]),
                ],
            }
        );

        Assert.Equal(10_000, answer.Facets[0].Values.Count);
        Assert.Equal(new ValueCount("all", 3_000), answer.Facets[0].Values[0]);
        Assert.InRange(answer.Facets[1].Ranges.Count, 1, SearchFacet.Histogram.MaxIntervals);
        Assert.Equal(199, answer.Total);
    }

    [Fact]
    public void A_product_with_thousands_of_variants_counts_once()
    {
        var index = new SearchIndex(SearchSchema.Usual);
        var variants = Enumerable
            .Range(1, 5_000)
            .Select(number => new SearchVariant(
                new(number, 0, 0, new byte[8]),
                Availability.InStock,
                [new("EUR", number)]
            )
            {
                Words = [new("size", $"{number % 10}")],
            });
        index.Apply([new(new(9, 9, 9, new byte[8]), Goods.Noon, [], [.. variants])], []);

        var answer = index.Find(
            new(Goods.Noon)
            {
                Books = ["EUR"],
                Facets = [new SearchFacet.Terms("size"), new SearchFacet.Histogram(SearchFields.Price, 1_000)],
                Filters = [new SearchFilter.Terms("size", ["7"])],
            }
        );

        Assert.Equal((1, 7L), (answer.Total, answer.Hits[0].Price));
        Assert.All(answer.Facets[0].Values, value => Assert.Equal(1, value.Products));
        Assert.Equal(10, answer.Facets[0].Values.Count);
        Assert.All(answer.Facets[1].Ranges, range => Assert.Equal(1, range.Products));
    }

    [Fact]
    public void What_is_too_much_is_refused_by_name()
    {
        SearchQuery query = new(Goods.Noon)
        {
            Limit = 0,
            Pins = [.. Enumerable.Range(1, SearchQuery.MaxPins + 1).Select(n => new Guid(n, 0, 0, new byte[8]))],
        };

        Assert.Equal(["limit", "pins"], query.Faults().Select(fault => fault.Path));
        Assert.Throws<ArgumentException>(() => Index.Find(query));
        Assert.Throws<ArgumentException>(() =>
            new SearchIndex(SearchSchema.Usual).Apply(
                [new(Guid.Empty, Goods.Noon, [], []) { Numbers = [new("n", double.NaN)] }],
                []
            )
        );
    }
}
