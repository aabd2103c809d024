using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Catalog.Products;
using Kontor.Catalog.Tests.ProductTypes;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Bulk;

public sealed class WriteProductsTests(Shop shop) : IClassFixture<Shop>
{
    static string Plain(string key, string title = "A cup", string? sku = null, string more = "") =>
        $$"""{"key":"{{key}}","title":"{{title}}","variants":[{"sku":"{{sku ?? $"S-{key}"}}"}]{{more}}}""";

    [Fact]
    public async Task A_line_creates_what_is_not_there_changes_what_is_another_and_leaves_what_stands()
    {
        var key = shop.Fresh();

        var first = await shop.Write(Plain(key), Plain($"{key}-b"));
        var second = await shop.Write(Plain(key), Plain($"{key}-b", "Another cup"), Plain($"{key}-c"));

        Assert.Equal((2, 0, 0, 0), first.Sum());
        Assert.Equal((1, 1, 1, 0), second.Sum());
        Assert.Equal(["unchanged", "updated", "created"], second.SkipLast(1).Select(line => line.Text("status")));
        Assert.Equal(["1", "2", "1"], second.SkipLast(1).Select(line => line.Text("version")));
        Assert.Equal(["1", "2", "3"], second.SkipLast(1).Select(line => line.Text("line")));
        var read = (await shop.Stranger.Get($"/api/v1/products/{second[1].Text("id")}")).Is(200);
        Assert.Equal(("Another cup", $"{key}-b"), (read.Value("title"), read.Value("key")));
        Assert.StartsWith("catalog", second[^1].Text("position"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_writes_and_journals_nothing()
    {
        var key = shop.Fresh();
        var type = await shop.NewType(
            """{"key":"weight","kind":"number"},{"key":"size","kind":"text","level":"variant"}"""
        );
        string[] lines =
        [
            $$$"""
                {"key":"{{{key}}}","title":"T","type":"{{{type}}}","description":"D","attributes":{"weight":1.50},"variants":[{"sku":"{{{key}}}","stock":3,"prices":[{"amount":5,"currency":"SEK"},{"amount":3,"currency":"EUR"}],"attributes":{"size":"L"}}]}
                """,
            Plain($"{key}-b"),
        ];
        await shop.Write(lines);
        var (journaled, moved) = (
            await shop.Journaled(),
            await shop.Query<long>("select count(*) from stock_movements")
        );
        var written = await shop.Query<uint>("select max(xmin::text::bigint)::oid from products");

        var again = await shop.Write(lines);

        Assert.Equal((0, 0, 2, 0), again.Sum());
        Assert.Equal(
            (journaled, moved, written),
            (
                await shop.Journaled(),
                await shop.Query<long>("select count(*) from stock_movements"),
                await shop.Query<uint>("select max(xmin::text::bigint)::oid from products")
            )
        );
        Assert.Equal("", again[^1].Text("position"));
    }

    [Fact]
    public async Task A_count_alone_is_a_change()
    {
        var key = shop.Fresh();
        string Counted(int stock) =>
            $$"""{"key":"{{key}}","title":"T","variants":[{"sku":"{{key}}","stock":{{stock}}}]}""";
        await shop.Write(Counted(3));

        Assert.Equal((0, 1, 0, 0), (await shop.Write(Counted(4))).Sum());
        Assert.Equal(
            4,
            await shop.Query<long>(
                "select on_hand from stock s join variants v on v.id = s.variant where sku = $1",
                key
            )
        );
    }

    [Fact]
    public async Task One_bad_line_fails_alone_and_says_why()
    {
        var key = shop.Fresh();
        var type = await shop.NewType("""{"key":"n","kind":"number"},{"key":"u","kind":"number","unique":true}""");
        await shop.Write(Plain(key, sku: $"{key}-taken"));
        var before = await shop.Query<long>("select count(*) from products");

        var told = await shop.Write(
            Plain($"{key}-1"),
            Plain($"{key}-2", sku: $"{key}-taken"),
            "{",
            Plain($"{key}-4", more: """,  "slug":"No Slug" """),
            Plain($"{key}-5", more: $",\"type\":\"{type}\",\"attributes\":{{\"n\":\"text\",\"x\":1}}"),
            Plain($"{key}-6", more: ",\"categories\":[\"nowhere\"]"),
            Plain($"{key}-7", more: ",\"type\":\"nothing\""),
            "[]",
            Plain($"{key}-9", more: $",\"type\":\"{type}\",\"attributes\":{{\"u\":1}}"),
            Plain($"{key}-10", more: $",\"type\":\"{type}\",\"attributes\":{{\"u\":1}}"),
            Plain($"{key}-11", sku: $"S-{key}-1"),
            Plain(key, more: $",\"type\":\"{type}\""),
            "null",
            Plain($"{key}-14", more: ",\"colour\":\"red\""),
            "",
            Plain($"{key}-16")
        );

        Assert.Equal(
            [
                ("1", "created", "", ""),
                ("2", "rejected", "SKU_TAKEN", ""),
                ("3", "rejected", "MALFORMED_BODY", ""),
                ("4", "rejected", "PRODUCT_INVALID", "slug"),
                ("5", "rejected", "PRODUCT_INVALID", "attributes.x attributes.n"),
                ("6", "rejected", "UNKNOWN_CATEGORY", ""),
                ("7", "rejected", "UNKNOWN_PRODUCT_TYPE", ""),
                ("8", "rejected", "MALFORMED_BODY", ""),
                ("9", "created", "", ""),
                ("10", "rejected", "ATTRIBUTE_VALUE_TAKEN", "attributes.u"),
                ("11", "rejected", "SKU_TAKEN", ""),
                ("12", "rejected", "PRODUCT_INVALID", "type"),
                ("13", "rejected", "MALFORMED_BODY", ""),
                ("14", "rejected", "MALFORMED_BODY", "colour"),
                ("16", "created", "", ""),
            ],
            told.SkipLast(1)
                .Select(line =>
                    (
                        line.Text("line"),
                        line.Text("status"),
                        line.Text("code"),
                        line.TryGetProperty("errors", out var errors)
                            ? string.Join(' ', errors.EnumerateObject().Select(error => error.Name))
                            : ""
                    )
                )
        );
        Assert.Equal(before + 3, await shop.Query<long>("select count(*) from products"));
        await shop.IsWhole();
    }

    [Fact]
    public async Task A_key_that_comes_twice_is_written_twice_in_order()
    {
        var key = shop.Fresh();

        var told = await shop.Write(Plain(key, "First"), Plain(key, "Second"), Plain(key, "Second"));

        Assert.Equal((1, 1, 1, 0), told.Sum());
        Assert.Equal("Second", await shop.Query<string>("select title from products where key = $1", key));
    }

    /// <summary>A member that joins the request for one product must come through here, too, or it would be lost silently:
    /// every member has its sample, and what is written by a line is what is written alone.</summary>
    [Fact]
    public async Task Every_member_of_a_product_arrives_whether_it_is_created_by_a_line_or_changed()
    {
        var type = await shop.NewType("""{"key":"a","kind":"number"},{"key":"b","kind":"text","level":"variant"}""");
        var category = shop.Fresh("shelf");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Shelf" })).Is(201);
        var key = shop.Fresh("whole");
        JsonObject Sample(string name) =>
            new()
            {
                ["key"] = name,
                ["title"] = "The title",
                ["type"] = type,
                ["slug"] = name,
                ["description"] = "The description",
                ["categories"] = new JsonArray(category),
                ["publication"] = new JsonObject { ["until"] = "2999-01-01T00:00:00Z" },
                ["body"] = "<p>The body</p>",
                ["seo"] = new JsonObject { ["title"] = "The page" },
                ["translations"] = new JsonObject
                {
                    ["de"] = new JsonObject
                    {
                        ["title"] = "Der Titel",
                        ["seo"] = new JsonObject { ["title"] = "Die Seite" },
                    },
                },
                ["attributes"] = new JsonObject { ["a"] = 1 },
                ["options"] = new JsonArray(
                    new JsonObject { ["key"] = "size", ["values"] = new JsonArray(new JsonObject { ["key"] = "xl" }) }
                ),
                ["variants"] = new JsonArray(
                    new JsonObject
                    {
                        ["sku"] = name,
                        ["prices"] = new JsonArray(new JsonObject { ["amount"] = 1, ["currency"] = "EUR" }),
                        ["stock"] = 1,
                        ["attributes"] = new JsonObject { ["b"] = "c" },
                        ["options"] = new JsonObject { ["size"] = "xl" },
                    }
                ),
            };
        string[] members = [.. Members(typeof(CreateProduct.Request)).Order(StringComparer.Ordinal)];
        Assert.Equal(members, Sample(key).Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            Members(typeof(VariantRequest)).Order(StringComparer.Ordinal),
            Sample(key)["variants"]![0]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)
        );

        (await shop.Staff.Post(Types.Products, Sample($"{key}-one").ToJsonString())).Is(201);
        await shop.Write(Plain($"{key}-sec", sku: $"{key}-sec", more: $",\"type\":\"{type}\""));
        var told = await shop.Write(
            Sample($"{key}-two").ToJsonString(),
            Sample($"{key}-tri").ToJsonString(),
            Sample($"{key}-sec").ToJsonString()
        );

        Assert.Equal((2, 1, 0, 0), told.Sum());
        var alone = await Shown($"{key}-one");
        Assert.Contains("2999", alone, StringComparison.Ordinal);
        Assert.Equal(alone, await Shown($"{key}-two"));
        Assert.Equal(alone, await Shown($"{key}-sec"));
    }

    [Fact]
    public async Task Lines_may_be_as_long_as_a_product_of_5_000_variants_and_no_longer()
    {
        var key = shop.Fresh();
        var tooLong = Plain($"{key}-long", more: $",\"description\":\"{new string('x', 9 << 20)}\"");

        var told = await shop.Write(Plain($"{key}-a"), tooLong, Plain($"{key}-b"));

        Assert.Equal((2, 0, 0, 1), told.Sum());
        Assert.Equal("BULK_LINE_TOO_LONG", told[1].Text("code"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-ndjson; charset=utf-16")]
    public async Task Another_kind_of_body_is_refused(string media)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", media);

        (await shop.Staff.Send(HttpMethod.Post, Lines.Path, content)).Refused(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task Nothing_is_nothing_and_a_stranger_writes_nothing()
    {
        Assert.Equal((0, 0, 0, 0), Lines.Of((await shop.TryWrite("")).Is(200).Text).Sum());
        Assert.Equal((0, 0, 0, 0), Lines.Of((await shop.TryWrite("\n \n\r\n")).Is(200).Text).Sum());
        var stranger = await shop.Stranger.Send(HttpMethod.Post, Lines.Path, Caller.Content(Plain("no"), Lines.Media));
        stranger.Refused(401, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Statements_grow_with_the_batches_and_not_with_the_lines_of_one()
    {
        var key = shop.Fresh();
        async Task<int> Cost(int lines, string mark, string title = "A cup") =>
            (
                await shop.TryWrite(
                    string.Join('\n', Enumerable.Range(0, lines).Select(i => Plain($"{key}-{mark}-{i}", title)))
                )
            ).Statements;
        await Cost(2, "warm");
        // A slug that a product had is taken for good, and what is made from a title must go round it.
        var made = (await shop.NewProduct(shop.Fresh(), title: "An old cup")).Is(201);
        (await shop.Staff.Patch($"{Types.Products}/{made.Value("id")}", new { slug = shop.Fresh("new") }, "*")).Is(200);

        Assert.Equal(await Cost(2, "few"), await Cost(190, "many"));
        Assert.Equal(await Cost(2, "old-few", "An old cup"), await Cost(190, "old-many", "An old cup"));
    }

    static IEnumerable<string> Members(Type request) =>
        request.GetConstructors().Single().GetParameters().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name!));

    /// <summary>A product without what makes it another.</summary>
    Caller Staff => new(shop.Http) { Token = Scopes.CatalogRead };

    async Task<string> Shown(string slug)
    {
        var data = (JsonObject)
            JsonNode.Parse((await Staff.Get($"{Types.Products}/{slug}?view=staff")).Is(200).Text)!["data"]!;
        foreach (var own in (string[])["id", "version", "createdAt", "updatedAt"])
            data.Remove(own);
        data["variants"]![0]!.AsObject().Remove("id");
        return data.ToJsonString().Replace(slug, "it", StringComparison.Ordinal);
    }
}
