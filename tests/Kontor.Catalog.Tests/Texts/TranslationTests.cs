using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.Texts;

public sealed class TranslationTests(Shop shop) : IClassFixture<Shop>
{
    const string German = """
        "description":"Fine tea","body":"<p>Tea</p>","seo":{"title":"Buy tea","description":"All about tea"},
        "translations":{
            "de":{"title":"Tee","body":"<p>Tee</p>","seo":{"title":"Tee kaufen"}},
            "DE-at":{"title":"Haferl-Tee"},
            "sv":{"description":"Fint te"}}
        """;

    [Theory]
    [InlineData("de-AT", "Haferl-Tee de-AT", "Fine tea en", "<p>Tee</p> de", "Tee kaufen de", "All about tea en")]
    [InlineData("DE-at", "Haferl-Tee de-AT", "Fine tea en", "<p>Tee</p> de", "Tee kaufen de", "All about tea en")]
    [InlineData("de-CH", "Tee de", "Fine tea en", "<p>Tee</p> de", "Tee kaufen de", "All about tea en")]
    [InlineData("sv", "Tea en", "Fint te sv", "<p>Tea</p> en", "Buy tea en", "All about tea en")]
    [InlineData("en", "Tea en", "Fine tea en", "<p>Tea</p> en", "Buy tea en", "All about tea en")]
    [InlineData("fr", "Tea en", "Fine tea en", "<p>Tea</p> en", "Buy tea en", "All about tea en")]
    public async Task Each_text_comes_from_the_first_language_that_has_it(
        string locale,
        string title,
        string description,
        string body,
        string seoTitle,
        string seoDescription
    )
    {
        var shown = await shop.Read(await shop.NewText(German), locale);

        string Told(string path, string name) => $"{shown.At(path)} {shown.GetProperty("locales").At(name)}";
        Assert.Equal(
            (title, description, body, seoTitle, seoDescription),
            (
                Told("title", "title"),
                Told("description", "description"),
                Told("body", "body"),
                Told("seo/title", "seo.title"),
                Told("seo/description", "seo.description")
            )
        );
    }

    [Fact]
    public async Task Lines_that_change_together_are_told_what_was_taken_out_of_them()
    {
        string[] keys = [shop.Fresh("dirty"), shop.Fresh("dirty")];
        string Line(string key, string title) =>
            $$"""{"key":"{{key}}","title":"{{title}}","body":"<p id=x>Tea</p>","variants":[{"sku":"{{key}}"}]}""";
        await shop.Write(keys.Select(key => Line(key, "Tea")));

        var told = await shop.Write(keys.Select(key => Line(key, "Green tea")));

        Assert.Equal((0, 2, 0, 0), told.Sum());
        Assert.All(told.Take(2), line => Assert.Equal("""{"body":["id"]}""", line.At("removed")));
    }

