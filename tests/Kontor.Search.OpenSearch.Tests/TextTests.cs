using Kontor.Search.Tests;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>Typing errors, codes, completions and marks: where engines may differ, what this one does.</summary>
public sealed class TextTests : IAsyncLifetime
{
    readonly Stand stand = new();
    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    OpenSearchEngine engine = null!; // Since InitializeAsync.

    public async ValueTask InitializeAsync()
    {
        await stand.InitializeAsync();
        engine = await stand.Engine();
        await engine.Apply(
            [
                Wares.Of(1, "red lamp") with
                {
                    Codes = ["AB-12"],
                },
                Wares.Of(2, "lamps of oak"),
                Wares.Of(3, "oak table") with
                {
                    Texts =
                    [
                        new("title", "oak table", ToyLanguage.Tag),
                        new("description", "carpentry", ToyLanguage.Tag),
                        new("title", "Acme"),
                        new("title", "Tisch", "xx"),
                    ],
                },
                Wares.Of(4, "teakettle") with
                {
                    Visibility = new(["shop"]),
                },
            ],
            [],
            1,
            stop
        );
    }

    public ValueTask DisposeAsync() => stand.DisposeAsync();

    [Theory]
    [InlineData("lamp", "1:100 2:100")]
    [InlineData("red lamp", "1:100")]
    // Mistyped words are words as they are written: "lamps" would be two errors.
    [InlineData("lmap", "1:100")]
    [InlineData("tabel", "3:100")]
    [InlineData("oak tabel", "3:100")]
    [InlineData("xamp", "")]
    // A word that only descriptions have.
    [InlineData("carpentri", "")]
    [InlineData("ab-12", "1:100")]
    [InlineData(" AB-12 ", "1:100")]
    [InlineData("ab-13", "")]
    [InlineData("acme", "3:100")]
    [InlineData("tisch", "")]
    [InlineData("\"lamps oak\"", "")]
    [InlineData("\"lamp of oak\"", "2:100")]
    [InlineData("oak -lamp", "3:100")]
    [InlineData("kettle", "")]
    [InlineData("!!!", "1:100 2:100 3:100")]
    public async Task Words_find_what_is_meant(string typed, string found) =>
        Assert.Equal(found, await Wares.Found(engine, typed));

    [Fact]
    public async Task A_language_without_an_analyser_has_its_words_as_they_are_written()
    {
        Assert.Equal("3:100", await Wares.Found(engine, Wares.Query("tisch") with { Language = "xx-YY" }));
        Assert.Equal("3:100", await Wares.Found(engine, Wares.Query("acme") with { Language = "xx" }));
        Assert.Equal("", await Wares.Found(engine, Wares.Query("table") with { Language = "xx" }));
    }

    [Fact]
    public async Task Where_nothing_is_forgiven_nothing_is_asked_twice()
    {
        var before = stand.Server.Requests.Count(request => request.EndsWith("/_search", StringComparison.Ordinal));

        Assert.Equal("", await Wares.Found(engine, Wares.Query("tabel") with { ForgivesTypos = false }));

        Assert.Equal(
            before + 1,
            stand.Server.Requests.Count(request => request.EndsWith("/_search", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_code_stands_before_what_words_find()
    {
        await engine.Apply([Wares.Of(5, "ab 12 ab 12"), Wares.Of(6, "chair") with { Codes = ["ab 12"] }], [], 2, stop);

        Assert.Equal(
            "6:100 5:100",
            await Wares.Found(engine, Wares.Query("ab 12") with { Order = SearchOrder.Relevance })
        );
    }

    [Theory]
    [InlineData("la", "lamp:1 lamps:1")]
    [InlineData("oak ta", "oak table:1")]
    [InlineData("red ta", "")]
    [InlineData("o", "oak:2 of:1")]
    [InlineData("A", "acme:1")]
    [InlineData("te", "")]
    [InlineData("carp", "")]
    [InlineData("lamp ", "")]
    [InlineData("", "")]
    public async Task The_last_word_is_completed_by_how_many_have_it(string typed, string completions) =>
        Assert.Equal(
            completions,
            string.Join(
                ' ',
                (await engine.Suggest(new(Goods.Noon, typed) { Language = ToyLanguage.Tag }, stop)).Select(completion =>
                    $"{completion.Text}:{completion.Products}"
                )
            )
        );

    [Fact]
    public async Task Words_of_what_is_not_shown_are_suggested_to_nobody()
    {
        var query = new SuggestQuery(Goods.Noon, "te") { Language = ToyLanguage.Tag };

        Assert.Empty(await engine.Suggest(query, stop));
        Assert.Equal([new Completion("teakettle", 1)], await engine.Suggest(query with { Channel = "shop" }, stop));
    }

    [Fact]
    public async Task Letters_that_expressions_are_made_of_are_letters()
    {
        await engine.Apply(
            [
                Wares.Of(7, "chair") with
                {
                    Words = [new("a.*|(b", ".*"), new("a.*|(b", "x"), new("ab", "no"), new("a_<b>&~@#\"\\", "1")],
                },
            ],
            [],
            2,
            stop
        );

        var answer = await engine.Find(
            Wares.Query() with
            {
                Facets =
                [
                    new SearchFacet.Terms("a.*|(b"),
                    new SearchFacet.Terms("a_<b>&~@#\"\\"),
                    new SearchFacet.Terms(".*"),
                ],
                Within = [new SearchFilter.Terms("a.*|(b", [".*"])],
            },
            stop
        );

        Assert.Equal(1, answer.Total);
        Assert.Equal(
            [".*:1 x:1", "1:1", ""],
            answer.Facets.Select(facet =>
                string.Join(' ', facet.Values.Select(value => $"{value.Value}:{value.Products}"))
            )
        );
    }

    [Fact]
    public async Task What_was_asked_for_is_marked_in_texts()
    {
        var query = new SearchQuery(Goods.Noon) { Text = "chairs tabel", Language = "en" };
        var answer = await engine.Find(query, stop);

        var marks = await engine.Marks(
            query,
            answer,
            [new("title", "A chair, and a table", "en"), new("title", "Nothing", "en")],
            stop
        );

        Assert.Equal([new TextMark(2, 5), new TextMark(15, 5)], marks[0]);
        Assert.Empty(marks[1]);
    }

    [Theory]
    [InlineData(SearchSort.Relevance)]
    [InlineData(SearchSort.Price)]
    [InlineData(SearchSort.Newest)]
    [InlineData(SearchSort.Number)]
    [InlineData(SearchSort.Text)]
    public async Task A_cursor_that_somebody_made_up_is_a_page_and_no_fault(SearchSort by)
    {
        foreach (
            var key in (long[])[long.MinValue, -1, 0, 1, long.MaxValue, BitConverter.DoubleToInt64Bits(double.NaN)]
        )
        {
            var made = new SearchCursor(
                int.MaxValue,
                false,
                key,
                by == SearchSort.Text,
                by == SearchSort.Text ? "\"" : null,
                Wares.Id(1)
            );
            var query = Wares.Query() with
            {
                Order = new(by, "width"),
                After = made,
                Pins = [Wares.Id(2)],
                UnavailableLast = true,
            };

            Assert.Equal(3, (await engine.Find(query, stop)).Total);
        }
    }
}
