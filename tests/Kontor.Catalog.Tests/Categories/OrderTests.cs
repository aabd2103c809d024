using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.Imports.Runs;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Categories;

public sealed class OrderTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = "/api/v1/products";

    Caller Reader => new(shop.Http) { Token = Scopes.CatalogRead };

    [Fact]
    public async Task Those_that_have_a_place_come_first_and_the_others_follow_oldest_first_in_pages()
    {
        var category = await Category();
        var all = await Fill(category, 9);

        (await Order(category, all[7], all[2], all[5])).Is(200);

        string[] wanted = [all[7], all[2], all[5], all[0], all[1], all[3], all[4], all[6], all[8]];
        for (var limit = 1; limit <= 10; limit++)
            Assert.Equal(wanted, await Pages(category, limit));
        Assert.Equal(all, await Pages(category, 4, sort: "age"));
        var graph = await shop.Stranger.Post(
            "/graphql",
            new { query = $"{{ products(category: \"{category}\", sort: POSITION, first: 4) {{ nodes {{ key }} }} }}" }
        );
        Assert.Equal(
            wanted.Take(4),
            graph.Is(200).Data.GetProperty("products").GetProperty("nodes").EnumerateArray().Select(p => p.Text("key"))
        );
    }

    [Fact]
    public async Task A_page_takes_two_statements_whatever_its_size()
    {
        var category = await Category();
        var all = await Fill(category, 40);
        var few = (await Order(category, all[3])).Is(200);

        var many = (await Order(category, [.. all.Reverse()])).Is(200);
        var one = (await shop.Stranger.Get($"{Products}?category={category}&sort=position&limit=1")).Is(200);
        var page = (await shop.Stranger.Get($"{Products}?category={category}&sort=position&limit=40")).Is(200);

        Assert.Equal((2, 2), (one.Statements, page.Statements));
        Assert.Equal(few.Statements, many.Statements);
        Assert.Equal(all.Reverse(), KeysOf(page));
    }

    [Fact]
    public async Task A_product_has_a_place_of_its_own_in_each_category_and_loses_it_with_the_category()
    {
        var (first, second) = (await Category(), await Category());
        var all = await Fill(first, 3, second);
        (await Order(first, all[2], all[1])).Is(200);
        (await Order(second, all[1], all[2])).Is(200);
        var id = (await shop.Query<Guid>("select id from products where key = $1", all[2])).ToString();

        (await shop.Staff.Patch($"{Products}/{id}", new { categories = new[] { second } }, "*")).Is(200);
        (await shop.Staff.Patch($"{Products}/{id}", new { categories = new[] { first, second } }, "*")).Is(200);

        Assert.Equal([all[1], all[0], all[2]], await Pages(first, 2));
        Assert.Equal([all[1], all[2], all[0]], await Pages(second, 2));
        Assert.Equal([all[1]], KeysOf((await Reader.Get($"/api/v1/categories/{first}/products/order")).Is(200)));
    }

    [Fact]
    public async Task A_change_of_the_product_leaves_its_place()
    {
        var category = await Category();
        var all = await Fill(category, 2);
        (await Order(category, all[1])).Is(200);
        var id = (await shop.Query<Guid>("select id from products where key = $1", all[1])).ToString();

        (await shop.Staff.Patch($"{Products}/{id}", new { categories = new[] { category }, title = "N" }, "*")).Is(200);
        var line =
            $$"""{"key":"{{all[1]}}","title":"O","categories":["{{category}}"],"variants":[{"sku":"{{all[1]}}"}]}""";
        Assert.Equal((0, 1, 0, 0), (await shop.Write(line)).Sum());

        Assert.Equal([all[1], all[0]], await Pages(category, 5));
    }

    [Fact]
    public async Task An_import_that_takes_a_product_out_of_other_categories_leaves_its_place()
    {
        var (category, other) = (await Category(), await Category());
        var all = await Fill(category, 2, other);
        (await Order(category, all[1], all[0])).Is(200);
        (await Order(other, all[1])).Is(200);
        var line =
            $$"""{"key":"{{all[1]}}","title":"{{all[1]}}","categories":["{{category}}"],"variants":[{"sku":"{{all[1]}}"}]}""";

        var run = await shop.Import(shop.Fresh("acme"), [line]);

        Assert.Equal((0, 1, 0, 0), run.Sums());
        Assert.Equal([all[1], all[0]], await Pages(category, 2));
        Assert.Equal([all[0]], await Pages(other, 2));
    }

    [Fact]
    public async Task What_is_not_shown_is_passed_over_and_keeps_its_place()
    {
        var category = await Category();
        var all = await Fill(category, 3);
        (await Order(category, all[2], all[1])).Is(200);
        var id = (await shop.Query<Guid>("select id from products where key = $1", all[2])).ToString();

        (await shop.Staff.Send(HttpMethod.Delete, $"{Products}/{id}", null, ("If-Match", "*"))).Is(200);
        Assert.Equal([all[1], all[0]], await Pages(category, 1));
        Assert.Equal(
            [all[2], all[1]],
            KeysOf((await Reader.Get($"/api/v1/categories/{category}/products/order")).Is(200))
        );
        (await shop.Staff.Send(HttpMethod.Post, $"{Products}/{id}/restore", null, ("If-Match", "*"))).Is(200);

        Assert.Equal([all[2], all[1], all[0]], await Pages(category, 1));
    }

    [Fact]
    public async Task What_cannot_have_a_place_is_refused_by_its_path_and_nothing_is_written()
    {
        var (category, other) = (await Category(), await Category());
        var (all, elsewhere) = (await Fill(category, 2), await Fill(other, 1));
        (await Order(category, all[1])).Is(200);

        (await Order(category, all[0], "no-such")).Refused(422, "UNKNOWN_PRODUCT", "products[1]");
        (await Order(category, all[0], elsewhere[0])).Refused(422, "PRODUCT_NOT_IN_CATEGORY", "products[1]");
        (await Order(category, all[0], all[0])).Refused(400, "VALIDATION_FAILED", "products[1]");
        (await Order(category, [.. Enumerable.Repeat(all[0], 1001)])).Refused(400, "VALIDATION_FAILED", "products");
        (await Put(category, null, all[0])).Refused(428, "PRECONDITION_REQUIRED");
        (await Put(category, "\"1\"", all[0])).Refused(412, "PRECONDITION_FAILED");
        (await Put("no-such", "*", all[0])).Refused(404, "CATEGORY_NOT_FOUND");
        (await Reader.Get("/api/v1/categories/no-such/products/order")).Refused(404, "CATEGORY_NOT_FOUND");
        (await shop.Stranger.Get($"{Products}?sort=position")).Refused(400, "VALIDATION_FAILED", "sort");
        (await shop.Stranger.Get($"{Products}?category={category}&sort=price")).Refused(
            400,
            "VALIDATION_FAILED",
            "sort"
        );
        var byAge = (await shop.Stranger.Get($"{Products}?category={category}&limit=1")).Is(200).Next;
        (await shop.Stranger.Get($"{Products}?category={category}&sort=position&after={byAge}")).Refused(
            400,
            "INVALID_CURSOR"
        );

        Assert.Equal([all[1], all[0]], await Pages(category, 2));
    }

    [Fact]
    public async Task The_same_order_again_is_no_change_and_an_empty_one_takes_all_places()
    {
        var category = await Category();
        var all = await Fill(category, 2);
        var set = (await Order(category, all[1])).Is(200);

        var again = (await Order(category, all[1])).Is(200);
        var none = (await Order(category)).Is(200);

        Assert.Equal(("\"2\"", "\"2\"", "\"3\""), (set.Tag, again.Tag, none.Tag));
        Assert.Equal(all, await Pages(category, 2));
        Assert.Equal(
            2,
            await shop.Query<long>(
                "select count(*) from journal where type = 'category.products-ordered.v1' and stream = $1",
                $"category-{category}"
            )
        );
    }

    [Fact]
    public async Task Of_two_who_order_a_category_at_once_one_is_told()
    {
        var category = await Category();
        var all = await Fill(category, 3);

        var told = await Task.WhenAll(Put(category, "\"1\"", all[1]), Put(category, "\"1\"", all[2], all[1]));

        var won = Assert.Single(told, answer => answer.Status == 200);
        Assert.Single(told, answer => answer.Status == 412);
        Assert.Equal(KeysOf(won), (await Pages(category, 5)).Take(KeysOf(won).Count));
    }

    [Fact]
    public async Task A_product_that_is_just_taken_out_is_waited_for_and_gets_no_place()
    {
        var category = await Category();
        var all = await Fill(category, 2);
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var take = connection.CreateCommand();
        take.CommandText = "delete from product_categories where product = (select id from products where key = $1)";
        take.Parameters.Add(new() { Value = all[1] });
        await take.ExecuteNonQueryAsync();

        var order = Put(category, "*", all[1], all[0]);
        while (
            await shop.Query<long>("select count(*) from pg_locks where not granted and locktype = 'transactionid'")
            == 0
        )
            Assert.False(order.IsCompleted, "It did not wait.");
        await transaction.CommitAsync();

        (await order).Refused(422, "PRODUCT_NOT_IN_CATEGORY", "products[0]");
        Assert.Equal([all[0]], await Pages(category, 5));
    }

    async Task<string> Category()
    {
        var key = shop.Fresh("ordered");
        (await shop.Staff.Post("/api/v1/categories", new { key, title = key })).Is(201);
        return key;
    }

    async Task<string[]> Fill(string category, int products, params string[] more)
    {
        string[] keys = [.. Enumerable.Range(0, products).Select(_ => shop.Fresh("placed"))];
        foreach (var key in keys)
            (
                await shop.Staff.Post(
                    Products,
                    new
                    {
                        key,
                        title = key,
                        categories = (string[])[category, .. more],
                        variants = new[] { new { sku = key } },
                    }
                )
            ).Is(201);
        return keys;
    }

    async Task<Answer> Order(string category, params string[] names) =>
        await Put(category, (await shop.Stranger.Get($"/api/v1/categories/{category}")).Is(200).Tag, names);

    Task<Answer> Put(string category, string? ifMatch, params string[] names) =>
        shop.Staff.Send(
            HttpMethod.Put,
            $"/api/v1/categories/{category}/products/order",
            Caller.Content(new { products = names }),
            ("If-Match", ifMatch)
        );

    async Task<List<string>> Pages(string category, int limit, string sort = "position")
    {
        var (met, path) = (new List<string>(), $"{Products}?category={category}&sort={sort}&limit={limit}");
        for (string? next = ""; next is not null; )
        {
            var page = (await shop.Stranger.Get(next.Length == 0 ? path : $"{path}&after={next}")).Is(200);
            met.AddRange(KeysOf(page));
            next = page.Next;
        }
        return met;
    }

    static List<string> KeysOf(Answer answer) => [.. answer.Data.EnumerateArray().Select(one => one.Text("key"))];
}