    [Fact]
    public async Task Without_a_locale_strangers_see_the_shops_own_texts_and_staff_all_of_them()
    {
        var id = await shop.NewText(German);

        var stranger = await shop.Read(id);
        var staff = (await shop.Reader().Get($"{Types.Products}/{id}?view=staff")).Is(200).Data;

        Assert.Equal(("Tea", "<p>Tea</p>"), (stranger.At("title"), stranger.At("body")));
        foreach (var member in (string[])["translations", "locales", "localised", "categoryTitles", "removed"])
            Assert.False(stranger.TryGetProperty(member, out _), member);
        Assert.False((await shop.Read(id, "de")).TryGetProperty("translations", out _));
        Assert.Equal("Haferl-Tee", staff.At("translations/de-AT/title"));
        Assert.Equal("Fint te", staff.At("translations/sv/description"));
        Assert.DoesNotContain("Haferl", stranger.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_and_a_search_show_the_language_and_say_which()
    {
        var category = shop.Fresh("lang");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Lang" })).Is(201);
        var word = shop.Fresh("searched").Replace("-", "", StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            await shop.NewText(
                $"\"description\":\"{word}\",\"translations\":{{\"de\":{{\"title\":\"Tee {i}\"}}}}",
                category
            );

        var list = (await shop.Stranger.Get($"{Types.Products}?category={category}&locale=de-AT")).Is(200);
        var one = (await shop.Stranger.Get($"{Types.Products}?category={category}&locale=de-AT&limit=1")).Is(200);
        var found = (await shop.Stranger.Get($"/api/v1/search?q={word}&locale=de-AT")).Is(200);
        var none = (await shop.Stranger.Get($"{Types.Products}?category=no-such&locale=de-AT")).Is(200);

        Assert.Equal(["Tee 0", "Tee 1", "Tee 2"], list.Data.EnumerateArray().Select(p => p.At("title")));
        Assert.Equal(["Tee 0", "Tee 1", "Tee 2"], found.Data.EnumerateArray().Select(p => p.At("title")).Order());
        Assert.Equal(["de", "en"], list.Raw.Content.Headers.ContentLanguage);
        Assert.Equal(["de", "en"], found.Raw.Content.Headers.ContentLanguage);
        Assert.Empty(none.Raw.Content.Headers.ContentLanguage);
        Assert.Equal((1, 1), (one.Statements, list.Statements));
    }

    [Fact]
    public async Task One_product_says_its_languages_and_has_another_tag_when_a_title_of_its_category_is_another()
    {
        var category = shop.Fresh("titled");
        (
            await shop.Staff.Post(
                "/api/v1/categories",
                $"{{\"key\":\"{category}\",\"title\":\"Cups\",\"translations\":{{\"de\":{{\"title\":\"Tassen\"}}}}}}"
            )
        ).Is(201);
        var path = $"{Types.Products}/{await shop.NewText(German, category)}?locale=de-AT";

        var before = (await shop.Stranger.Get(path)).Is(200);
        (await shop.Stranger.Get(path, ifNoneMatch: before.Tag)).Is(304);
        await shop.Staff.Patch($"/api/v1/categories/{category}", """{"translations":{"de":{"title":"Häferl"}}}""", "*");
        var after = (await shop.Stranger.Get(path, ifNoneMatch: before.Tag)).Is(200);

        Assert.Equal(["de-AT", "de", "en"], before.Raw.Content.Headers.ContentLanguage);
        Assert.Equal("Tassen", before.Data.At($"categoryTitles/{category}/text"));
        Assert.Equal(
            ("Häferl", "de"),
            (after.Data.At($"categoryTitles/{category}/text"), after.Data.At($"categoryTitles/{category}/locale"))
        );
        Assert.Equal(1, before.Statements);
    }

    [Fact]
    public async Task A_change_is_a_merge_patch()
    {
        var id = await shop.NewText(German);

        var changed = await shop.ChangeText(
            id,
            """
            {"seo":{"title":null},"translations":{"de":{"body":null,"description":"Feiner Tee","seo":null},"de-at":null,
             "fr":{"title":"Thé"},"sv":{"description":null}}}
            """
        );

        changed.Is(200);
        Assert.Equal("""{"description":"All about tea"}""", changed.Data.At("seo"));
        Assert.Equal(
            """{"de":{"title":"Tee","description":"Feiner Tee"},"fr":{"title":"Thé"}}""",
            changed.Data.At("translations")
        );
        var cleared = (await shop.ChangeText(id, """{"translations":null,"seo":null,"body":null}""")).Is(200);
        foreach (var member in (string[])["translations", "seo", "body"])
            Assert.False(cleared.Data.TryGetProperty(member, out _), member);
        Assert.Equal("{}", await shop.Query<string>("select texts::text from products where id = $1", Guid.Parse(id)));
    }

    [Theory]
    [InlineData("""{"translations":{"de":{"title":"Tee"},"de-at":{"title":"Haferl-Tee"}}}""")]
    [InlineData("""{"translations":{"fr":null,"it":{}}}""")]
    [InlineData("""{"body":"<p onclick='x()'>Tea</p>"}""")]
    [InlineData("""{"seo":{"title":"Buy tea"}}""")]
    [InlineData("{}")]
    public async Task What_stands_already_is_no_change(string patch)
    {
        var id = await shop.NewText(German);
        var events = await shop.Journaled("product.%");

        var answer = (await shop.ChangeText(id, patch)).Is(200);

        Assert.Equal(1, answer.Data.GetProperty("version").GetInt64());
        Assert.Equal(events, await shop.Journaled("product.%"));
    }

    [Theory]
    [InlineData("""{"body":"<p>Coffee</p>"}""")]
    [InlineData("""{"seo":{"title":"Buy coffee"}}""")]
    [InlineData("""{"translations":{"de":{"title":"Kaffee"}}}""")]
    [InlineData("""{"translations":{"fr":{"title":"Café"}}}""")]
    [InlineData("""{"translations":{"sv":null}}""")]
    public async Task Any_other_text_is_a_change_with_its_event(string patch)
    {
        var id = await shop.NewText(German);

        var answer = (await shop.ChangeText(id, patch)).Is(200);

        Assert.Equal(2, answer.Data.GetProperty("version").GetInt64());
        var told = await shop.Query<string>(
            "select body #>> '{titles,de}' from journal where type = 'product.updated.v1' and stream = $1",
            $"product-{id}"
        );
        Assert.Matches("Tee|Kaffee", told);
    }

    [Fact]
    public async Task What_is_taken_out_of_a_body_is_told_and_never_stored()
    {
        var made = (
            await shop.TryText(
                """  "body":"<p onclick='x()'>Tea<script>alert(1)</script></p>","translations":{"de":{"body":"<img src=x onerror=y>"}}  """
            )
        ).Is(201);
        var id = made.Value("id");
        var again = (
            await shop.ChangeText(id, """{"body":"<p>Tea<iframe src='https://a.example'></iframe></p>"}""")
        ).Is(200);

        Assert.Equal(
            """{"body":["<script>","onclick"],"translations.de.body":["<img>","onerror"]}""",
            made.Data.At("removed")
        );
        Assert.Equal("<p>Tea</p>", made.Data.At("body"));
        Assert.Equal(("1", """{"body":["<iframe>","src"]}"""), (again.Data.At("version"), again.Data.At("removed")));
        Assert.False((await shop.Read(id)).TryGetProperty("removed", out _));
        Assert.Equal(
            """{"body": "<p>Tea</p>"}""",
            await shop.Query<string>("select texts::text from products where id = $1", Guid.Parse(id))
        );
    }

    [Fact]
    public async Task Lines_of_a_bulk_carry_texts_both_ways()
    {
        var key = shop.Fresh("lined");
        string Line(string more) => $$"""{"key":"{{key}}","title":"Tea","variants":[{"sku":"{{key}}"}]{{more}}}""";

        var made = await shop.Write(Line($",{German.ReplaceLineEndings(" ")}"));
        var same = await shop.Write(Line($",{German.ReplaceLineEndings(" ")}"), Line(",\"body\":\"<p id=x>Tea</p>\""));
        var more = await shop.Write(Line(",\"translations\":{\"fr\":{\"title\":\"Thé\"}}"));
        var wrong = await shop.Write(Line(",\"translations\":{\"en\":{\"title\":\"T\"}}"));

        Assert.Equal((1, 0, 0, 0), made.Sum());
        Assert.Equal((0, 0, 2, 0), same.Sum());
        Assert.Equal("""{"body":["id"]}""", same[1].At("removed"));
        Assert.Equal((0, 1, 0, 0), more.Sum());
        Assert.Equal("TRANSLATION_OF_DEFAULT", wrong[0].Text("code"));
        Assert.Equal(
            "de de-AT fr sv",
            await shop.Query<string>(
                "select string_agg(l, ' ' order by l collate \"C\") from products, jsonb_object_keys(texts -> 'translations') l where key = $1",
                key
            )
        );
    }

    [Fact]
    public async Task Attributes_that_are_texts_by_language_go_through_the_same_chain()
    {
        var type = await shop.NewType(
            """
            {"key":"colour","kind":"localisedText"},{"key":"plain","kind":"text"},{"key":"only","kind":"localisedText"},
            {"key":"notes","kind":"localisedText","list":true},{"key":"size","kind":"localisedText","level":"variant"}
            """
        );
        var made = await shop.NewTyped(
            type,
            """
            {"colour":{"en":"red","de":"rot"},"plain":"p","only":{"sv":"bara"},
             "notes":[{"en":"one","de-AT":"ans"},{"en":"two","de":"zwei"},{"sv":"tre"}]}
            """,
            """{"size":{"en":"large","de":"groß"}}"""
        );

        var shown = await shop.Read(made.Value("id"), "de-AT");

        Assert.Equal(
            """{"colour":{"text":"rot","locale":"de"},"notes":[{"text":"ans","locale":"de-AT"},{"text":"zwei","locale":"de"}]}""",
            shown.At("localised")
        );
        Assert.Equal("groß", shown.GetProperty("variants")[0].At("localised/size/text"));
        Assert.Equal("""{"de":"rot","en":"red"}""", shown.At("attributes/colour"));
    }

    [Fact]
    public async Task GraphQL_shows_the_language_that_is_wanted()
    {
        var id = await shop.NewText(German);
        const string Fields =
            "title body seo { title } locales { path locale } localised { key } translations { locale title }";
        Task<Answer> Ask(string arguments, Caller caller) =>
            caller.Post("/graphql", new { query = $$"""{ product(id: "{{id}}"{{arguments}}) { {{Fields}} } }""" });

        var german = (await Ask(", locale: \"de-AT\"", shop.Stranger)).Is(200);
        var own = (await Ask("", shop.Stranger)).Is(200).Data.GetProperty("product");
        var staff = (await Ask(", view: \"staff\"", shop.Reader())).Is(200).Data.GetProperty("product");
        var malformed = (await Ask(", locale: \"de_AT\"", shop.Stranger)).Is(200);

        var shown = german.Data.GetProperty("product");
        Assert.Equal(
            ("Haferl-Tee", "<p>Tee</p>", "Tee kaufen"),
            (shown.At("title"), shown.At("body"), shown.At("seo/title"))
        );
        Assert.Contains("""{"path":"body","locale":"de"}""", shown.At("locales"), StringComparison.Ordinal);
        Assert.Equal(("Tea", "", ""), (own.At("title"), own.At("locales"), own.At("translations")));
        Assert.Contains(
            """{"locale":"de-AT","title":"Haferl-Tee"}""",
            staff.At("translations"),
            StringComparison.Ordinal
        );
        Assert.Contains("LOCALE_MALFORMED", malformed.Text, StringComparison.Ordinal);
        Assert.Equal(1, german.Statements);
    }
}
