using System.Text;
using System.Text.Json;
using CsCheck;
using Kontor.Imports.Survivorship;

namespace Kontor.Imports.Tests.Survivorship;

public sealed class LayingTests
{
    internal static Draft Row(long line, string json) => new("K", new(0, line), Encoding.UTF8.GetBytes(json));

    internal static string Text(Laid laid) => Encoding.UTF8.GetString(laid.Product.Span);

    [Theory]
    [InlineData("""{"title":"A"}""", """{"title":"B","slug":"b"}""", """{"title":"A","slug":"b"}""")]
    [InlineData("""{"title":null}""", """{"title":"B"}""", """{"title":"B"}""")]
    [InlineData(
        """{"attributes":{"x":1}}""",
        """{"attributes":{"x":2,"y":[1]}}""",
        """{"attributes":{"x":1,"y":[1]}}"""
    )]
    [InlineData("""{"attributes":{"x":[1]}}""", """{"attributes":{"x":[2]}}""", """{"attributes":{"x":[1]}}""")]
    [InlineData("""{"categories":["a","b"]}""", """{"categories":["b","c"]}""", """{"categories":["a","b","c"]}""")]
    [InlineData(
        """{"variants":[{"sku":"1","stock":3}]}""",
        """{"variants":[{"sku":"2"},{"sku":"1","stock":4,"prices":[]}]}""",
        """{"variants":[{"sku":"1","stock":3,"prices":[]},{"sku":"2"}]}"""
    )]
    [InlineData(
        """{"variants":[{"sku":"1","prices":[{"amount":1,"currency":"EUR"}]}]}""",
        """{"variants":[{"sku":"1","prices":[{"amount":2,"currency":"EUR"},{"amount":3,"currency":"SEK"}]}]}""",
        """{"variants":[{"sku":"1","prices":[{"amount":1,"currency":"EUR"},{"amount":3,"currency":"SEK"}]}]}"""
    )]
    [InlineData(
        """{"options":[{"key":"size","values":[{"key":"s"}]}]}""",
        """{"options":[{"key":"size","title":"Size","values":[{"key":"m"}]}]}""",
        """{"options":[{"key":"size","values":[{"key":"s"},{"key":"m"}],"title":"Size"}]}"""
    )]
    public void Rows_of_one_key_are_one_product(string first, string second, string product) =>
        Assert.Equal(product, Text(Laying.Together("s", [Row(2, first), Row(3, second)])));

    [Fact]
    public void Each_value_says_which_row_it_came_from()
    {
        var laid = Laying.Together(
            "s",
            [
                Row(2, """{"title":"A","variants":[{"sku":"1"}]}"""),
                Row(5, """{"variants":[{"sku":"1","stock":4},{"sku":"2","attributes":{"a/b":1}}]}"""),
            ]
        );

        Assert.Equal(2, laid.Of("/title")?.At.Line);
        Assert.Equal(2, laid.Of("/variants/0/sku")?.At.Line);
        Assert.Equal(5, laid.Of("/variants/0/stock")?.At.Line);
        Assert.Equal(5, laid.Of("/variants/1/attributes/a~1b")?.At.Line);
        Assert.Null(laid.Of("/variants"));
    }

    static readonly Gen<string> AnyProduct =
        from title in Gen.OneOf("null", "\"A\"", "\"B\"", "{}")
        from colour in Gen.OneOf("null", "\"red\"", "[1,2]", "{\"z\":1}")
        from sku in Gen.OneOf("1", "2", "3")
        from stock in Gen.Int[0, 3]
        from category in Gen.OneOf("a", "b", "c")
        select $$$"""{"title":{{{title}}},"attributes":{"colour":{{{colour}}},"n{{{stock}}}":{{{stock}}}},"categories":["{{{category}}}"],"variants":[{"sku":"{{{sku}}}","stock":{{{stock}}}}]}""";

    [Fact]
    public void Laying_a_product_on_itself_changes_nothing() =>
        AnyProduct
            .List[1, 5]
            .Sample(products =>
            {
                var once = Text(Laying.Together("s", [.. products.Select((json, i) => Row(i, json))]));

                Assert.Equal(once, Text(Laying.Together("s", [Row(1, once), Row(2, once)])));
            });

    [Fact]
    public void The_row_that_is_named_for_a_value_really_holds_it() =>
        AnyProduct
            .List[1, 5]
            .Sample(products =>
            {
                var laid = Laying.Together("s", [.. products.Select((json, i) => Row(i, json))]);
                using var product = JsonDocument.Parse(laid.Product);
                foreach (var (path, value) in Leaves(product.RootElement, ""))
                {
                    var at = Assert.NotNull(laid.Of(path)).At;
                    using var row = JsonDocument.Parse(products[(int)at.Line]);
                    Assert.Contains(Leaves(row.RootElement, ""), leaf => Same(leaf.Path, path) && leaf.Value == value);
                }
            });

    /// <summary>Places in lists differ from row to row.</summary>
    internal static bool Same(string path, string other) => Names(path).SequenceEqual(Names(other));

    static IEnumerable<string> Names(string path) => path.Split('/').Where(name => !name.All(char.IsAsciiDigit));

    internal static IEnumerable<(string Path, string Value)> Leaves(JsonElement json, string path) =>
        json.ValueKind switch
        {
            JsonValueKind.Object when json.GetPropertyCount() > 0 => json.EnumerateObject()
                .SelectMany(member => Leaves(member.Value, $"{path}/{member.Name}")),
            JsonValueKind.Array when json.GetArrayLength() > 0 => json.EnumerateArray()
                .SelectMany((item, i) => Leaves(item, $"{path}/{i}")),
            _ => [(path, json.GetRawText())],
        };
}
