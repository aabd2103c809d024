using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.ProductTypes;
using Npgsql;

namespace Kontor.Catalog.Tests.Options;

public sealed class OptionTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = "/api/v1/products";

    [Fact]
    public async Task A_product_shows_its_options_in_order_and_each_variant_its_values_in_REST_and_GraphQL()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);

        var read = (await shop.Stranger.Get($"{Products}/{made.Value("id")}")).Is(200);
        var graph = await shop.Stranger.Post(
            "/graphql",
            new
            {
                query = $"{{ product(id: \"{made.Value("id")}\") {{ options {{ key title values {{ key title }} }} variants {{ options {{ option value }} }} }} }}",
            }
        );

        Assert.Equal(
            """[{"key":"colour","title":"Colour","values":[{"key":"red","title":"Red"},{"key":"blue","title":"blue"}]},{"key":"size","title":"size","values":[{"key":"s","title":"s"},{"key":"m","title":"m"},{"key":"xl","title":"xl"}]}]""",
            read.Value("options")
        );
        Assert.Equal(["red/s", "blue/xl"], Places(read));
        var product = graph.Is(200).Data.GetProperty("product");
        Assert.Equal(read.Value("options"), product.GetProperty("options").ToString());
        Assert.Equal(
            """[{"option":"colour","value":"blue"},{"option":"size","value":"xl"}]""",
            product.GetProperty("variants")[1].GetProperty("options").ToString()
        );
    }

    [Fact]
    public async Task A_product_without_options_is_what_it_was()
    {
        var made = await shop.NewProduct(shop.Fresh());

        Assert.Equal("[]", made.Value("options"));
        Assert.False(made.Data.GetProperty("variants")[0].TryGetProperty("options", out _));
        Assert.Equal(
            0,
            await shop.Query<long>(
                "select count(*) from products p join variants v on v.product = p.id where p.key = $1 and (p.options, v.options) is not null",
                made.Value("key")
            )
        );
    }

    [Theory]
    [InlineData("red/huge", "variants[0].options.size")]
    [InlineData("red/", "variants[0].options.size")]
    [InlineData("red", "variants[0].options.size")]
    [InlineData("", "variants[0].options.colour")]
    [InlineData("red/s/wool", "variants[0].options.cloth")]
    [InlineData("red/s red/s", "variants[1].options")]
    public async Task What_a_variant_lacks_or_nobody_knows_is_refused_by_its_path(string places, string path) =>
        (await Post(Shirt(places.Split(' ')))).Refused(400, "PRODUCT_INVALID", path);

    [Theory]
    [InlineData("""[{"key":"a b","values":[{"key":"x"}]}]""", "options[0].key")]
    [InlineData("""[{"key":"a","values":[{"key":"x"}]},{"key":"a","values":[{"key":"x"}]}]""", "options[1].key")]
    [InlineData("""[{"key":"a","title":"<b>","values":[{"key":"x"}]}]""", "options[0].title")]
    [InlineData("""[{"key":"a","values":[]}]""", "options[0].values")]
    [InlineData("""[{"key":"a","values":[{"key":"x"},{"key":"x"}]}]""", "options[0].values[1].key")]
    [InlineData("""[{"key":"a","values":[{"key":"x","title":" "}]}]""", "options[0].values[0].title")]
    [InlineData("""[{"key":"a","values":[null]}]""", "options[0].values[0]")]
    [InlineData("[null]", "options[0]")]
    public async Task Options_that_are_none_are_refused_by_their_path(string options, string path)
    {
        var (key, line) = (shop.Fresh(), new JsonObject());
        (line["key"], line["title"], line["options"]) = (key, "T", JsonNode.Parse(options));
        line["variants"] = new JsonArray(new JsonObject { ["sku"] = key });

        var alone = await shop.Staff.Post(Products, line.ToJsonString());
        var told = await shop.Write(line.ToJsonString());

        Assert.Contains(path, alone.Is(400).Json.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Contains(path, told[0].GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task There_are_at_most_5_options_of_1_000_values()
    {
        JsonObject Wide(int options, int values)
        {
            var wide = Shirt();
            wide["options"] = new JsonArray([
                .. Enumerable
                    .Range(0, options)
                    .Select(i => new JsonObject
                    {
                        ["key"] = $"o{i}",
                        ["values"] = new JsonArray([
                            .. Enumerable.Range(0, values).Select(j => new JsonObject { ["key"] = $"v{j}" }),
                        ]),
                    }),
            ]);
            wide["variants"] = new JsonArray(
                new JsonObject
                {
                    ["sku"] = shop.Fresh(),
                    ["options"] = new JsonObject(
                        Enumerable.Range(0, options).Select(i => KeyValuePair.Create($"o{i}", (JsonNode?)"v0"))
                    ),
                }
            );
            return wide;
        }

        (await Post(Wide(6, 1))).Refused(400, "PRODUCT_INVALID", "options");
        (await Post(Wide(1, 1001))).Refused(400, "PRODUCT_INVALID", "options[0].values");
        (await Post(Wide(5, 1000))).Is(201);
    }

    [Fact]
    public async Task Two_variants_change_places_in_one_request()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);
        var shirt = Shirt("blue/xl", "red/s");
        Rename(shirt, made);

        var swapped = await Patch(made, new JsonObject { ["variants"] = shirt["variants"]!.DeepClone() });

        Assert.Equal(["blue/xl", "red/s"], Places(swapped.Is(200)));
        Assert.Equal(
            [.. made.Data.GetProperty("variants").EnumerateArray().Select(v => v.Text("sku"))],
            swapped.Data.GetProperty("variants").EnumerateArray().Select(v => v.Text("sku"))
        );
    }

    [Fact]
    public async Task A_new_variant_takes_the_place_of_one_that_goes()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);
        var next = Shirt("red/s");

        var changed = await Patch(made, new JsonObject { ["variants"] = next["variants"]!.DeepClone() });

        Assert.Equal(["red/s"], Places(changed.Is(200)));
        Assert.NotEqual(Sku(made, 0), Sku(changed, 0));
    }

    [Fact]
    public async Task What_a_change_leaves_out_stays_and_what_is_the_same_is_no_change()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);
        var bare = new JsonArray(new JsonObject { ["sku"] = Sku(made, 1) }, new JsonObject { ["sku"] = Sku(made, 0) });

        var turned = (await Patch(made, new JsonObject { ["variants"] = bare })).Is(200);
        var titled = (await Patch(turned, new JsonObject { ["title"] = "Another" })).Is(200);
        var same = (await Patch(titled, new JsonObject { ["options"] = Shirt()["options"]!.DeepClone() })).Is(200);

        Assert.Equal(["blue/xl", "red/s"], Places(turned));
        Assert.Equal(["blue/xl", "red/s"], Places(titled));
        Assert.Equal(("3", titled.Tag), (same.Value("version"), same.Tag));
    }

    [Fact]
    public async Task A_value_that_a_variant_has_cannot_go_and_an_option_goes_with_what_variants_have_of_it()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);
        var options = Shirt()["options"]!.AsArray();
        var noXl = options.DeepClone().AsArray();
        noXl[1]!["values"]!.AsArray().RemoveAt(2);
        var onlySize = new JsonArray(options[1]!.DeepClone());

        (await Patch(made, new JsonObject { ["options"] = noXl })).Refused(
            400,
            "PRODUCT_INVALID",
            "variants[1].options.size"
        );
        var narrowed = (await Patch(made, new JsonObject { ["options"] = onlySize })).Is(200);
        var none = (await Patch(narrowed, new JsonObject { ["options"] = new JsonArray() })).Is(200);

        Assert.Equal(["s", "xl"], Places(narrowed));
        Assert.Equal("2", narrowed.Value("version"));
        Assert.Equal(["", ""], Places(none));
        (await Patch(none, new JsonObject { ["options"] = options.DeepClone() })).Refused(
            400,
            "PRODUCT_INVALID",
            "variants[0].options.colour"
        );
    }

    [Fact]
    public async Task An_option_cannot_go_where_two_variants_would_be_the_same()
    {
        var made = (await Post(Shirt("red/s", "blue/s"))).Is(201);
        var onlySize = new JsonArray(Shirt()["options"]![1]!.DeepClone());

        (await Patch(made, new JsonObject { ["options"] = onlySize })).Refused(
            400,
            "PRODUCT_INVALID",
            "variants[1].options"
        );
    }

    [Fact]
    public async Task The_database_holds_no_two_variants_of_a_product_with_the_same_values()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);

        var twice = await Assert.ThrowsAsync<PostgresException>(() =>
            shop.Query<object>(
                """update variants set options = '{"size": "s", "colour": "red"}' where sku = $1 returning 1""",
                Sku(made, 1)
            )
        );

        Assert.Equal("variant_options_once", twice.ConstraintName);
    }

    [Fact]
    public async Task Of_two_who_give_two_variants_one_place_at_once_one_is_told()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);
        JsonObject To(string first, string second)
        {
            var shirt = Shirt(first, second);
            Rename(shirt, made);
            return new() { ["variants"] = shirt["variants"]!.DeepClone() };
        }

        var told = await Task.WhenAll(
            Patch(made, To("red/m", "blue/xl")),
            Patch(made, To("red/s", "red/m")),
            Patch(made, To("red/m", "blue/m"))
        );

        Assert.Single(told, answer => answer.Status == 200);
        Assert.Equal(2, told.Count(answer => answer.Status == 412));
        await shop.IsWhole();
    }

    [Fact, Trait("Kind", "slow")]
    public async Task Five_thousand_variants_take_the_statements_of_two()
    {
        JsonObject Grid(int width)
        {
            var key = shop.Fresh("grid");
            JsonObject Axis(string axis) =>
                new()
                {
                    ["key"] = axis,
                    ["values"] = new JsonArray([
                        .. Enumerable.Range(0, width).Select(i => new JsonObject { ["key"] = $"v{i}" }),
                    ]),
                };
            return new()
            {
                ["key"] = key,
                ["title"] = key,
                ["options"] = new JsonArray(Axis("x"), Axis("y")),
                ["variants"] = new JsonArray([
                    .. Enumerable
                        .Range(0, Math.Min(width * width, 5000))
                        .Select(i => new JsonObject
                        {
                            ["sku"] = $"{key}.{i}",
                            ["options"] = new JsonObject { ["x"] = $"v{i / width}", ["y"] = $"v{i % width}" },
                        }),
                ]),
            };
        }
        var few = (await Post(Grid(2))).Is(201);

        var many = (await Post(Grid(71))).Is(201);

        Assert.Equal(few.Statements, many.Statements);
        Assert.Equal(5000, many.Data.GetProperty("variants").GetArrayLength());
        var onlyX = new JsonObject { ["options"] = new JsonArray(Grid(71)["options"]![0]!.DeepClone()) };
        (await Patch(many, onlyX)).Refused(400, "PRODUCT_INVALID", "variants[1].options");
        var turned = Grid(71);
        foreach (var variant in turned["variants"]!.AsArray())
            variant!["options"] = new JsonObject
            {
                ["x"] = variant["options"]!["y"]!.ToString(),
                ["y"] = variant["options"]!["x"]!.ToString(),
            };
        Rename(turned, many);
        var patched = (await Patch(many, new JsonObject { ["variants"] = turned["variants"]!.DeepClone() })).Is(200);
        Assert.Equal("v0/v1", patched.Data.GetProperty("variants")[71].Place());
    }

    /// <summary>A shirt with a variant at each of these places: a colour, a size and a cloth, joined by a slash.</summary>
    JsonObject Shirt(params string[] places)
    {
        var key = shop.Fresh("shirt");
        string[] names = ["colour", "size", "cloth"];
        return new()
        {
            ["key"] = key,
            ["title"] = "A shirt",
            ["options"] = JsonNode.Parse(
                """
                [{"key":"colour","title":"Colour","values":[{"key":"red","title":"Red"},{"key":"blue"}]},
                 {"key":"size","values":[{"key":"s"},{"key":"m"},{"key":"xl"}]}]
                """
            ),
            ["variants"] = new JsonArray([
                .. places.Select(
                    (place, i) =>
                        new JsonObject
                        {
                            ["sku"] = $"{key}.{i}",
                            ["options"] = new JsonObject(
                                place
                                    .Split('/', StringSplitOptions.RemoveEmptyEntries)
                                    .Zip(names, (value, name) => KeyValuePair.Create(name, (JsonNode?)value))
                            ),
                        }
                ),
            ]),
        };
    }

    static void Rename(JsonObject shirt, Answer standing)
    {
        var variants = shirt["variants"]!.AsArray();
        for (var i = 0; i < variants.Count; i++)
            variants[i]!["sku"] = Sku(standing, i);
    }

    Task<Answer> Post(JsonObject body) => shop.Staff.Post(Products, body.ToJsonString());

    Task<Answer> Patch(Answer standing, JsonObject change) =>
        shop.Staff.Patch($"{Products}/{standing.Value("id")}", change.ToJsonString(), standing.Tag);

    static string Sku(Answer product, int i) => product.Data.GetProperty("variants")[i].Text("sku");

    static IEnumerable<string> Places(Answer product) =>
        product.Data.GetProperty("variants").EnumerateArray().Select(variant => variant.Place());
}

static class Placed
{
    /// <summary>The values of a variant, joined by a slash.</summary>
    public static string Place(this JsonElement variant) =>
        variant.TryGetProperty("options", out var options)
            ? string.Join('/', options.EnumerateObject().Select(option => option.Value.ToString()))
            : "";
}
