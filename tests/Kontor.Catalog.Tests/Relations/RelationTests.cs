using Kontor.Catalog.Tests.Bulk;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Relations;

public sealed class RelationTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = "/api/v1/products";

    [Fact]
    public async Task Two_fields_of_a_document_have_what_they_lead_to_each_in_its_language()
    {
        var (cup, saucer) = (await New(), await New());
        (await Set(cup, "accessory", saucer.Value("key"))).Is(200);
        (
            await shop.Staff.Patch(
                $"{Products}/{saucer.Value("id")}",
                new { translations = new { de = new { title = "Untertasse" }, fr = new { title = "Soucoupe" } } },
                ifMatch: "*"
            )
        ).Is(200);
        string Field(string name, string locale) =>
            $"{name}: related(kind: ACCESSORY, first: 4, locale: \"{locale}\") {{ title }}";

        var both = await shop.Stranger.Post(
            "/graphql",
            new { query = $"{{ product(id: \"{cup.Value("id")}\") {{ {Field("a", "de-AT")} {Field("b", "fr")} }} }}" }
        );

        var product = both.Is(200).Data.GetProperty("product");
        Assert.Equal("Untertasse", product.GetProperty("a")[0].Text("title"));
        Assert.Equal("Soucoupe", product.GetProperty("b")[0].Text("title"));
    }

    [Fact]
    public async Task An_old_slug_leads_to_the_parts_of_the_product_too()
    {
        var cup = await New();
        var slug = shop.Fresh("renamed");
        (await shop.Staff.Patch($"{Products}/{cup.Value("id")}", new { slug }, ifMatch: "*")).Is(200);

        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var unled = new HttpClient(handler) { BaseAddress = shop.Http.BaseAddress };
        foreach (var part in (string[])["relations", "variants", "media"])
        {
            using var old = await unled.GetAsync($"{Products}/{cup.Value("slug")}/{part}?channel=web");
            Assert.Equal(308, (int)old.StatusCode);
            Assert.Equal($"{Products}/{slug}/{part}?channel=web", old.Headers.Location?.ToString());
        }
        (await shop.Stranger.Get($"{Products}/no-such-slug/variants")).Refused(404, "PRODUCT_NOT_FOUND");
    }

    [Fact]
    public async Task A_product_leads_to_others_by_kind_and_in_the_order_given_named_by_id_or_key()
    {
        var (cup, saucer, spoon, pot) = (await New(), await New(), await New(), await New());

        var accessories = (await Set(cup, "accessory", spoon.Value("id"), saucer.Value("key"))).Is(200);
        var better = (await Set(cup, "upsell", pot.Value("key"))).Is(200);

        Assert.Equal([spoon.Value("key"), saucer.Value("key")], KeysOf(accessories));
        Assert.Equal(("\"2\"", "\"3\""), (accessories.Tag, better.Tag));
        var all = (await shop.Stranger.Get($"{Products}/{cup.Value("slug")}/relations")).Is(200);
        Assert.Equal(["upsell", "accessory", "accessory"], all.Data.EnumerateArray().Select(one => one.Text("kind")));
        Assert.Equal([pot.Value("key"), spoon.Value("key"), saucer.Value("key")], KeysOf(all));
        Assert.Equal(KeysOf(accessories), await Shown(cup, "accessory"));
        Assert.Empty(await Shown(cup, "replacement"));
        Assert.Empty(await Shown(spoon, "accessory"));
        Assert.DoesNotContain("isShown", all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_replaces_the_one_that_stood_and_the_same_again_is_no_change()
    {
        var (cup, saucer, spoon) = (await New(), await New(), await New());
        (await Set(cup, "related", saucer.Value("key"), spoon.Value("key"))).Is(200);
        var journaled = await shop.Journaled("product.relations-set.v1");

        var same = (await Set(cup, "related", saucer.Value("key"), spoon.Value("key"))).Is(200);
        var turned = (await Set(cup, "related", spoon.Value("key"), saucer.Value("key"))).Is(200);
        var none = (await Set(cup, "related")).Is(200);

        Assert.Equal(("\"2\"", "\"3\"", "\"4\""), (same.Tag, turned.Tag, none.Tag));
        Assert.Equal([spoon.Value("key"), saucer.Value("key")], KeysOf(turned));
        Assert.Empty(KeysOf(none));
        Assert.Equal(journaled + 2, await shop.Journaled("product.relations-set.v1"));
    }

    [Fact]
    public async Task What_cannot_be_led_to_is_refused_by_its_path_and_nothing_is_written()
    {
        var (cup, saucer, gone) = (await New(), await New(), await New());
        await Delete(gone);
        var known = saucer.Value("key");

        (await Set(cup, "related", known, "no-such")).Refused(422, "UNKNOWN_PRODUCT", "products[1]");
        (await Set(cup, "related", known, "no such")).Refused(422, "UNKNOWN_PRODUCT", "products[1]");
        (await Set(cup, "related", known, Guid.Empty.ToString())).Refused(422, "UNKNOWN_PRODUCT", "products[1]");
        (await Set(cup, "related", known, gone.Value("key"))).Refused(422, "UNKNOWN_PRODUCT", "products[1]");
        (await Set(cup, "related", known, cup.Value("key"))).Refused(400, "VALIDATION_FAILED", "products[1]");
        (await Set(cup, "related", known, saucer.Value("id"))).Refused(400, "VALIDATION_FAILED", "products[1]");
        (await Set(cup, "friends", known)).Refused(400, "VALIDATION_FAILED", "kind");
        (await Set(cup, "related", [.. Enumerable.Repeat(known, 101)])).Refused(400, "VALIDATION_FAILED", "products");
        (await Put("no-such", "related", "*", known)).Refused(404, "PRODUCT_NOT_FOUND");
        (await Put(gone.Value("id"), "related", "*", known)).Refused(409, "PRODUCT_DELETED");
        (await Put(cup.Value("id"), "related", null, known)).Refused(428, "PRECONDITION_REQUIRED");
        (await Put(cup.Value("id"), "related", "\"9\"", known)).Refused(412, "PRECONDITION_FAILED");

        Assert.Empty(await Shown(cup, "related"));
        Assert.Equal("1", (await shop.Stranger.Get($"{Products}/{cup.Value("id")}")).Value("version"));
    }

    [Fact]
    public async Task Who_asks_for_what_is_not_there_is_told_so()
    {
        var cup = await New();
        (await shop.Stranger.Get($"{Products}/no-such/relations")).Refused(404, "PRODUCT_NOT_FOUND");
        (await shop.Stranger.Get($"{Products}/{cup.Value("id")}/relations?kind=friends")).Refused(
            400,
            "VALIDATION_FAILED",
            "kind"
        );
        (await shop.Stranger.Get($"{Products}/{cup.Value("id")}/relations?view=staff")).Refused(401, "UNAUTHENTICATED");
        await Delete(cup);
        (await shop.Stranger.Get($"{Products}/{cup.Value("id")}/relations")).Refused(404, "PRODUCT_NOT_FOUND");
    }

    [Fact]
    public async Task What_is_not_shown_is_hidden_for_as_long_and_staff_see_it()
    {
        var (cup, draft, gone, web) = (await New(), await New(), await New(), await New());
        var channel = shop.Fresh("channel");
        (await shop.Staff.Put($"/api/v1/channels/{channel}", new { title = "Web" })).Is(201);
        await Publish(web, new { channels = new[] { channel } });
        string[] keys = [draft.Value("key"), gone.Value("key"), web.Value("key")];
        (await Set(cup, "related", keys)).Is(200);
        Assert.Equal(keys.Take(2), await Shown(cup, "related"));

        await Publish(draft, new { state = "draft" });
        await Delete(gone);

        Assert.Empty(await Shown(cup, "related"));
        Assert.Equal([web.Value("key")], await Shown(cup, "related", $"&channel={channel}"));
        var staff = await new Caller(shop.Http) { Token = Scopes.CatalogRead }.Get(
            $"{Products}/{cup.Value("id")}/relations?view=staff"
        );
        Assert.Equal(keys, KeysOf(staff.Is(200)));
        Assert.All(staff.Data.EnumerateArray(), one => Assert.False(one.GetProperty("isShown").GetBoolean()));

        await Publish(draft, new { state = "published" });
        var restored = $"{Products}/{gone.Value("id")}/restore";
        (await shop.Staff.Send(HttpMethod.Post, restored, null, ("If-Match", "*"))).Is(200);

        Assert.Equal(keys.Take(2), await Shown(cup, "related"));
    }

    [Fact]
    public async Task A_hundred_cost_as_many_statements_as_one()
    {
        var cup = await New();
        var keys = new List<string>();
        for (var i = 0; i < 100; i++)
            keys.Add((await New()).Value("key"));

        var setOne = (await Set(cup, "related", keys[0])).Is(200);
        var readOne = (await shop.Stranger.Get($"{Products}/{cup.Value("id")}/relations")).Is(200);
        var setAll = (await Set(cup, "related", [.. keys])).Is(200);
        var readAll = (await shop.Stranger.Get($"{Products}/{cup.Value("id")}/relations")).Is(200);

        Assert.Equal(keys, KeysOf(readAll));
        Assert.Equal((1, 1), (readOne.Statements, readAll.Statements));
        Assert.Equal(setOne.Statements, setAll.Statements);
    }

    [Fact]
    public async Task Products_that_lead_to_each_other_are_written_at_once_and_nothing_is_lost()
    {
        var all = new List<Answer>();
        for (var i = 0; i < 6; i++)
            all.Add(await New());

        for (var round = 0; round < 10; round++)
        {
            var told = await Task.WhenAll(
                all.Select(
                    (one, i) =>
                        Put(
                            one.Value("id"),
                            "related",
                            "*",
                            [.. all.Where((_, j) => j != i && (j + round) % 2 == 0).Select(o => o.Value("key"))]
                        )
                )
            );
            Assert.All(told, answer => answer.Is(200));
        }

        for (var i = 0; i < all.Count; i++)
            Assert.Equal(
                all.Where((_, j) => j != i && (j + 9) % 2 == 0).Select(other => other.Value("key")),
                await Shown(all[i], "related")
            );
    }

    [Fact]
    public async Task Of_two_who_set_one_list_at_once_one_is_told()
    {
        var (cup, saucer, spoon) = (await New(), await New(), await New());

        var told = await Task.WhenAll(
            Put(cup.Value("id"), "related", cup.Tag, saucer.Value("key")),
            Put(cup.Value("id"), "related", cup.Tag, spoon.Value("key"))
        );

        var won = Assert.Single(told, answer => answer.Status == 200);
        Assert.Single(told, answer => answer.Status == 412);
        Assert.Equal(KeysOf(won), await Shown(cup, "related"));
    }

    [Fact]
    public async Task GraphQL_reads_what_a_page_leads_to_with_two_statements_for_each_level()
    {
        var category = shop.Fresh("graph");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = category })).Is(201);
        var (all, hidden) = (new List<Answer>(), await New());
        for (var i = 0; i < 6; i++)
            all.Add(await New());
        foreach (var each in all)
            (await shop.Staff.Patch($"{Products}/{each.Value("id")}", new { categories = new[] { category } }, "*")).Is(
                200
            );
        for (var i = 0; i < 6; i++)
            (
                await Set(
                    all[i],
                    "upsell",
                    hidden.Value("key"),
                    all[(i + 1) % 6].Value("key"),
                    all[(i + 2) % 6].Value("key")
                )
            ).Is(200);
        await Delete(hidden);
        async Task<Answer> Ask(int page, string related = "related(kind: UPSELL, first: 1)") =>
            await shop.Stranger.Post(
                "/graphql",
                new
                {
                    query = $"{{ products(first: {page}, category: \"{category}\") {{ nodes {{ key {related} {{ key related(kind: UPSELL, first: 3) {{ key }} accessories: related(kind: ACCESSORY, first: 3) {{ key }} }} }} }} }}",
                }
            );

        var (one, six) = ((await Ask(1)).Is(200), (await Ask(6)).Is(200));

        var nodes = six.Data.GetProperty("products").GetProperty("nodes").EnumerateArray().ToList();
        for (var i = 0; i < 6; i++)
        {
            var next = Assert.Single(nodes[i].GetProperty("related").EnumerateArray());
            Assert.Equal(all[(i + 1) % 6].Value("key"), next.Text("key"));
            Assert.Equal(
                [all[(i + 2) % 6].Value("key"), all[(i + 3) % 6].Value("key")],
                next.GetProperty("related").EnumerateArray().Select(product => product.Text("key"))
            );
            Assert.Empty(next.GetProperty("accessories").EnumerateArray());
        }
        Assert.Equal((6, 6), (one.Statements, six.Statements));
        Assert.Contains("1 to 20", (await Ask(1, "related(kind: UPSELL, first: 21)")).Text, StringComparison.Ordinal);
        Assert.Contains("first", (await Ask(1, "related(kind: UPSELL)")).Text, StringComparison.Ordinal);
    }

    async Task<Answer> New() => await shop.NewProduct(shop.Fresh());

    async Task<Answer> Set(Answer product, string kind, params string[] names)
    {
        var standing = await shop.Stranger.Get($"{Products}/{product.Value("id")}");
        return await Put(product.Value("id"), kind, standing.Is(200).Tag, names);
    }

    Task<Answer> Put(string product, string kind, string? ifMatch, params string[] names) =>
        shop.Staff.Send(
            HttpMethod.Put,
            $"{Products}/{product}/relations/{kind}",
            Caller.Content(new { products = names }),
            ("If-Match", ifMatch)
        );

    async Task Delete(Answer product) =>
        (await shop.Staff.Send(HttpMethod.Delete, $"{Products}/{product.Value("id")}", null, ("If-Match", "*"))).Is(
            200
        );

    async Task Publish(Answer product, object publication) =>
        (await shop.Staff.Patch($"{Products}/{product.Value("id")}", new { publication }, "*")).Is(200);

    async Task<List<string>> Shown(Answer product, string kind, string more = "") =>
        KeysOf((await shop.Stranger.Get($"{Products}/{product.Value("id")}/relations?kind={kind}{more}")).Is(200));

    static List<string> KeysOf(Answer answer) => [.. answer.Data.EnumerateArray().Select(one => one.Text("key"))];
}
