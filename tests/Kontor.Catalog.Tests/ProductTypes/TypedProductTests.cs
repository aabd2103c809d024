using System.Text.Json;

namespace Kontor.Catalog.Tests.ProductTypes;

public sealed class TypedProductTests(Shop shop) : IClassFixture<Shop>
{
    const string AllKinds = """
        {"key":"name","kind":"text","maxLength":20,"minLength":2,"pattern":"^[A-Z]"},
        {"key":"label","kind":"localisedText"},
        {"key":"weight","kind":"number","min":0,"max":1000},
        {"key":"washable","kind":"boolean"},
        {"key":"colour","kind":"enum","values":["red","blue"]},
        {"key":"made","kind":"date","from":"2000-01-01"},
        {"key":"since","kind":"dateTime"},
        {"key":"deposit","kind":"money","min":1},
        {"key":"length","kind":"measure","unit":"cm","max":100},
        {"key":"goesWith","kind":"reference","to":"product"},
        {"key":"tags","kind":"text","list":true},
        {"key":"size","kind":"enum","values":["s","m"],"level":"variant","required":true}
        """;

    string? kinds;

    async Task<string> Kinds() => kinds ??= await shop.NewType(AllKinds);

    [Theory]
    [InlineData("name", "\"Bowl\"", "\"Bowl\"")]
    [InlineData("label", """{"en":"Bowl","de-AT":"Schüssel"}""", """{"en":"Bowl","de-AT":"Schüssel"}""")]
    [InlineData("weight", "1.50", "1.5")]
    [InlineData("weight", "0.1234567890123456789012345678", "0.1234567890123456789012345678")]
    [InlineData("weight", "1.2e2", "120")]
    [InlineData("weight", "-0.0", "0")]
    [InlineData("washable", "true", "true")]
    [InlineData("colour", "\"red\"", "\"red\"")]
    [InlineData("made", "\"2026-02-28\"", "\"2026-02-28\"")]
    [InlineData("since", "\"2026-11-23T08:30:00+02:00\"", "\"2026-11-23T06:30:00.000000Z\"")]
    [InlineData("deposit", """{"amount":1999,"currency":"EUR"}""", """{"amount":1999,"currency":"EUR"}""")]
    [InlineData("length", """{"value":12.50,"unit":"cm"}""", """{"value":12.5,"unit":"cm"}""")]
    [InlineData("tags", """["b","a","b"]""", """["b","a","b"]""")]
    public async Task A_value_of_each_kind_is_read_as_it_was_written(string attribute, string written, string read)
    {
        var made = await shop.NewTyped(await Kinds(), $$"""{"{{attribute}}":{{written}}}""", """{"size":"m"}""");

        var found = (await shop.Stranger.Get($"{Types.Products}/{made.Value("id")}")).Is(200);

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(read), found.Shown(attribute)), found.Text);
        if (attribute == "weight")
            Assert.Equal(read, found.Shown(attribute).GetRawText());
        Assert.Equal(
            "m",
            found.Data.GetProperty("variants")[0].GetProperty("attributes").GetProperty("size").GetString()
        );
    }

    [Theory]
    [InlineData("""{"name":"Bowl","wrong":1}""", "attributes.wrong")]
    [InlineData("""{"name":7}""", "attributes.name")]
    [InlineData("""{"name":"bowl"}""", "attributes.name")]
    [InlineData("""{"name":"B"}""", "attributes.name")]
    [InlineData("""{"name":"B12345678901234567890"}""", "attributes.name")]
    [InlineData("""{"name":"B\u0000x"}""", "attributes.name")]
    [InlineData("""{"name":"B\ud800x"}""", "attributes.name")]
    [InlineData("""{"label":{"English":"x"}}""", "attributes.label")]
    [InlineData("""{"label":{"en":7}}""", "attributes.label.en")]
    [InlineData("""{"weight":"12"}""", "attributes.weight")]
    [InlineData("""{"weight":-1}""", "attributes.weight")]
    [InlineData("""{"weight":0.12345678901234567890123456789}""", "attributes.weight")]
    [InlineData("""{"weight":1.2345678901234567890123456789}""", "attributes.weight")]
    [InlineData("""{"weight":1e400}""", "attributes.weight")]
    [InlineData("""{"weight":1e-29}""", "attributes.weight")]
    [InlineData("""{"washable":"true"}""", "attributes.washable")]
    [InlineData("""{"colour":"green"}""", "attributes.colour")]
    [InlineData("""{"made":"2026-02-29"}""", "attributes.made")]
    [InlineData("""{"made":"1999-12-31"}""", "attributes.made")]
    [InlineData("""{"since":"2026-11-23T08:30:00"}""", "attributes.since")]
    [InlineData("""{"since":"2026-11-23T25:30:00Z"}""", "attributes.since")]
    [InlineData("""{"deposit":{"amount":0,"currency":"EUR"}}""", "attributes.deposit")]
    [InlineData("""{"deposit":{"amount":1,"currency":"XXX"}}""", "attributes.deposit")]
    [InlineData("""{"deposit":{"amount":1.5,"currency":"EUR"}}""", "attributes.deposit")]
    [InlineData("""{"length":{"value":1,"unit":"m"}}""", "attributes.length")]
    [InlineData("""{"length":{"value":101,"unit":"cm"}}""", "attributes.length")]
    [InlineData("""{"goesWith":"a b"}""", "attributes.goesWith")]
    [InlineData("""{"tags":"a"}""", "attributes.tags")]
    [InlineData("""{"tags":["a",7]}""", "attributes.tags[1]")]
    [InlineData("""{"tags":["a",null]}""", "attributes.tags[1]")]
    [InlineData("""{"size":"m"}""", "attributes.size")]
    public async Task A_wrong_value_is_named_by_its_path_and_nothing_is_written(string attributes, string path)
    {
        var type = await Kinds();
        var before = await shop.Query<long>("select count(*) from products");

        (await shop.TryTyped(type, attributes, """{"size":"m"}""")).Refused(400, "PRODUCT_INVALID", path);

        Assert.Equal(before, await shop.Query<long>("select count(*) from products"));
    }

    [Theory]
    [InlineData("""{"size":"xl"}""")]
    [InlineData("{}")]
    [InlineData("""{"size":null}""")]
    public async Task A_variant_has_a_path_of_its_own(string ofVariant) =>
        (await shop.TryTyped(await Kinds(), "{}", ofVariant)).Refused(
            400,
            "PRODUCT_INVALID",
            "variants[0].attributes.size"
        );

    [Fact]
    public async Task The_type_that_everything_has_by_itself_has_no_attributes()
    {
        (await shop.TryTyped("default", """{"name":"x"}""")).Refused(400, "PRODUCT_INVALID", "attributes.name");
    }

    [Fact]
    public async Task A_reference_names_what_exists()
    {
        var type = await Kinds();
        var other = shop.Fresh();
        await shop.NewProduct(other);

        (await shop.TryTyped(type, """{"goesWith":"no-such"}""", """{"size":"m"}""")).Refused(
            422,
            "UNKNOWN_REFERENCE",
            "attributes.goesWith"
        );
        await shop.NewTyped(type, $$"""{"goesWith":"{{other}}"}""", """{"size":"m"}""");
    }

    [Fact]
    public async Task A_patch_merges_attributes_and_null_takes_one_away()
    {
        var made = await shop.NewTyped(
            await Kinds(),
            """{"name":"Bowl","weight":2,"label":{"en":"Bowl","de":"Schale"}}""",
            """{"size":"m"}"""
        );
        var path = $"{Types.Products}/{made.Value("id")}";

        var changed = (
            await shop.Staff.Patch(
                path,
                """{"attributes":{"weight":null,"name":"Cup","label":{"de":null,"fr":"Bol"}}}""",
                made.Tag
            )
        ).Is(200);
        var same = (await shop.Staff.Patch(path, """{"attributes":{"name":"Cup"}}""", changed.Tag)).Is(200);
        var cleared = (await shop.Staff.Patch(path, """{"attributes":null}""", same.Tag)).Is(200);

        Assert.Equal("""{"name":"Cup","label":{"en":"Bowl","fr":"Bol"}}""", Raw(changed));
        Assert.Equal("2", same.Value("version"));
        Assert.Equal(("3", "{}"), (cleared.Value("version"), Raw(cleared)));
        Assert.Equal(
            "m",
            cleared.Data.GetProperty("variants")[0].GetProperty("attributes").GetProperty("size").GetString()
        );
        (await shop.Staff.Patch(path, """{"attributes":{"name":7}}""", cleared.Tag)).Refused(
            400,
            "PRODUCT_INVALID",
            "attributes.name"
        );
    }

    [Fact]
    public async Task Variants_that_are_listed_without_attributes_keep_theirs_and_new_ones_are_checked()
    {
        var made = await shop.NewTyped(await Kinds(), "{}", """{"size":"m"}""");
        var (path, sku) = (
            $"{Types.Products}/{made.Value("id")}",
            made.Data.GetProperty("variants")[0].GetProperty("sku")
        );

        var kept = (
            await shop.Staff.Patch(path, $$"""{"variants":[{"sku":{{sku.GetRawText()}},"stock":3}]}""", made.Tag)
        ).Is(200);
        var refused = await shop.Staff.Patch(
            path,
            $$"""{"variants":[{"sku":{{sku.GetRawText()}}},{"sku":"{{shop.Fresh("v")}}"}]}""",
            kept.Tag
        );

        Assert.Equal(
            "m",
            kept.Data.GetProperty("variants")[0].GetProperty("attributes").GetProperty("size").GetString()
        );
        refused.Refused(400, "PRODUCT_INVALID", "variants[1].attributes.size");
    }

    [Fact]
    public async Task A_default_stands_where_nothing_was_given_and_what_is_required_must_be()
    {
        var type = await shop.NewType(
            """{"key":"brand","kind":"text","required":true,"default":"none"},{"key":"year","kind":"number","required":true}"""
        );

        (await shop.TryTyped(type, "{}")).Refused(400, "PRODUCT_INVALID", "attributes.year");
        var made = await shop.NewTyped(type, """{"year":2026}""");

        Assert.Equal("""{"year":2026,"brand":"none"}""", Raw(made));
    }

    [Fact]
    public async Task A_unique_value_is_had_once_even_by_two_writers_at_once()
    {
        var type = await shop.NewType(
            """{"key":"ean","kind":"text","maxLength":13,"unique":true},{"key":"no","kind":"number","unique":true,"level":"variant"}"""
        );
        var first = await shop.NewTyped(type, """{"ean":"4006381333931"}""", """{"no":1.0}""");

        (await shop.TryTyped(type, """{"ean":"4006381333931"}""")).Refused(
            409,
            "ATTRIBUTE_VALUE_TAKEN",
            "attributes.ean"
        );
        (await shop.TryTyped(type, "{}", """{"no":1}""")).Refused(
            409,
            "ATTRIBUTE_VALUE_TAKEN",
            "variants[0].attributes.no"
        );
        var race = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.TryTyped(type, """{"ean":"1"}""")));
        Assert.Single(race, answer => answer.Status == 201);
        Assert.Equal(7, race.Count(answer => answer.Status == 409));
        (
            await shop.Staff.Patch(
                $"{Types.Products}/{first.Value("id")}",
                """{"attributes":{"ean":null}}""",
                first.Tag
            )
        ).Is(200);
        await shop.NewTyped(type, """{"ean":"4006381333931"}""");
        await shop.IsWhole();
    }

    [Fact]
    public async Task GraphQL_lists_attributes_by_key_with_JSON_values()
    {
        var made = await shop.NewTyped(
            await Kinds(),
            """{"weight":1.5,"label":{"en":"Bowl"},"tags":["a"]}""",
            """{"size":"s"}"""
        );

        var answer = await shop.Stranger.Post(
            "/graphql",
            new
            {
                query = $$"""
                { product(id: "{{made.Value("id")}}") { typeVersion attributes { key value }
                  some: attributes(keys: ["tags"]) { value } variants { attributes { key value } } } }
                """,
            }
        );

        var product = answer.Is(200).Data.GetProperty("product");
        Assert.Equal(
            """[{"key":"label","value":{"en":"Bowl"}},{"key":"tags","value":["a"]},{"key":"weight","value":1.5}]""",
            product.GetProperty("attributes").GetRawText()
        );
        Assert.Equal("""[{"value":["a"]}]""", product.GetProperty("some").GetRawText());
        Assert.Equal(
            "s",
            product.GetProperty("variants")[0].GetProperty("attributes")[0].GetProperty("value").GetString()
        );
    }

    [Fact]
    public async Task Writing_a_typed_product_costs_few_statements_and_reading_one()
    {
        var type = await shop.NewType(
            """{"key":"name","kind":"text"},{"key":"size","kind":"text","level":"variant"}"""
        );
        await shop.NewTyped(type, """{"name":"x"}""", """{"size":"m"}""");

        var made = await shop.NewTyped(type, """{"name":"y"}""", """{"size":"m"}""");

        Assert.InRange(made.Statements, 1, 8);
        Assert.Equal(1, (await shop.Stranger.Get($"{Types.Products}/{made.Value("id")}")).Statements);
    }

    static string Raw(Answer answer) => answer.Data.GetProperty("attributes").GetRawText();
}
