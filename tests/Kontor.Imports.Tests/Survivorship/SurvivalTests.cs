using System.Globalization;
using System.Text.Json;
using CsCheck;
using Kontor.Imports.Survivorship;

namespace Kontor.Imports.Tests.Survivorship;

public sealed class SurvivalTests
{
    static Supplied From(string supplier, long line, string json, int day = 1) =>
        new(
            supplier,
            Laying.Together(supplier, [LayingTests.Row(line, json)]),
            new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero)
        );

    static SurvivorshipRules Rules(string json)
    {
        using var document = JsonDocument.Parse(json);
        return SurvivorshipRules.Read(document.RootElement).Value;
    }

    [Theory]
    [InlineData("priority", "short")]
    [InlineData("firstFilled", "short")]
    [InlineData("newest", "the longest")]
    [InlineData("longest", "the longest")]
    [InlineData("mostAgreed", "agreed")]
    public void A_rule_says_whose_value_stays(string pick, string title)
    {
        var rules = Rules($$$"""{"suppliers":["b"],"rules":{"title":"{{{pick}}}"}}""");

        var laid = new Survival(rules).Of([
            From("a", 1, """{"title":"agreed"}"""),
            From("b", 2, """{"title":"short"}"""),
            From("c", 3, """{"title":"the longest"}""", day: 9),
            From("d", 4, """{"title":"agreed"}"""),
        ]);

        Assert.Equal($$"""{"title":"{{title}}"}""", LayingTests.Text(laid));
    }

    [Fact]
    public void The_longest_name_of_a_member_that_fits_has_its_rule()
    {
        var rules = Rules(
            """{"suppliers":["a","b"],"default":"priority","rules":{"attributes":"longest","attributes.colour":{"pick":"priority","suppliers":["b"]}}}"""
        );

        var laid = new Survival(rules).Of([
            From("a", 1, """{"title":"A","attributes":{"colour":"dark red","text":"ab"}}"""),
            From("b", 2, """{"title":"B","attributes":{"colour":"red","text":"abc"}}"""),
        ]);

        Assert.Equal("""{"title":"A","attributes":{"colour":"red","text":"abc"}}""", LayingTests.Text(laid));
        Assert.Equal(("b", 2L), (laid.Of("/attributes/text")?.Supplier, laid.Of("/attributes/text")?.At.Line));
        Assert.Equal(("a", 1L), (laid.Of("/title")?.Supplier, laid.Of("/title")?.At.Line));
    }

    [Fact]
    public void Variants_are_one_by_sku_or_bar_code_and_never_two_of_one_supplier()
    {
        var laid = new Survival(SurvivorshipRules.Usual).Of([
            From("a", 1, """{"variants":[{"sku":"1","attributes":{"gtin":"4006381333931"}},{"sku":"2"}]}"""),
            From(
                "b",
                2,
                """{"variants":[{"sku":"2","stock":5},{"sku":"X","attributes":{"gtin":"04006381333931"},"stock":7},{"sku":"3"}]}"""
            ),
        ]);

        Assert.Equal(
            """{"variants":[{"sku":"1","attributes":{"gtin":"4006381333931"},"stock":7},{"sku":"2","stock":5},{"sku":"3"}]}""",
            LayingTests.Text(laid)
        );
    }

    static readonly Gen<string> AnyProduct =
        from title in Gen.OneOf("null", "\"A\"", "\"BB\"", "\"\"")
        from colour in Gen.OneOf("null", "\"red\"", "[1,2]")
        from sku in Gen.OneOf("1", "2", "3")
        from more in Gen.OneOf("4", "5")
        from category in Gen.OneOf("a", "b")
        select $$$"""{"title":{{{title}}},"attributes":{"colour":{{{colour}}}},"categories":["{{{category}}}"],"variants":[{"sku":"{{{sku}}}","stock":1},{"sku":"{{{more}}}"}]}""";

    static readonly Gen<SurvivorshipRules> AnyRules = Gen.OneOf(
            "priority",
            "newest",
            "longest",
            "firstFilled",
            "mostAgreed"
        )
        .Select(pick => Rules($$"""{"suppliers":["s2","s0"],"default":"{{pick}}"}"""));

    [Fact]
    public void The_order_of_suppliers_decides_nothing_and_each_value_is_where_it_is_said_to_come_from() =>
        Gen.Select(AnyProduct.List[2, 4], AnyRules, Gen.Int)
            .Sample(
                (products, rules, seed) =>
                {
                    var supplied = products.Select((json, i) => From($"s{i}", i, json, day: i % 2 + 1)).ToArray();
                    var otherwise = supplied.ToArray();
                    new Random(seed).Shuffle(otherwise);

                    var laid = new Survival(rules).Of(supplied);

                    Assert.Equal(LayingTests.Text(laid), LayingTests.Text(new Survival(rules).Of(otherwise)));
                    using var product = JsonDocument.Parse(laid.Product);
                    foreach (var (path, value) in LayingTests.Leaves(product.RootElement, ""))
                    {
                        var origin = Assert.NotNull(laid.Of(path));
                        using var row = JsonDocument.Parse(products[(int)origin.At.Line]);
                        Assert.Equal(
                            string.Create(CultureInfo.InvariantCulture, $"s{origin.At.Line}"),
                            origin.Supplier
                        );
                        Assert.Contains(
                            LayingTests.Leaves(row.RootElement, ""),
                            leaf => LayingTests.Same(leaf.Path, path) && leaf.Value == value
                        );
                    }
                }
            );

    [Theory]
    [InlineData("[]", "")]
    [InlineData("""{"supplier":[]}""", "supplier")]
    [InlineData("""{"suppliers":"a"}""", "suppliers")]
    [InlineData("""{"suppliers":["a","a"]}""", "suppliers")]
    [InlineData("""{"default":"best"}""", "default")]
    [InlineData("""{"default":{"suppliers":[]}}""", "default.pick")]
    [InlineData("""{"rules":{"title":{"pick":"longest","over":1}}}""", "rules.title.over")]
    [InlineData("""{"rules":{"a..b":"longest"}}""", "rules.a..b")]
    [InlineData("""{"rules":[]}""", "rules")]
    public void Rules_that_cannot_be_read_are_refused_by_the_place(string json, string path)
    {
        using var document = JsonDocument.Parse(json);

        var refused = SurvivorshipRules.Read(document.RootElement).Rejection;

        Assert.Equal("SURVIVORSHIP_INVALID", refused?.Code);
        Assert.Contains(path, refused!.Errors!.Keys);
    }
}
