using Kontor.Testing;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>A product is read once, and again when the journal says that it changed.</summary>
public sealed class ProductCacheTests : IAsyncLifetime
{
    TestDatabase? database;
    Till? till;

    Till Here
    {
        get
        {
            Assert.SkipWhen(till is null, TestPostgres.WhyNot);
            return till;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!await TestPostgres.IsThere())
            return;
        database = await TestPostgres.NewDatabase();
        till = await Till.Open(database);
    }

    public async ValueTask DisposeAsync()
    {
        if (till is not null)
            await till.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task A_product_is_read_once_and_then_comes_from_memory()
    {
        await Here.Reaches(await Here.NewProduct("once"));

        var first = (await Here.Stranger.Get("/api/v1/products/once")).Is(200);
        var second = (await Here.Stranger.Get("/api/v1/products/once")).Is(200);

        Assert.Equal(1, first.Statements);
        Assert.Equal(0, second.Statements);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Tag, second.Tag);
        Assert.Equal("no-cache", second.Raw.Headers.CacheControl?.ToString());
        Assert.False(second.IsStale);
    }

    [Fact]
    public async Task A_read_with_the_position_of_a_write_shows_that_write()
    {
        await Here.Reaches(await Here.NewProduct("renamed"));
        await Here.Stranger.Get("/api/v1/products/renamed");

        for (var n = 0; n < 20; n++)
        {
            var wrote = await Here.Rename("renamed", $"Title {n}");
            var read = await Here.Stranger.ReadAt("/api/v1/products/renamed", wrote.Position);

            Assert.Equal($"Title {n}", read.Is(200).Value("title"));
            Assert.False(read.IsStale);
        }
    }

    [Fact]
    public async Task A_position_that_is_none_is_refused() =>
        (await Here.Stranger.ReadAt("/api/v1/products/none", "yesterday")).Refused(400, "POSITION_MALFORMED");

    [Fact]
    public async Task A_change_of_a_price_of_stock_and_of_a_picture_shows()
    {
        await Here.Reaches(await Here.NewProduct("moved", stock: 5));
        var before = await Here.Stranger.Get("/api/v1/products/moved");
        Assert.Equal("inStock", Of(before).GetProperty("availability").GetString());

        var price = await Here.Staff.Put(
            "/api/v1/prices/moved-price",
            new { sku = "SKU-moved", price = new { amount = 700, currency = "EUR" } }
        );
        var cheaper = await Here.Stranger.ReadAt("/api/v1/products/moved", price.Is(201).Position);
        var counted = await Here.Staff.Post(
            "/api/v1/stock/counts",
            new { location = "main", lines = new[] { new { sku = "SKU-moved", quantity = 0 } } },
            "00000000-0000-7000-8000-000000000001"
        );
        var gone = await Here.Stranger.ReadAt("/api/v1/products/moved", counted.Is(200).Position);

        Assert.Equal(700, Of(cheaper).GetProperty("prices")[0].GetProperty("amount").GetInt64());
        Assert.Equal("outOfStock", Of(gone).GetProperty("availability").GetString());

        static System.Text.Json.JsonElement Of(Answer answer) => answer.Is(200).Data.GetProperty("variants")[0];
    }

