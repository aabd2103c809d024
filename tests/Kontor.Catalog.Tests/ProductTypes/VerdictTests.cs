namespace Kontor.Catalog.Tests.ProductTypes;

public sealed class VerdictTests(Shop shop) : IClassFixture<Shop>
{
    /// <summary>A definition, two products of it, the new definition, and the rule that they stand against (null: none).</summary>
    public static TheoryData<string, string, string, string, string?> Changes =>
        new()
        {
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                """{"a":"yy"}""",
                """{"key":"a","kind":"text","maxLength":1}""",
                "maxLength"
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                """{"a":"yy"}""",
                """{"key":"a","kind":"text","minLength":2}""",
                "minLength"
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                """{"a":"yy"}""",
                """{"key":"a","kind":"text","pattern":"^x"}""",
                "pattern"
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                """{"a":"yy"}""",
                """{"key":"a","kind":"text","pattern":"^[xy]"}""",
                null
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                "{}",
                """{"key":"a","kind":"text","required":true}""",
                "required"
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                """{"a":"y"}""",
                """{"key":"a","kind":"text","required":true}""",
                null
            },
            { """{"key":"a","kind":"text"}""", """{"a":"x"}""", "{}", """{"key":"b","kind":"text"}""", "attribute" },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                "{}",
                """{"key":"a","kind":"text","level":"variant"}""",
                "level"
            },
            { """{"key":"a","kind":"text"}""", "{}", "{}", """{"key":"b","kind":"text"}""", null },
            { """{"key":"a","kind":"text"}""", """{"a":"x"}""", "{}", """{"key":"a","kind":"number"}""", "kind" },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                "{}",
                """{"key":"a","kind":"text","list":true}""",
                "list"
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                """{"a":"x"}""",
                """{"key":"a","kind":"text","maxLength":9,"unique":true}""",
                "unique"
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                """{"a":"y"}""",
                """{"key":"a","kind":"text","maxLength":9,"unique":true}""",
                null
            },
            {
                """{"key":"a","kind":"number"}""",
                """{"a":1}""",
                """{"a":5}""",
                """{"key":"a","kind":"number","min":2}""",
                "min"
            },
            {
                """{"key":"a","kind":"number"}""",
                """{"a":1}""",
                """{"a":5}""",
                """{"key":"a","kind":"number","max":4}""",
                "max"
            },
            {
                """{"key":"a","kind":"enum","values":["x","y"]}""",
                """{"a":"x"}""",
                """{"a":"y"}""",
                """{"key":"a","kind":"enum","values":["y"]}""",
                "values"
            },
            {
                """{"key":"a","kind":"enum","values":["x","y"]}""",
                """{"a":"x"}""",
                "{}",
                """{"key":"a","kind":"enum","values":["x","z"]}""",
                null
            },
            {
                """{"key":"a","kind":"measure","unit":"g"}""",
                """{"a":{"value":1,"unit":"g"}}""",
                "{}",
                """{"key":"a","kind":"measure","unit":"kg"}""",
                "unit"
            },
            {
                """{"key":"a","kind":"date"}""",
                """{"a":"2026-01-01"}""",
                "{}",
                """{"key":"a","kind":"date","from":"2026-01-02"}""",
                "from"
            },
            {
                """{"key":"a","kind":"date"}""",
                """{"a":"2026-01-01"}""",
                "{}",
                """{"key":"a","kind":"date","until":"2025-01-02"}""",
                "until"
            },
            {
                """{"key":"a","kind":"text"}""",
                """{"a":"x"}""",
                "{}",
                """{"key":"a","kind":"text"},{"key":"b","kind":"number","required":true}""",
                "required"
            },
        };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public async Task A_change_is_judged_by_what_stands(string old, string one, string other, string now, string? rule)
    {
        var type = await shop.NewType(old);
        var (first, second) = (await shop.NewTyped(type, one), await shop.NewTyped(type, other));

        var verdict = (await shop.Check(type, now)).Is(200);
        var changed = await shop.ChangeType(type, now);

        Assert.Equal(rule is null, verdict.Data.GetProperty("compatible").GetBoolean());
        Assert.Equal(2, verdict.Data.GetProperty("products").GetInt32());
        var against = verdict
            .Data.GetProperty("changes")
            .EnumerateArray()
            .Where(c => c.GetProperty("violations").GetInt64() > 0);
        if (rule is null)
        {
            Assert.Empty(against);
            Assert.Equal("2", changed.Is(200).Value("version"));
            Assert.EndsWith("-t2\"", (await shop.Stranger.Get($"{Types.Products}/{first.Value("id")}")).Tag);
        }
        else
        {
            var broken = Assert.Single(against);
            Assert.Equal(rule, broken.GetProperty("rule").GetString());
            Assert.All(
                broken.GetProperty("examples").EnumerateArray(),
                key => Assert.Contains(key.GetString(), new[] { first.Value("key"), second.Value("key") })
            );
            changed.Refused(409, "PRODUCT_TYPE_BREAKS", $"attributes.{broken.GetProperty("attribute")}");
            Assert.Equal("1", (await shop.Stranger.Get($"{Types.Path}/{type}")).Value("version"));
        }
        await shop.IsWhole();
    }

    [Fact]
    public async Task The_count_is_of_all_and_the_examples_are_ten()
    {
        var type = await shop.NewType("""{"key":"a","kind":"number"},{"key":"b","kind":"text","level":"variant"}""");
        for (var i = 0; i < 13; i++)
            await shop.NewTyped(type, $$"""{"a":{{i}}}""", """{"b":"x"}""");

        var verdict = (await shop.Check(type, """{"key":"a","kind":"number","max":0,"index":["sort"]}""")).Is(200);

        var changes = verdict.Data.GetProperty("changes").EnumerateArray().ToList();
        var max = changes.Single(change => change.GetProperty("rule").GetString() == "max");
        var gone = changes.Single(change => change.GetProperty("attribute").GetString() == "b");
        Assert.Equal(
            (12, 10),
            (max.GetProperty("violations").GetInt32(), max.GetProperty("examples").GetArrayLength())
        );
        Assert.Equal(13, gone.GetProperty("violations").GetInt32());
        Assert.StartsWith("SKU-", gone.GetProperty("examples")[0].GetString());
        Assert.Equal("""["a"]""", verdict.Data.GetProperty("reindex").GetRawText());
    }

    [Fact]
    public async Task What_becomes_unique_is_unique_from_then_on_and_what_ceases_is_not()
    {
        var type = await shop.NewType(
            """{"key":"a","kind":"text","maxLength":9},{"key":"v","kind":"number","level":"variant"}"""
        );
        await shop.NewTyped(type, """{"a":"x"}""", """{"v":1}""");

        (
            await shop.ChangeType(
                type,
                """{"key":"a","kind":"text","maxLength":9,"unique":true},{"key":"v","kind":"number","level":"variant","unique":true}"""
            )
        ).Is(200);
        (await shop.TryTyped(type, """{"a":"x"}""")).Refused(409, "ATTRIBUTE_VALUE_TAKEN", "attributes.a");
        (await shop.TryTyped(type, "{}", """{"v":1}""")).Refused(
            409,
            "ATTRIBUTE_VALUE_TAKEN",
            "variants[0].attributes.v"
        );
        await shop.IsWhole();
        (
            await shop.ChangeType(
                type,
                """{"key":"a","kind":"text","maxLength":9},{"key":"v","kind":"number","level":"variant"}"""
            )
        ).Is(200);

        await shop.NewTyped(type, """{"a":"x"}""", """{"v":1}""");
        Assert.Equal(0, await shop.Query<long>("select count(*) from unique_values where type = $1", type));
    }

    [Theory]
    [InlineData("""{"do":"rename","attribute":"no","to":"a"}""", "migration[0].attribute")]
    [InlineData("""{"do":"rename","attribute":"a","to":"no"}""", "migration[0].to")]
    [InlineData("""{"do":"retype","attribute":"a"}""", "migration[0].conversion")]
    [InlineData("""{"do":"retype","attribute":"a","conversion":"numberToText"}""", "migration[0].conversion")]
    [InlineData(
        """{"do":"retype","attribute":"a","conversion":"textToLocalisedText","argument":"??"}""",
        "migration[0].conversion"
    )]
    [InlineData("""{"do":"default","attribute":"a"}""", "migration[0].value")]
    [InlineData("""{"do":"default","attribute":"a","value":7}""", "migration[0].value")]
    [InlineData("""{"do":"drop","attribute":"no"}""", "migration[0].attribute")]
    [InlineData("null", "migration[0]")]
    public async Task Steps_that_make_no_sense_are_refused_by_path(string step, string path)
    {
        var type = await shop.NewType("""{"key":"a","kind":"text"}""");

        (await shop.Check(type, """{"key":"a","kind":"text"}""", step)).Refused(400, "PRODUCT_TYPE_INVALID", path);
        (await shop.ChangeType(type, """{"key":"a","kind":"text"}""", step)).Refused(400, "PRODUCT_TYPE_INVALID", path);
    }

    [Fact]
    public async Task Steps_that_leave_a_break_are_refused_with_it()
    {
        var type = await shop.NewType("""{"key":"a","kind":"text"}""");
        await shop.NewTyped(type, """{"a":"12"}""");
        var bad = await shop.NewTyped(type, """{"a":"twelve"}""");
        const string Step = """{"do":"retype","attribute":"a","conversion":"textToNumber"}""";

        var verdict = (await shop.Check(type, """{"key":"a","kind":"number"}""", Step)).Is(200);

        var broken = verdict
            .Data.GetProperty("changes")
            .EnumerateArray()
            .Single(c => c.GetProperty("violations").GetInt64() > 0);
        Assert.Equal("conversion", broken.GetProperty("rule").GetString());
        Assert.Equal(bad.Value("key"), broken.GetProperty("examples")[0].GetString());
        (await shop.ChangeType(type, """{"key":"a","kind":"number"}""", Step)).Refused(
            409,
            "PRODUCT_TYPE_BREAKS",
            "attributes.a"
        );
    }
}
