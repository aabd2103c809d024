using CsCheck;
using Kontor.Catalog.Products;

namespace Kontor.Catalog.Tests.Products;

public sealed class ProductTests
{
    [Theory]
    [InlineData("Café Ölkanne", "cafe-olkanne")]
    [InlineData("  Straße -- Nr. 5!  ", "strasse-nr-5")]
    [InlineData("Smørrebrød & Æbler", "smorrebrod-aebler")]
    [InlineData("Łódź Žižkov Ğüneş İstanbul", "lodz-zizkov-gunes-istanbul")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("Phở Việt", "pho-viet")]
    [InlineData("茶壺", null)]
    [InlineData("018f0000-0000-7000-8000-000000000000", null)]
    public void A_slug_is_the_title_in_plain_letters(string title, string? slug) =>
        Assert.Equal(slug, Product.SlugOf(title));

    [Fact]
    public void Any_title_makes_a_valid_slug_or_none() =>
        Gen.String.Sample(title => Product.SlugOf(title) is not { } slug || Product.IsSlug(slug));

    [Fact]
    public void A_long_title_makes_a_short_slug() => Assert.Equal(80, Product.SlugOf(new string('a', 300))!.Length);
}
