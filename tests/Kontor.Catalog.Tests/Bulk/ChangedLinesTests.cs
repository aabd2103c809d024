using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Catalog.Tests.ProductTypes;
using Kontor.Kernel;

namespace Kontor.Catalog.Tests.Bulk;

/// <summary>Products that change by the hundred.</summary>
public sealed class ChangedLinesTests(Shop shop) : IClassFixture<Shop>
{
    const string Attributes = """
        {"key":"n","kind":"number"},{"key":"u","kind":"number","unique":true},{"key":"size","kind":"text","level":"variant"},
        {"key":"like","kind":"reference","to":"product"}
        """;

    [Fact]
    public async Task Statements_do_not_grow_with_the_lines_that_change()
    {
        var (key, type, shelf) = (shop.Fresh(), await shop.NewType(Attributes), await Shelf());
        var first = (await shop.NewProduct(shop.Fresh())).Value("key");
        string[] Some(int count, string mark, int round) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => Line($"{key}-{mark}-{i}", type, count + i, round, shelf, first)),
            ];
        foreach (var (count, mark) in ((int, string)[])[(2, "few"), (190, "many")])
            Assert.Equal(count, (await shop.Write(Some(count, mark, 0))).Sum().Item1);
        async Task<int> Cost(int count, string mark, int round)
        {
            var answer = (await shop.TryWrite(string.Join('\n', Some(count, mark, round)))).Is(200);
            Assert.Equal((0, count, 0, 0), Lines.Of(answer.Text).Sum());
            return answer.Statements;
        }
        await Cost(2, "few", 1);

        Assert.Equal(await Cost(2, "few", 2), await Cost(190, "many", 2));
        await shop.IsWhole();
    }

    /// <summary>What a line changes among others is what it changes alone.</summary>
    [Fact]
    public async Task What_is_changed_together_is_what_is_changed_alone()
    {
        var (key, type, shelf) = (shop.Fresh(), await shop.NewType(Attributes), await Shelf());
        var first = (await shop.NewProduct(shop.Fresh())).Value("key");
        string[] names = [$"{key}-a", $"{key}-b", $"{key}-c"];
        await shop.Write(names.Select((name, i) => Line(name, type, 1 + i, 0, null, first)));
        var line = JsonNode.Parse(Line(names[0], type, 10, 1, shelf, first))!.AsObject();
        line.Remove("key");
        line.Remove("type");
        (await shop.Staff.Patch($"{Types.Products}/{names[0]}", line.ToJsonString(), "*")).Is(200);

        var told = await shop.Write(
            Line(names[1], type, 11, 1, shelf, first),
            Line(names[2], type, 12, 1, shelf, first)
        );

        Assert.Equal((0, 2, 0, 0), told.Sum());
        var alone = await Shown(names[0]);
        Assert.Equal(alone, await Shown(names[1]));
        Assert.Equal(alone, await Shown(names[2]));
        Assert.Equal(await Events(names[0]), await Events(names[1]));
        Assert.Equal(
            (0, 0, 2, 0),
            (await shop.Write(told.Take(2).Select((_, i) => Line(names[i + 1], type, 11 + i, 1, shelf, first)))).Sum()
        );
        await shop.IsWhole();
    }

    [Theory]
    [InlineData("SLUG_TAKEN")]
    [InlineData("ATTRIBUTE_VALUE_TAKEN")]
    [InlineData("UNKNOWN_CATEGORY")]
    [InlineData("UNKNOWN_CHANNEL")]
    [InlineData("UNKNOWN_REFERENCE")]
    [InlineData("STOCK_BELOW_RESERVED")]
    [InlineData("PRODUCT_DELETED")]
    [InlineData("PRODUCT_INVALID")]
    public async Task One_bad_change_fails_alone_as_it_would_by_itself(string code)
    {
        var (key, type) = (shop.Fresh(), await shop.NewType(Attributes));
        var first = (await shop.NewProduct(shop.Fresh())).Value("key");
        await shop.Write(Enumerable.Range(0, 4).Select(i => Line($"{key}-{i}", type, i + 1, 0, null, first)));
        (string Member, string Value)? bad = code switch
        {
            "SLUG_TAKEN" => ("slug", $"\"{key}-0\""),
            "ATTRIBUTE_VALUE_TAKEN" => ("attributes", """{"u":1}"""),
            "UNKNOWN_CATEGORY" => ("categories", """["nowhere"]"""),
            "UNKNOWN_CHANNEL" => ("publication", """{"channels":["nowhere"]}"""),
            "UNKNOWN_REFERENCE" => ("attributes", """{"like":"nobody"}"""),
            "PRODUCT_INVALID" => ("attributes", """{"n":"text"}"""),
            "STOCK_BELOW_RESERVED" => (
                "variants",
                $$$"""[{"sku":"S-{{{key}}}-2","stock":0,"attributes":{"size":"L"}}]"""
            ),
            _ => null,
        };
        if (code == "STOCK_BELOW_RESERVED")
            await Hold($"S-{key}-2");
        if (code == "PRODUCT_DELETED")
            (await shop.Staff.Send(HttpMethod.Delete, $"{Types.Products}/{key}-2", null, ("If-Match", "*"))).Is(200);
        var line = JsonNode.Parse(Line($"{key}-2", type, 3, 1, null, first))!.AsObject();
        if (bad is var (member, value))
            line[member] = JsonNode.Parse(value);

        var told = await shop.Write(
            Line($"{key}-1", type, 2, 1, null, first),
            line.ToJsonString(),
            Line($"{key}-3", type, 4, 1, null, first)
        );

        Assert.Equal(["updated", "rejected", "updated"], told.SkipLast(1).Select(one => one.Text("status")));
        Assert.Equal(code, told[1].Text("code"));
        Assert.Equal(
            1,
            await shop.Query<long>("select version from products where key = $1", $"{key}-2")
                - (code == "PRODUCT_DELETED" ? 1 : 0)
        );
        await shop.IsWhole();
    }

    [Fact]
    public async Task Lists_without_an_order_are_the_same_in_any_and_each_member_counts_once()
    {
        var key = shop.Fresh();
        string[] shelves = [await Shelf(), await Shelf()];
        string[] channels = [shop.Fresh("channel"), shop.Fresh("channel")];
        foreach (var channel in channels)
            (await shop.Staff.Put($"/api/v1/channels/{channel}", new { title = "A channel" })).Is(201);
        string Line(string[] on, string[] shown, string prices) =>
            $$"""
                {"key":"{{key}}","title":"T","categories":{{JsonSerializer.Serialize(
                    on
                )}},"publication":{"channels":{{JsonSerializer.Serialize(
                    shown
                )}}},"variants":[{"sku":"{{key}}","prices":[{{prices}}]}]}
                """.Trim();
        const string Euro = """{"amount":1,"currency":"EUR"}""";
        const string Krona = """{"amount":9,"currency":"SEK"}""";
        await shop.Write(Line(shelves, channels, $"{Euro},{Krona}"));

        var told = await shop.Write(
            Line([.. shelves.Reverse()], [.. channels.Reverse()], $"{Krona},{Euro}"),
            Line([.. shelves, shelves[0]], [.. channels, channels[1]], $"{Euro},{Krona}"),
            Line(shelves, channels, $"{Euro},{Krona}")
        );

        Assert.Equal((0, 0, 3, 0), told.Sum());
        Assert.All(told.SkipLast(1), line => Assert.Equal("1", line.Text("version")));
        Assert.Equal((0, 1, 0, 0), (await shop.Write(Line(shelves, channels[..1], $"{Euro},{Krona}"))).Sum());
    }

    async Task<string> Shelf()
    {
        var key = shop.Fresh("shelf");
        (await shop.Staff.Post("/api/v1/categories", new { key, title = "Shelf" })).Is(201);
        return key;
    }

    async Task Hold(string sku)
    {
        var desk = new Caller(shop.Http) { Token = "catalog:reserve" };
        var held = await desk.Send(
            HttpMethod.Put,
            $"/api/v1/reservations/{Id<Shop>.New(TimeProvider.System)}",
            Caller.Content(new { lines = new[] { new { sku, quantity = 2 } } })
        );
        Assert.True(held.Status is 200 or 201, held.Text);
    }

    static string Line(string key, string type, int unique, int round, string? shelf, string like) =>
        string.Create(
                CultureInfo.InvariantCulture,
                $$$"""
                {"key":"{{{key}}}","title":"Title {{{round}}}","type":"{{{type}}}","slug":"{{{key}}}{{{(
                    round == 2 ? "-2" : ""
                )}}}","description":"D {{{round}}}","categories":[{{{(
                    shelf is null || round == 0 ? "" : $"\"{shelf}\""
                )}}}],"publication":{"until":"29{{{round:D2}}}-01-01T00:00:00Z"},"attributes":{"n":{{{round}}},"u":{{{unique
                    + (round * 1000)}}},"like":"{{{like}}}"},"variants":[{"sku":"S-{{{key}}}","stock":{{{5
                    + round}}},"prices":[{"amount":{{{100
                    + round}}},"currency":"EUR"}],"attributes":{"size":"s{{{round}}}"}}]}
                """
            )
            .Trim();

    async Task<string> Shown(string slug)
    {
        var data = (JsonObject)
            JsonNode.Parse(
                (await new Caller(shop.Http) { Token = "catalog:read" }.Get($"{Types.Products}/{slug}?view=staff"))
                    .Is(200)
                    .Text
            )!["data"]!;
        foreach (var own in (string[])["id", "createdAt", "updatedAt"])
            data.Remove(own);
        data["variants"]![0]!.AsObject().Remove("id");
        data["attributes"]!.AsObject().Remove("u");
        return data.ToJsonString().Replace(slug, "it", StringComparison.Ordinal);
    }

    Task<string> Events(string slug) =>
        shop.Query<string>(
            """
            select string_agg(j.type, ',' order by j.id) from journal j join products p on j.stream = 'product-' || p.id
            where p.slug = $1
            """,
            slug
        );
}
