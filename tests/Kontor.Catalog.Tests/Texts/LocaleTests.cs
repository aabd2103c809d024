using Kontor.Catalog.Texts;
using Kontor.Platform;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Tests.Texts;

public sealed class LocaleTests
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE-at", "de-AT")]
    [InlineData("ZH-hANT-tw", "zh-Hant-TW")]
    [InlineData("es-419", "es-419")]
    [InlineData("sl-ROZAJ-biske-1994", "sl-rozaj-biske-1994")]
    [InlineData("de-CH-1901", "de-CH-1901")]
    [InlineData("zh-cmn-hans-cn", "zh-cmn-Hans-CN")]
    [InlineData("en-a-AA-ccc-X-DD-eeee", "en-a-aa-ccc-x-dd-eeee")]
    [InlineData("ar-EG-u-nu-latn", "ar-EG-u-nu-latn")]
    [InlineData("x-OWN", "x-own")]
    public void A_tag_is_kept_in_its_canonical_case(string written, string canonical)
    {
        Assert.Equal(canonical, Locale.Canonical(written));
        Assert.Equal(canonical, Locale.Canonical(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("de_AT")]
    [InlineData("de-")]
    [InlineData("-de")]
    [InlineData("de--AT")]
    [InlineData("de AT")]
    [InlineData("de-AT\n")]
    [InlineData("123")]
    [InlineData("i-klingon")]
    [InlineData("de-x")]
    [InlineData("de-a")]
    [InlineData("de-419-DE")]
    [InlineData("de-1901-1901")]
    [InlineData("de-DE-u-co-phonebk-u-nu-latn")]
    [InlineData("abcdefghi")]
    [InlineData("dé")]
    [InlineData("ıd-ID")]
    [InlineData("en-x-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd")]
    public void What_is_no_tag_is_refused(string written) => Assert.Null(Locale.Canonical(written));

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT", "de-AT de")]
    [InlineData("zh-Hant-TW", "zh-Hant-TW zh-Hant zh")]
    [InlineData(
        "zh-Hant-CN-x-wadegile-private1",
        "zh-Hant-CN-x-wadegile-private1 zh-Hant-CN-x-wadegile zh-Hant-CN zh-Hant zh"
    )]
    [InlineData("ar-EG-u-nu-latn", "ar-EG-u-nu-latn ar-EG-u-nu ar-EG ar")]
    [InlineData("x-own", "x-own")]
    public void It_is_widened_from_behind(string tag, string wider) =>
        Assert.Equal(wider, string.Join(' ', Locale.Widened(tag)));

    [Theory]
    [InlineData("en", "de-AT", "de-AT de en")]
    [InlineData("de", "de-AT", "de-AT de")]
    [InlineData("de-AT", "de-AT-1901", "de-AT-1901 de-AT de")]
    [InlineData("en-GB", "en", "en en-GB")]
    public void The_shops_own_language_stands_in_every_chain_once(string own, string wanted, string chain) =>
        Assert.Equal(chain, string.Join(' ', new Languages(own).ChainOf(wanted)!.Locales));

    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("DE-at", "de-AT")]
    public void The_shops_own_language_is_configured(string? written, string locale) =>
        Assert.Equal(locale, Languages.From(Configured(written)).Default);

    [Fact]
    public void One_that_is_none_is_told_to_the_operator()
    {
        var told = Assert.Throws<MisconfiguredException>(() => Languages.From(Configured("german please")));

        Assert.Contains("Catalog:DefaultLocale is 'german please'", told.Message, StringComparison.Ordinal);
    }

    static IConfiguration Configured(string? locale) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("Catalog:DefaultLocale", locale)]).Build();
}
