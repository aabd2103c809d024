using System.Text.Json;
using CsCheck;
using Kontor.Catalog.Texts;

namespace Kontor.Catalog.Tests.Texts;

/// <summary>The chain against what a person would do with a finger on the list.</summary>
public sealed class ChainProperties
{
    static readonly string[] Tags =
    [
        "en",
        "en-GB",
        "de",
        "de-AT",
        "de-AT-1901",
        "de-CH",
        "zh",
        "zh-Hant",
        "zh-Hant-TW",
        "sv",
    ];

    static readonly Gen<string?> Text = Gen.Select(
        Gen.Int[0, 4],
        Gen.String[Gen.Char['a', 'z'], 1, 4],
        (number, text) => number < 2 ? null : text
    );

    static readonly Gen<string> Tag = Gen.Int[0, Tags.Length - 1].Select(number => Tags[number]);

    static readonly Gen<Seo?> Seo = Gen.Select(
        Text,
        Text,
        (title, description) => title is null && description is null ? null : new Seo(title, description)
    );

    static readonly Gen<Translation> Translations = Gen.Select(
        Text,
        Text,
        Text,
        Seo,
        (a, b, c, d) => new Translation(a, b, c, d)
    );

    [Fact]
    public void Each_text_is_the_first_that_the_chain_has() =>
        Gen.Select(Tag, Tag, Gen.Dictionary(Tag, Translations)[0, 6], Gen.Select(Text, Text, Seo))
            .Sample(
                (own, wanted, translations, texts) =>
                {
                    translations.Remove(own);
                    var (description, body, seo) = texts;
                    var chain = new Languages(own).ChainOf(wanted)!;
                    var row = new TextRow(
                        new(body, seo),
                        translations
                            .Where(t => chain.Locales.Contains(t.Key))
                            .ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal)
                    );

                    var shown = ShownTexts.Of(("Own", description), row, chain, new Dictionary<string, JsonElement>());

                    var all = new Dictionary<string, Translation>(translations, StringComparer.Ordinal)
                    {
                        [own] = new("Own", description, body, seo),
                    };
                    void Is(string path, string? text, Func<Translation, string?> of) =>
                        Assert.Equal(Brute(all, own, wanted, of), (text, shown.Locales!.GetValueOrDefault(path)));
                    Is("title", shown.Title, t => t.Title);
                    Is("description", shown.Description, t => t.Description);
                    Is("body", shown.Body, t => t.Body);
                    Is("seo.title", shown.Seo?.Title, t => t.Seo?.Title);
                    Is("seo.description", shown.Seo?.Description, t => t.Seo?.Description);
                }
            );

    /// <summary>Cuts the tag by hand, then looks at the shop's own.</summary>
    static (string?, string?) Brute(
        Dictionary<string, Translation> all,
        string own,
        string wanted,
        Func<Translation, string?> of
    )
    {
        for (var tag = wanted; ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (all.TryGetValue(tag, out var texts) && of(texts) is { } text)
                return (text, tag);
            if (!tag.Contains('-'))
                break;
        }
        return of(all[own]) is { } last ? (last, own) : (null, null);
    }
}
