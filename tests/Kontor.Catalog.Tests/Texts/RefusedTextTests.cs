namespace Kontor.Catalog.Tests.Texts;

public sealed class RefusedTextTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("\"translations\":{\"de_AT\":{\"title\":\"T\"}}", 400, "PRODUCT_INVALID", "translations.de_AT")]
    [InlineData("\"translations\":{\"de\":{},\"DE\":{}}", 400, "PRODUCT_INVALID", "translations.DE")]
    [InlineData("\"translations\":{\"de\":{\"title\":\"<b>T\"}}", 400, "PRODUCT_INVALID", "translations.de.title")]
    [InlineData("\"translations\":{\"de\":{\"title\":\" \"}}", 400, "PRODUCT_INVALID", "translations.de.title")]
    [InlineData(
        "\"translations\":{\"de\":{\"seo\":{\"title\":\"<b>T\"}}}",
        400,
        "PRODUCT_INVALID",
        "translations.de.seo.title"
    )]
    [InlineData("\"translations\":{\"de\":{\"text\":\"T\"}}", 400, "MALFORMED_BODY", null)]
    [InlineData("\"translations\":{\"EN\":{\"title\":\"T\"}}", 422, "TRANSLATION_OF_DEFAULT", "translations.EN")]
    [InlineData("\"seo\":{\"title\":\"<b>T\"}", 400, "PRODUCT_INVALID", "seo.title")]
    [InlineData("\"seo\":{\"description\":\"\"}", 400, "PRODUCT_INVALID", "seo.description")]
    public async Task What_cannot_be_stored_is_refused(string more, int status, string code, string? path)
    {
        (await shop.TryText(more)).Refused(status, code, path);
        (await shop.ChangeText(await shop.NewText("\"slug\":null"), $"{{{more}}}")).Refused(status, code, path);
    }

    [Fact]
    public async Task Texts_have_bounds()
    {
        async Task Refused(string more, string path) =>
            (await shop.TryText(more)).Refused(400, "PRODUCT_INVALID", path);
        string Many(int count, string translation) =>
            string.Join(',', Enumerable.Range(0, count).Select(i => $"\"x-{i}\":{translation}"));
        string Long(int length) => new('x', length);

        await shop.NewText($"\"translations\":{{{Many(50, "{\"title\":\"T\"}")}}}");
        await Refused($"\"translations\":{{{Many(51, "{\"title\":\"T\"}")}}}", "translations");
        await Refused($"\"translations\":{{{Many(101, "null")}}}", "translations");
        await Refused($"\"translations\":{{{Many(11, $"{{\"body\":\"{Long(50_000)}\"}}")}}}", "translations");
        await Refused($"\"body\":\"{Long(50_001)}\"", "body");
        await Refused($"\"translations\":{{\"de\":{{\"body\":\"{Long(50_001)}\"}}}}", "translations.de.body");
        await Refused($"\"translations\":{{\"de\":{{\"title\":\"{Long(301)}\"}}}}", "translations.de.title");
        await Refused(
            $"\"translations\":{{\"de\":{{\"description\":\"{Long(20_001)}\"}}}}",
            "translations.de.description"
        );
        await Refused($"\"seo\":{{\"title\":\"{Long(201)}\"}}", "seo.title");
        await Refused($"\"seo\":{{\"description\":\"{Long(501)}\"}}", "seo.description");
    }

    [Theory]
    [InlineData("/api/v1/products?locale=de_AT")]
    [InlineData("/api/v1/products/any?locale=english+please")]
    [InlineData("/api/v1/search?q=tea&locale=-")]
    [InlineData("/api/v1/categories?locale=de_AT")]
    [InlineData("/api/v1/categories/any?locale=1")]
    [InlineData("/api/v1/category-tree?locale=")]
    public async Task A_malformed_locale_is_refused_and_says_what_to_send(string path)
    {
        var answer = await shop.Stranger.Get(path);

        answer.Refused(400, "LOCALE_MALFORMED", "locale");
        Assert.Contains("de-AT", answer.Text, StringComparison.Ordinal);
    }
}
