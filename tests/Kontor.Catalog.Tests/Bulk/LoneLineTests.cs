namespace Kontor.Catalog.Tests.Bulk;

/// <summary>Lines that only the database, or only a rule of one product, can refuse.</summary>
public sealed class LoneLineTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("\"channels\":[\"nope\"]")]
    [InlineData("\"from\":\"0001-01-01T00:00:00Z\"")]
    [InlineData("\"until\":\"9999-12-31T23:59:59.9999999Z\"")]
    [InlineData("\"from\":\"2030-01-01T00:00:00.1234561Z\",\"until\":\"2030-01-01T00:00:00.1234562Z\"")]
    public async Task A_line_that_cannot_be_shown_fails_alone(string publication)
    {
        var key = shop.Fresh();
        string Line(string name, string more = "") =>
            $$"""{"key":"{{key}}-{{name}}","title":"A cup","variants":[{"sku":"S-{{key}}-{{name}}"}]{{more}}}""";

        var told = await shop.Write(Line("a"), Line("b", $",\"publication\":{{{publication}}}"), Line("c"));

        Assert.Equal((2, 0, 0, 1), told.Sum());
    }
}
