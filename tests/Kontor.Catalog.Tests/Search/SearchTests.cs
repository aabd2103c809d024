using Dapper;
using Kontor.Catalog.Search;
using Kontor.Platform.Data;

namespace Kontor.Catalog.Tests.Search;

public sealed class SearchTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Words_find_products_and_the_last_may_be_just_begun()
    {
        var word = Word();
        await shop.NewProduct(shop.Fresh(), title: $"Samovar {word} copper");
        await shop.NewProduct(shop.Fresh(), title: $"Kettle {word}");

        Assert.Equal([$"Samovar {word} copper"], await Titles($"{word} sam"));
        Assert.Equal([$"Samovar {word} copper"], await Titles($"COPPER {word}"));
        Assert.Equal(2, (await Titles(word[..^2])).Count);
        Assert.Equal([$"Kettle {word}"], await Titles($"{word} -copper"));
        Assert.Equal([$"Kettle {word}"], await Titles($"\"kettle {word}\""));
        Assert.Equal(2, (await Titles($"{word} qqxjvk")).Count);
        Assert.Empty(await Titles($"{word} qqxjvk vvkjqx"));
    }

    [Fact]
    public async Task A_SKU_typed_whole_comes_first()
    {
        var key = shop.Fresh("exact");
        await shop.NewProduct(shop.Fresh(), title: $"Case for SKU-{key}");
        await shop.NewProduct(key, title: "The thing itself");

        Assert.Equal("The thing itself", (await Titles($"SKU-{key}"))[0]);
    }

    [Fact]
    public async Task Pages_meet_every_hit_once_with_one_statement_each()
    {
        var word = Word();
        for (var i = 0; i < 7; i++)
            await shop.NewProduct(shop.Fresh(), title: string.Join(' ', Enumerable.Repeat(word, 1 + i % 3)));

        var met = new List<string>();
        for (string? after = ""; after is not null; )
        {
            var page = (await shop.Stranger.Get($"/api/v1/search?q={word}&limit=2{after}")).Is(200);
            met.AddRange(page.Data.EnumerateArray().Select(product => product.GetProperty("id").GetString()!));
            Assert.Equal(1, page.Statements);
            after = page.Next is { } next ? $"&after={next}" : null;
        }

        Assert.Equal(7, met.Count);
        Assert.Equal(met.Distinct(), met);
    }

    [Theory]
    [InlineData("?q=a&limit=0", "VALIDATION_FAILED")]
    [InlineData("?q=a&after=x", "INVALID_CURSOR")]
    [InlineData("?q=a&after=WyJhIiwiYiJd", "INVALID_CURSOR")]
    [InlineData("?q=a&order=price", "UNKNOWN_PARAMETER")]
    [InlineData("?q=a&q=b", "UNKNOWN_PARAMETER")]
    [InlineData("?sort=position", "VALIDATION_FAILED")]
    [InlineData("?sort=colour", "VALIDATION_FAILED")]
    [InlineData("?unavailable=never", "VALIDATION_FAILED")]
    [InlineData("?category=nowhere", "VALIDATION_FAILED")]
    [InlineData("?type=nothing", "VALIDATION_FAILED")]
    [InlineData("?filter=colour:red", "VALIDATION_FAILED")]
    [InlineData("?filter=:red", "VALIDATION_FAILED")]
    [InlineData("?filter=price", "VALIDATION_FAILED")]
    [InlineData("?filter=price:", "VALIDATION_FAILED")]
    [InlineData("?filter=price:cheap", "VALIDATION_FAILED")]
    [InlineData("?filter=price:1e999..2", "VALIDATION_FAILED")]
    [InlineData("?filter=price:NaN..2", "VALIDATION_FAILED")]
    [InlineData("?filter=availability:soon", "VALIDATION_FAILED")]
    [InlineData("?filter=$channel:*", "VALIDATION_FAILED")]
    [InlineData("?filter=@colour:red", "VALIDATION_FAILED")]
    [InlineData("?facet=colour", "VALIDATION_FAILED")]
    [InlineData("?facet=price", "VALIDATION_FAILED")]
    [InlineData("?facet=price:histogram:0", "VALIDATION_FAILED")]
    [InlineData("?facet=price:histogram:-5", "VALIDATION_FAILED")]
    [InlineData("?facet=price:histogram:1e999", "VALIDATION_FAILED")]
    [InlineData("?facet=category:0..1", "VALIDATION_FAILED")]
    [InlineData("?facet=type&facet=type", "VALIDATION_FAILED")]
    [InlineData("?facet=", "VALIDATION_FAILED")]
    [InlineData("?currency=euro", "VALIDATION_FAILED")]
    [InlineData("?q=a%00", "BAD_REQUEST")]
    public async Task What_cannot_be_searched_is_refused(string query, string code) =>
        (await shop.Stranger.Get($"/api/v1/search{query}")).Refused(400, code);

    [Theory]
    [InlineData("", "QUERY_REQUIRED")]
    [InlineData("&q=", "QUERY_REQUIRED")]
    [InlineData("&q=%20", "QUERY_REQUIRED")]
    [InlineData("&q=a&facet=type", "VALIDATION_FAILED")]
    // A rank that is NaN, infinite, or in another form than ours, before the id zero.
    [InlineData("&q=a&after=WyJOYU4iLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ", "INVALID_CURSOR")]
    [InlineData("&q=a&after=WyIxZTQwMCIsIjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJd", "INVALID_CURSOR")]
    [InlineData("&q=a&after=WyIgMSIsIjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJd", "INVALID_CURSOR")]
    public async Task What_staff_cannot_search_everything_for_is_refused(string query, string code) =>
        (await Clerk.Get($"/api/v1/search?view=staff{query}")).Refused(400, code);

    [Fact]
    public async Task Staff_search_what_is_not_published_with_two_statements()
    {
        var word = Word();
        var made = await shop.Staff.Post(
            "/api/v1/products",
            new
            {
                key = shop.Fresh(),
                title = $"Draft {word}",
                variants = new[] { new { sku = shop.Fresh("sku") } },
                publication = new { state = "draft" },
            }
        );
        made.Is(201);

        Assert.Empty(await Titles(word));
        var everything = (await Clerk.Get($"/api/v1/search?view=staff&q={word}")).Is(200);
        Assert.Single(everything.Data.EnumerateArray());
        Assert.Equal(2, everything.Statements);
    }

    [Fact]
    public async Task A_query_has_at_most_200_characters()
    {
        (await shop.Stranger.Get($"/api/v1/search?q={new string('a', 201)}")).Refused(400, "VALIDATION_FAILED", "q");
        (await shop.Stranger.Get($"/api/v1/search?q={new string('a', 200)}")).Is(200);
    }

    [Theory]
    [InlineData("!!!")]
    [InlineData("' or 1=1 --")]
    [InlineData("a:* & (b | !c)")]
    [InlineData("\\ '\\'' \"")]
    [InlineData("\" -\" or or")]
    [InlineData("<-> 茶 ü\u0301")]
    [InlineData("%")]
    [InlineData(":*")]
    [InlineData("!mug & \"")]
    [InlineData("cup 😀")]
    [InlineData("-cup")]
    public async Task No_query_breaks_the_search(string query) =>
        (await shop.Stranger.Get($"/api/v1/search?q={Uri.EscapeDataString(query)}")).Is(200);

    [Fact]
    public async Task Ten_thousand_products_are_searched_by_index()
    {
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into products (id, key, type, title, slug, version, created_at, updated_at)
            select gen_random_uuid(), 'plan-' || i, 'default', 'plan ' || md5(i::text), 'plan-' || i, 1, now(), now()
            from generate_series(1, 10000) i;
            """
        );
        await shop.Analyze("products");

        await using var explain = connection
            .CreateCommand()
            .With("plan", "c4ca", "plan c4ca", DBNull.Value, Guid.Empty, 21, null, null, false);
        explain.CommandText = $"explain {FullTextSearch.Sql}";
        var plan = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));

        Assert.Contains(plan, line => line.Contains("products_search"));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on products"));
    }

    Caller Clerk => new(shop.Http) { Token = Platform.Access.Scopes.CatalogRead };

    string Word() => shop.Fresh("word").Replace("-", "x", StringComparison.Ordinal) + "zz";

    async Task<IReadOnlyList<string>> Titles(string query) =>
        [
            .. (await shop.Stranger.Get($"/api/v1/search?q={Uri.EscapeDataString(query)}"))
                .Is(200)
                .Data.EnumerateArray()
                .Select(product => product.GetProperty("title").GetString()!),
        ];
}
