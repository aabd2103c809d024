using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Migration;

namespace Kontor.Catalog.Tests.ProductTypes;

public sealed class ConversionTests(Shop shop) : IClassFixture<Shop>
{
    static readonly AttributeDefinition Number = new("a", AttributeKind.Number);
    static readonly AttributeDefinition Money = new("a", AttributeKind.Money);

    [Theory]
    [InlineData("1.5", "0.1", "0.15")]
    [InlineData("1000", "0.001", "1")]
    [InlineData("0.1234567890123456789012345678", "10", "1.234567890123456789012345678")]
    [InlineData("0.1234567890123456789012345678", "0.1", null)]
    [InlineData("0.3333333333333333333333333333", "0.3333333333333333333333333333", null)]
    [InlineData("1e-28", "0.1", null)]
    [InlineData("7e27", "100", null)]
    public void Scaling_keeps_every_digit_or_fails(string value, string factor, string? scaled) =>
        Assert.Equal(scaled, Conversions.Of(Conversion.Scale, factor, Number, ValueForms.Json(value))?.GetRawText());

    [Theory]
    [InlineData("EUR", "5")]
    [InlineData("SEK", null)]
    public void Money_of_another_currency_does_not_become_a_number(string currency, string? number) =>
        Assert.Equal(
            number,
            Conversions
                .Of(
                    Conversion.MoneyToNumber,
                    "EUR",
                    Number,
                    ValueForms.Json($$"""{"amount":5,"currency":"{{currency}}"}""")
                )
                ?.GetRawText()
        );

    [Theory]
    [InlineData(null)]
    [InlineData("XXX")]
    [InlineData("eur")]
    public void Money_becomes_a_number_only_with_a_currency_named(string? argument)
    {
        Assert.NotNull(Conversions.FaultOf(Conversion.MoneyToNumber, argument, Money, Number));
        Assert.Null(Conversions.FaultOf(Conversion.MoneyToNumber, "EUR", Money, Number));
    }

    [Fact]
    public async Task Values_that_a_conversion_rewrites_are_a_change_though_the_definition_stays()
    {
        const string Same = """{"key":"a","kind":"number","index":["sort"]}""";
        const string Scale = """{"do":"retype","attribute":"a","conversion":"scale","argument":"100"}""";
        var type = await shop.NewType(Same);
        await shop.NewTyped(type, """{"a":1.5}""");

        var verdict = (await shop.Check(type, Same, Scale)).Is(200);

        var change = Assert.Single(verdict.Data.GetProperty("changes").EnumerateArray());
        Assert.Equal(
            ("a", "conversion", "readersAndWriters"),
            (
                change.GetProperty("attribute").GetString(),
                change.GetProperty("rule").GetString(),
                change.GetProperty("breaks").GetString()
            )
        );
        Assert.Equal("""["a"]""", verdict.Data.GetProperty("reindex").GetRawText());
        Assert.True(verdict.Data.GetProperty("compatible").GetBoolean());
    }
}
