using System.Text.Json;
using Kontor.Catalog.Imports;
using Kontor.Kernel;

namespace Kontor.Catalog.Tests.Imports;

/// <summary>Maps, and the values they lead to.</summary>
public sealed class ImportMapTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("""{"columns":{"sku":"sku","title":"title"},"colums":{}}""", "MAP_INVALID")]
    [InlineData("""{"columns":{"sku":"sku"}}""", "MAP_INVALID")]
    [InlineData("""{"columns":{"sku":"sku","title":"title","colour":"c"}}""", "MAP_INVALID")]
    [InlineData("""{"columns":{"sku":"sku","title":"title","price":"price"}}""", "MAP_INVALID")]
    [InlineData("""{"columns":{"sku":"sku","title":"title"},"constants":{"sku":"x"}}""", "MAP_INVALID")]
    [InlineData("""{"columns":{"title":"title"},"templates":{"sku":"x-{sku"}}""", "MAP_INVALID")]
    [InlineData("""{"delimiter":";;","columns":{"sku":"sku","title":"title"}}""", "MAP_INVALID")]
    [InlineData("""{"encoding":"klingon","columns":{"sku":"sku","title":"title"}}""", "MAP_INVALID")]
    [InlineData("""{"columns":{"sku":"sku","title":"title"},"constants":{"currency":"XXX"}}""", "MAP_INVALID")]
    [InlineData("[]", "MAP_INVALID")]
    [InlineData("""{"columns":{"sku":"sku","title":"titel"}}""", "COLUMN_MISSING")]
    [InlineData("""{"columns":{"title":"title"},"templates":{"sku":"x-{id}"}}""", "COLUMN_MISSING")]
    [InlineData("""{"delimiter":"|","columns":{"sku":"sku","title":"title"}}""", "COLUMN_MISSING")]
    public async Task A_wrong_map_is_refused_and_writes_nothing(string map, string code)
    {
        var before = await shop.Query<long>("select count(*) from products");

        Rejection? refusal;
        if (ImportMap.Read(map).Is(out var read, out refusal))
            refusal = (
                await Samples.Run(
                    shop,
                    "sku,title,price,currency,stock\nwrong-1,T,1,EUR,1\n"u8.ToArray(),
                    FeedFormat.Csv,
                    read
                )
            ).Rejection;

        Assert.Equal(code, refusal?.Code);
        Assert.NotNull(refusal?.Detail);
        Assert.Equal(before, await shop.Query<long>("select count(*) from products"));
    }

    [Fact]
    public async Task Every_delimiter_that_a_map_may_name_can_be_read()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "sku\n1\n");
        var taken = new List<char>();

        for (var sign = '\u0001'; sign < '\u0200'; sign++)
        {
            var named = JsonSerializer.Serialize($"{sign}");
            var json = $$$"""{"delimiter":{{{named}}},"columns":{"sku":"sku","title":"sku"}}""";
            if (!ImportMap.Read(json).Is(out var map, out var refusal))
            {
                Assert.Equal("MAP_INVALID", refusal.Code);
                continue;
            }
            await using var feed = await Feed.Open(path, FeedFormat.Csv, map, default);
            Assert.Empty(feed.NeverSeen);
            taken.Add(sign);
        }
        File.Delete(path);

        Assert.Empty("\t ,;|^~:#'".Except(taken));
        Assert.DoesNotContain(taken, sign => char.IsLetterOrDigit(sign) || sign is '"' or '\n' or '\r' or '§');
    }

    [Theory]
    [InlineData("58.45", "USD", 5845L)]
    [InlineData("0.1", "EUR", 10L)]
    [InlineData("12.500000", "EUR", 1250L)]
    [InlineData("007", "EUR", 700L)]
    [InlineData("1999", "JPY", 1999L)]
    [InlineData("1.234", "KWD", 1234L)]
    [InlineData("-0.00", "EUR", 0L)]
    [InlineData("90071992547409.93", "EUR", null)]
    [InlineData("1e3", "EUR", null)]
    [InlineData("1,299.00", "EUR", null)]
    [InlineData("1.5", "JPY", null)]
    [InlineData(".5", "EUR", null)]
    [InlineData("5.", "EUR", null)]
    [InlineData("+5", "EUR", null)]
    [InlineData("1.999", "EUR", null)]
    [InlineData("-3", "EUR", null)]
    [InlineData("1 000", "EUR", null)]
    [InlineData("12,50", "EUR", null)]
    [InlineData("10000000000.00", "EUR", 1_000_000_000_000L)]
    [InlineData("10000000000.01", "EUR", null)]
    [InlineData("٣", "EUR", null)]
    public void A_price_is_read_to_the_minor_unit(string text, string currency, long? minor) =>
        Assert.Equal(minor, Good.PriceOf(text, currency).Is(out var price, out _) ? price : null);
}