    [Fact]
    public async Task A_price_that_moves_to_another_product_leaves_the_one_that_had_it()
    {
        await Here.Reaches(await Here.NewProduct("had-it"));
        await Here.Reaches(await Here.NewProduct("has-it"));
        const string Price = "/api/v1/prices/wanders";
        object Of(string sku) => new { sku, price = new { amount = 123, currency = "GBP" } };
        Task<Answer> Read(string slug, Answer after) =>
            Here.Stranger.ReadAt($"/api/v1/products/{slug}", after.Position);

        var set = (await Here.Staff.Put(Price, Of("SKU-had-it"))).Is(201);
        Assert.Contains("GBP", (await Read("had-it", set)).Is(200).Text, StringComparison.Ordinal);
        var moved = (
            await Here.Staff.Send(HttpMethod.Put, Price, Caller.Content(Of("SKU-has-it")), ("If-Match", "*"))
        ).Is(200);

        Assert.DoesNotContain("GBP", (await Read("had-it", moved)).Is(200).Text, StringComparison.Ordinal);
        Assert.Contains("GBP", (await Read("has-it", moved)).Is(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_that_changes_within_its_class_evicts_nothing()
    {
        await Here.Reaches(await Here.NewProduct("plenty", stock: 500));
        await Here.Stranger.Get("/api/v1/products/plenty");

        var counted = await Here.Staff.Post(
            "/api/v1/stock/counts",
            new { location = "main", lines = new[] { new { sku = "SKU-plenty", quantity = 400 } } },
            "00000000-0000-7000-8000-000000000002"
        );
        await Here.Reaches(counted.Is(200).Position);

        Assert.Equal(0, (await Here.Stranger.Get("/api/v1/products/plenty")).Is(200).Statements);
    }

    [Fact]
    public async Task A_hundred_who_come_at_once_cost_one_statement()
    {
        await Here.Reaches(await Here.NewProduct("wanted"));
        Here.Line.Slowness = _ => TimeSpan.FromMilliseconds(100);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Here.Stranger.Get("/api/v1/products/wanted"))
        );

        Assert.All(answers, answer => answer.Is(200));
        Assert.Equal(1, answers.Sum(answer => answer.Statements));
    }

    [Fact]
    public async Task The_tag_is_the_same_in_every_process_and_knows_304_and_head()
    {
        await using var other = await Till.Open(database!);
        var made = await Here.NewProduct("tagged");
        await Here.Reaches(made);
        await other.Reaches(made);

        var here = await Here.Stranger.Get("/api/v1/products/tagged");
        var there = await other.Stranger.Get("/api/v1/products/tagged");
        var known = await Here.Stranger.Get("/api/v1/products/tagged", ifNoneMatch: here.Tag);
        var weak = await Here.Stranger.Get("/api/v1/products/tagged", ifNoneMatch: $"\"x\", W/{here.Tag}");
        var head = await Here.Stranger.Send(HttpMethod.Head, "/api/v1/products/tagged", null);

        Assert.NotNull(here.Tag);
        Assert.Equal(here.Tag, there.Tag);
        Assert.Equal((304, here.Tag, ""), (known.Status, known.Tag, known.Text));
        Assert.Equal(304, weak.Status);
        Assert.Equal((200, here.Tag, ""), (head.Status, head.Tag, head.Text));
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(here.Text), head.Raw.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Staff_sees_what_stands_and_a_group_its_own_prices_past_the_cache()
    {
        await Here.Reaches(await Here.NewProduct("drafted"));
        await Here.Stranger.Get("/api/v1/products/drafted");

        var staff = new Caller(Here.Http) { Token = "catalog:read" };
        for (var n = 0; n < 2; n++)
        {
            var view = (await staff.Get("/api/v1/products/drafted?view=staff")).Is(200);
            Assert.True(view.Statements > 0);
            Assert.True(view.Data.TryGetProperty("publication", out _));
            Assert.True((await staff.Get("/api/v1/products/drafted?customerGroup=vip")).Is(200).Statements > 0);
        }
        (await Here.Stranger.Get("/api/v1/products/drafted?view=staff")).Refused(401, "UNAUTHENTICATED");
        (await Here.Stranger.Get("/api/v1/products/drafted?colour=red")).Refused(400, "UNKNOWN_PARAMETER");
    }

    [Fact]
    public async Task A_slug_that_it_had_leads_to_the_one_that_it_has()
    {
        await Here.Reaches(await Here.NewProduct("old-name"));
        await Here.Stranger.Get("/api/v1/products/old-name");
        using var still = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = Here.Http.BaseAddress,
        };

        var moved = await Here.Staff.Patch("/api/v1/products/old-name", new { slug = "new-name" }, "*");
        var old = await new Caller(still).ReadAt("/api/v1/products/old-name?currency=EUR", moved.Is(200).Position);

        Assert.Equal(308, old.Status);
        Assert.Equal("/api/v1/products/new-name?currency=EUR", old.Raw.Headers.Location?.ToString());
    }
}
