using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Texts;

public sealed class CategoryTitleTests(Shop shop) : IClassFixture<Shop>
{
    const string Categories = "/api/v1/categories";

    async Task<string> New(string more, string? parent = null)
    {
        var key = shop.Fresh("category");
        var under = parent is null ? "" : $",\"parent\":\"{parent}\"";
        (await shop.Staff.Post(Categories, $$"""{"key":"{{key}}","title":"Cups"{{under}},{{more}}}""")).Is(201);
        return key;
    }

    [Fact]
    public async Task A_title_comes_from_the_first_language_that_has_it_in_one_list_and_tree()
    {
        var top = await New("""  "translations":{"de":{"title":"Tassen"},"de-at":{"title":"Häferl"}}  """);
        var below = await New("""  "translations":{"sv":{"title":"Muggar"}}  """, top);

        async Task<string> Shown(string key, string locale)
        {
            var shown = (await shop.Stranger.Get($"{Categories}/{key}?locale={locale}")).Is(200);
            Assert.Equal([shown.Value("locale")], shown.Raw.Content.Headers.ContentLanguage);
            return $"{shown.Value("title")} {shown.Value("locale")}";
        }
        Assert.Equal("Häferl de-AT", await Shown(top, "de-AT"));
        Assert.Equal("Tassen de", await Shown(top, "de-CH"));
        Assert.Equal("Cups en", await Shown(top, "sv"));
        Assert.Equal("Muggar sv", await Shown(below, "sv-FI"));

        var list = (await shop.Stranger.Get($"{Categories}?limit=500&locale=de")).Is(200);
        Assert.Equal("Tassen", list.Data.EnumerateArray().Single(c => c.At("key") == top).At("title"));
        var tree = (await shop.Stranger.Get($"/api/v1/category-tree?root={top}&locale=de-AT")).Is(200);
        Assert.Equal(("Häferl", "de-AT"), (tree.Data[0].At("title"), tree.Data[0].At("locale")));
        Assert.Equal(
            ("Cups", "en"),
            (tree.Data[0].GetProperty("children")[0].At("title"), tree.Data[0].GetProperty("children")[0].At("locale"))
        );
        Assert.Equal(["de-AT", "en"], tree.Raw.Content.Headers.ContentLanguage);
        Assert.Equal((1, 1), (list.Statements, tree.Statements));
    }

    [Fact]
    public async Task Translations_are_for_staff_who_ask_for_them()
    {
        var key = await New("""  "translations":{"de":{"title":"Tassen"}}  """);

        var bare = (await shop.Stranger.Get($"{Categories}/{key}")).Is(200).Data;
        var staff = (await shop.Reader().Get($"{Categories}/{key}?view=staff")).Is(200).Data;
        var list = (await shop.Reader().Get($"{Categories}?limit=500&view=staff")).Is(200).Data;

        Assert.Equal(("Cups", "", ""), (bare.At("title"), bare.At("translations"), bare.At("locale")));
        Assert.Equal("Tassen", staff.At("translations/de/title"));
        Assert.Equal("Tassen", list.EnumerateArray().Single(c => c.At("key") == key).At("translations/de/title"));
        (await shop.Stranger.Get($"{Categories}/{key}?view=staff")).Refused(401, "UNAUTHENTICATED");
        (await shop.Stranger.Get($"{Categories}?view=staff")).Refused(401, "UNAUTHENTICATED");
        var wrong = new Caller(shop.Http) { Token = Scopes.OrderingRead };
        (await wrong.Get($"{Categories}?view=staff")).Refused(403, "FORBIDDEN");
        (await shop.Stranger.Get($"{Categories}?view=all")).Refused(400, "VALIDATION_FAILED", "view");
    }

    [Fact]
    public async Task A_change_is_a_merge_patch_and_the_same_is_no_change()
    {
        var key = await New("""  "translations":{"de":{"title":"Tassen"},"sv":{"title":"Muggar"}}  """);
        Task<Answer> Change(string translations) =>
            shop.Staff.Patch($"{Categories}/{key}", $$"""{"translations":{{translations}}}""", "*");

        var same = (await Change("""{"DE":{"title":"Tassen"},"fr":null,"it":{}}""")).Is(200);
        var changed = (await Change("""{"sv":null,"fr":{"title":"Tasses"}}""")).Is(200);
        var cleared = (await Change("null")).Is(200);

        Assert.Equal("1", same.Value("version"));
        Assert.Equal(
            ("2", """{"de":{"title":"Tassen"},"fr":{"title":"Tasses"}}"""),
            (changed.Value("version"), changed.Value("translations"))
        );
        Assert.Equal(("3", ""), (cleared.Value("version"), cleared.Data.At("translations")));
        var told = await shop.Query<string>(
            "select string_agg((body -> 'titles')::text, '|' order by version) from journal where stream = $1",
            $"category-{key}"
        );
        Assert.Equal("""{"de": "Tassen", "sv": "Muggar"}|{"de": "Tassen", "fr": "Tasses"}""", told);
    }

    [Theory]
    [InlineData("{\"de_AT\":{\"title\":\"T\"}}", 400, "VALIDATION_FAILED", "translations.de_AT")]
    [InlineData("{\"de\":{\"title\":\"<b>\"}}", 400, "VALIDATION_FAILED", "translations.de.title")]
    [InlineData("{\"de\":{},\"De\":{}}", 400, "VALIDATION_FAILED", "translations.De")]
    [InlineData("{\"En\":{\"title\":\"T\"}}", 422, "TRANSLATION_OF_DEFAULT", "translations.En")]
    public async Task What_cannot_be_stored_is_refused(string translations, int status, string code, string path)
    {
        var key = shop.Fresh("never");

        (
            await shop.Staff.Post(Categories, $$"""{"key":"{{key}}","title":"T","translations":{{translations}}}""")
        ).Refused(status, code, path);
        var standing = await New("""  "translations":{}  """);
        (await shop.Staff.Patch($"{Categories}/{standing}", $$"""{"translations":{{translations}}}""", "*")).Refused(
            status,
            code,
            path
        );
        (await shop.Stranger.Get($"{Categories}/{key}")).Refused(404, "CATEGORY_NOT_FOUND");
    }
}
