using Kontor.Catalog.Merchandising;
using Kontor.Contracts.Catalog;
using Kontor.Search;

namespace Kontor.Catalog.Tests.Merchandising;

/// <summary>What concerns a search, of all that merchandisers have said: no database, no clock.</summary>
public sealed class RuleBookTests
{
    static readonly DateTimeOffset Now = new(2030, 1, 7, 12, 0, 0, TimeSpan.Zero);
    static readonly SearchRuleCondition Always = new([], false, null, null, null, null, null);
    static readonly Guid[] Ids = [.. Enumerable.Range(1, 300).Select(n => new Guid(n, 0, 0, new byte[8]))];

    [Theory]
    [InlineData("couch", "sofa,settee,chaise longue")]
    [InlineData("COUCH", "sofa,settee,chaise longue")]
    [InlineData("Söfä", "couch,settee,chaise longue")]
    [InlineData("leather sofa bed", "couch,settee,chaise longue")]
    [InlineData("chaise", "")]
    [InlineData("sofas", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Words_that_mean_the_same_find_each_other(string? text, string found)
    {
        var book = new RuleBook([Set("a", ["sofa", "couch", "settee", "chaise longue"])], []);

        var synonyms = book.RulesFor(text, null, null, "en", Now).Synonyms;

        Assert.Equal(found, string.Join(',', synonyms.Values.SingleOrDefault() ?? []));
    }

    [Fact]
    public void One_way_leads_from_the_wide_word_to_the_narrow_ones_only()
    {
        var book = new RuleBook([Set("a", ["sneaker", "boot"], from: ["shoe"])], []);

        Assert.Equal(["sneaker", "boot"], book.RulesFor("shoe", null, null, null, Now).Synonyms["shoe"]);
        Assert.Empty(book.RulesFor("sneaker boot", null, null, null, Now).Synonyms);
    }

    [Theory]
    [InlineData("de-AT", "sessel,stuhl,chair")]
    [InlineData("de", "stuhl,chair")]
    [InlineData("de-CH", "stuhl,chair")]
    [InlineData("den", "chair")]
    [InlineData("en", "chair")]
    [InlineData(null, "chair")]
    public void Synonyms_are_of_a_language_and_of_those_within_it_the_narrowest_first(string? locale, string found)
    {
        var book = new RuleBook(
            [
                Set("a", ["chair"], from: ["sitz"]),
                Set("b", ["stuhl"], from: ["sitz"], locale: "de"),
                Set("c", ["sessel"], from: ["sitz"], locale: "de-AT"),
            ],
            []
        );

        Assert.Equal(found, string.Join(',', book.RulesFor("sitz", null, null, locale, Now).Synonyms["sitz"]));
    }

    [Fact]
    public void However_many_there_are_a_query_gets_what_it_takes()
    {
        var words = Enumerable.Range(0, 100).Select(n => $"other{n}").ToArray();
        var sets = Enumerable
            .Range(0, 50)
            .Select(n => Set($"s{n}", [.. words.Select(w => $"{w}x{n}")], from: ["a", "b"]));
        var rules = Enumerable
            .Range(0, 20)
            .Select(n =>
                Rule($"r{n:00}", Always, Ids.Skip(n * 12).Take(12)) with
                {
                    Boosts = [.. Enumerable.Range(0, 10).Select(b => new SearchRuleBoost("brand", $"{n}-{b}", 200))],
                }
            );

        var told = new RuleBook(sets, rules).RulesFor(
            string.Join(' ', Enumerable.Repeat("a b", 200)),
            null,
            null,
            null,
            Now
        );
        var query = new SearchQuery(Now)
        {
            Synonyms = told.Synonyms,
            Pins = told.Pins,
            Boosts = told.Boosts,
        };

        Assert.Empty(query.Faults());
        Assert.Equal((2, 100, 100), (told.Synonyms.Count, told.Pins.Count, told.Boosts.Count));
        Assert.All(told.Synonyms.Values, others => Assert.Equal(100, others.Count));
        Assert.Equal(Ids.Take(100), told.Pins);
    }

    public static TheoryData<string, SearchRuleCondition, bool> Conditions =>
        new()
        {
            { "always", Always, true },
            { "the whole text", Always with { Texts = ["red mug"] }, true },
            { "one of the texts", Always with { Texts = ["blue mug", "RED  Múg!"] }, true },
            { "a part is not the whole", Always with { Texts = ["mug"] }, false },
            { "a part", Always with { Texts = ["mug"], IsPart = true }, true },
            { "part of a word", Always with { Texts = ["mu"], IsPart = true }, false },
            { "words in another order", Always with { Texts = ["mug red"], IsPart = true }, false },
            { "the category", Always with { Category = "kitchen" }, true },
            { "another category", Always with { Category = "garden" }, false },
            { "category and text", Always with { Category = "kitchen", Texts = ["red mug"] }, true },
            { "category and another text", Always with { Category = "kitchen", Texts = ["pot"] }, false },
            { "text and another category", Always with { Category = "garden", Texts = ["red mug"] }, false },
            { "the channel", Always with { Channel = "web" }, true },
            { "another channel", Always with { Channel = "app" }, false },
            { "the language", Always with { Locale = "de-AT" }, true },
            { "a wider language", Always with { Locale = "de" }, true },
            { "a narrower language", Always with { Locale = "de-AT-1996" }, false },
            { "from now", Always with { ValidFrom = Now }, true },
            { "from later", Always with { ValidFrom = Now.AddTicks(1) }, false },
            { "until later", Always with { ValidUntil = Now.AddTicks(1) }, true },
            { "until now", Always with { ValidUntil = Now }, false },
        };

    [Theory]
    [MemberData(nameof(Conditions), DisableDiscoveryEnumeration = true)]
    public void A_rule_holds_where_all_that_it_names_is_so(string about, SearchRuleCondition when, bool holds)
    {
        var book = new RuleBook([], [Rule("r", when, [Ids[0]])]);

        var pins = book.RulesFor("Red mug", "kitchen", "web", "de-AT", Now).Pins;

        Assert.True(pins.Count == (holds ? 1 : 0), about);
    }

    [Fact]
    public void Where_nothing_is_typed_no_rule_of_a_text_holds()
    {
        var book = new RuleBook([], [Rule("r", Always with { Texts = ["mug"], IsPart = true }, [Ids[0]])]);

        Assert.Empty(book.RulesFor(null, "kitchen", null, null, Now).Pins);
        Assert.Empty(book.RulesFor("!", null, null, null, Now).Pins);
    }

    [Fact]
    public void Rules_follow_each_other_by_priority_then_key_and_the_first_word_counts()
    {
        SearchRuleBoost Boost(int percent) => new("brand", "acme", percent);
        var book = new RuleBook(
            [],
            [
                Rule("b", Always, [Ids[1], Ids[2]]) with
                {
                    Priority = 2,
                    Boosts = [Boost(300)],
                },
                Rule("a", Always with { Category = "kitchen" }, [Ids[2], Ids[3]]) with
                {
                    Priority = 2,
                    Boosts = [Boost(200)],
                },
                Rule("z", Always with { Texts = ["mug"] }, [Ids[3], Ids[0]]) with
                {
                    Priority = 1,
                },
            ]
        );

        var told = book.RulesFor("mug", "kitchen", null, null, Now);

        Assert.Equal([Ids[3], Ids[0], Ids[2], Ids[1]], told.Pins);
        Assert.Equal([new SearchBoost("brand", "acme", 200)], told.Boosts);
    }

    static SynonymSet Set(string key, string[] words, string[]? from = null, string? locale = null) =>
        new(key, locale, from, words, 1);

    static SearchRule Rule(string key, SearchRuleCondition when, IEnumerable<Guid> pins) =>
        new(key, key, 1_000, when, [.. pins], [], 1);
}
