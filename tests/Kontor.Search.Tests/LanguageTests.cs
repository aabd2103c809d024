using Kontor.Search.Languages;

namespace Kontor.Search.Tests;

public sealed class LanguageTests
{
    static SearchIndex Of(params (string Language, string Title)[] titles)
    {
        var index = new SearchIndex(SearchSchema.Usual);
        index.Apply(
            [
                .. titles.Select(
                    (title, i) =>
                        new SearchDocument(
                            new(i + 1, 0, 0, new byte[8]),
                            Goods.Noon,
                            [new("title", title.Title, title.Language)],
                            []
                        )
                ),
            ],
            []
        );
        return index;
    }

    [Theory]
    [InlineData("en", "Rechargeable batteries for men's watches", "battery")]
    [InlineData("en", "Rechargeable batteries for men's watches", "watch men")]
    [InlineData("en", "Running shoes", "run shoe ")]
    [InlineData("de", "Große Häuser für Vögel", "haus")]
    [InlineData("de", "Große Häuser für Vögel", "grosse vogel ")]
    [InlineData("de-AT", "Stühle", "stuhl ")]
    [InlineData("fr", "Les téléviseurs de l'année", "televiseur annee ")]
    [InlineData("sv", "Röda stolarna", "stol ")]
    [InlineData("ru", "Красные лампы", "лампа ")]
    [InlineData("", "Ärmel e\u0301tude", "armel étude ")]
    [InlineData("xx", "Words as written", "written ")]
    public void A_word_is_found_in_another_form(string language, string title, string asked) =>
        Assert.Equal(1, Of((language, title)).Find(new(Goods.Noon) { Text = asked, Language = language }).Total);

    [Fact]
    public void Texts_of_another_language_are_not_looked_in()
    {
        var index = Of(("de", "Der Gift"), ("en", "The gift"), ("", "Gift"));

        Assert.Equal(2, index.Find(new(Goods.Noon) { Text = "gift", Language = "en" }).Total);
        Assert.Equal(1, index.Find(new(Goods.Noon) { Text = "gift", Language = "fr" }).Total);
    }

    [Fact]
    public void Each_language_takes_any_word()
    {
        string[] words = ["a", "running", "ß", "ſ", "𐐨", "לילה", "ไทย", "'", "x'", new('a', 64), "\u0301", "ı̇"];

        var refused = StemmedLanguage.All.Where(tag =>
            Array.Exists(
                words,
                word => Record.Exception(() => Assert.NotEqual("", StemmedLanguage.Of(tag)!.Stem(word))) is not null
            )
        );

        Assert.Equal([], refused);
    }

    [Fact]
    public async Task Many_threads_may_ask_a_language_at_once()
    {
        var language = StemmedLanguage.Of("en")!;
        var words = Enumerable.Range(0, 2_000).Select(number => $"walk{(char)('a' + (number % 26))}ings").ToList();
        var alone = words.ConvertAll(language.Stem);

        var together = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Factory.StartNew(() => words.ConvertAll(language.Stem), TaskCreationOptions.LongRunning)
                )
        );

        Assert.All(together, stems => Assert.Equal(alone, stems));
    }

    [Fact]
    public void Marks_are_where_the_words_are()
    {
        const string Text = "A lamp, LAMPS and a lampshade of Café-oak";
        var index = Of(("en", Text));

        var lamps = index.Find(new(Goods.Noon) { Text = "lamp ", Language = "en" }).Words;
        var begun = index.Find(new(Goods.Noon) { Text = "cafe lam", Language = "en" }).Words;

        Assert.Equal(["lamp", "LAMPS"], Marked(lamps));
        Assert.Equal(["lamp", "LAMPS", "lampshade", "Café"], Marked(begun));

        IEnumerable<string> Marked(MatchedWords words) =>
            index.Marks(words, Text, "en").Select(mark => Text.Substring(mark.Start, mark.Length));
    }

    [Fact]
    public void Words_are_completed_by_what_is_shown()
    {
        var index = Of(("en", "Oak lamp"), ("en", "Oak lamps"), ("en", "Red lamps"), ("en", "Oak ladder"));
        index.Apply(
            [
                new(new(99, 0, 0, new byte[8]), Goods.Noon, [new("title", "Oak lagoon secret", "en")], [])
                {
                    Visibility = new(["staff"]),
                },
            ],
            [new(4, 0, 0, new byte[8])]
        );

        Assert.Equal([new("lamps", 2), new("lamp", 1)], index.Suggest(new(Goods.Noon, "la") { Language = "en" }));
        Assert.Equal(
            [new("oak lamp", 1), new("oak lamps", 1)],
            index.Suggest(new(Goods.Noon, "oak la") { Language = "en" })
        );
        Assert.Equal(
            [new("Oak lagoon", 1)],
            index.Suggest(new(Goods.Noon, "Oak lag") { Language = "en", Channel = "staff" })
        );
        Assert.Empty(index.Suggest(new(Goods.Noon, "la ") { Language = "en" }));
    }
}
