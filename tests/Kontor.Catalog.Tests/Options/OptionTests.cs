using System.Text.Json.Nodes;
using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.ProductTypes;
using Npgsql;
using static Kontor.Catalog.Tests.Options.Shirts;

namespace Kontor.Catalog.Tests.Options;

public sealed class OptionTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = Shirts.Products;

    [Fact]
    public async Task A_bulk_line_leaves_options_as_they_are_where_it_says_nothing_of_them()
    {
        var line = Shirt("red/s", "blue/xl");
        await shop.Write(line.ToJsonString());
        var (swapped, titled) = (line.DeepClone().AsObject(), line.DeepClone().AsObject());
        swapped.Remove("options");
        swapped["variants"]![0]!["options"] = line["variants"]![1]!["options"]!.DeepClone();
        swapped["variants"]![1]!["options"] = line["variants"]![0]!["options"]!.DeepClone();
        titled["options"]![0]!["title"] = "Shade";
        foreach (var variant in titled["variants"]!.AsArray())
            variant!.AsObject().Remove("options");
        var strange = line.DeepClone().AsObject();
        strange.Remove("options");
        strange["key"] = shop.Fresh("strange");

        var told = await shop.Write(swapped.ToJsonString());
        var more = await shop.Write(titled.ToJsonString());
        var wrong = await shop.Write(strange.ToJsonString());

        Assert.Equal("updated", told[0].Text("status"));
        Assert.Equal("updated", more[0].Text("status"));
        Assert.Contains("variants[0].options.colour", wrong[0].Text("errors"), StringComparison.Ordinal);
        var shown = (await shop.Stranger.Get($"{Products}/{told[0].Text("id")}")).Is(200);
        Assert.Equal(["blue/xl", "red/s"], PlacesOf(shown));
        Assert.Contains("Shade", shown.Value("options"), StringComparison.Ordinal);
    }

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
        Assert.Equal(["red/s", "blue/xl"], PlacesOf(read));
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
    public async Task Two_variants_change_places_in_one_request()
    {
        var made = (await Post(Shirt("red/s", "blue/xl"))).Is(201);
        var shirt = Shirt("blue/xl", "red/s");
        Rename(shirt, made);

        var swapped = await Patch(made, new JsonObject { ["variants"] = shirt["variants"]!.DeepClone() });

        Assert.Equal(["blue/xl", "red/s"], PlacesOf(swapped.Is(200)));
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

        Assert.Equal(["red/s"], PlacesOf(changed.Is(200)));
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

        Assert.Equal(["blue/xl", "red/s"], PlacesOf(turned));
        Assert.Equal(["blue/xl", "red/s"], PlacesOf(titled));
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

        Assert.Equal(["s", "xl"], PlacesOf(narrowed));
        Assert.Equal("2", narrowed.Value("version"));
        Assert.Equal(["", ""], PlacesOf(none));
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
    public async Task A_bulk_line_that_says_what_stands_changes_nothing_and_one_with_other_values_does()
    {
        var line = Shirt("red/s", "blue/xl");
        var (swapped, titled) = (line.DeepClone(), line.DeepClone());
        swapped["variants"]![0]!["options"] = line["variants"]![1]!["options"]!.DeepClone();
        swapped["variants"]![1]!["options"] = line["variants"]![0]!["options"]!.DeepClone();
        titled["options"]![0]!["title"] = "Shade";
        string[] lines = [.. new[] { line, line, swapped, titled }.Select(one => one.ToJsonString())];

        var told = new List<string>();
        foreach (var one in lines)
            told.Add((await shop.Write(one))[0].Text("status"));

        Assert.Equal(["created", "unchanged", "updated", "updated"], told);
        var both = await shop.Write(Shirt("red/s").ToJsonString(), Shirt("blue/s", "blue/m").ToJsonString());
        Assert.Equal((2, 0, 0, 0), both.Sum());
        await shop.IsWhole();
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

    JsonObject Shirt(params string[] places) => Shirts.Shirt(shop, places);

    Task<Answer> Post(JsonObject body) => shop.Post(body);

    Task<Answer> Patch(Answer standing, JsonObject change) => shop.Patch(standing, change);
}
