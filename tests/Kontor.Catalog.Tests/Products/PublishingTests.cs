using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Products;

public sealed class PublishingTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = "/api/v1/products";
    static readonly DateTimeOffset Past = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Future = new(2920, 1, 1, 0, 0, 0, TimeSpan.Zero);

    Caller Reader => new(shop.Http) { Token = Scopes.CatalogRead };

    Caller Checkout => new(shop.Http) { Token = $"{Scopes.CatalogRead}+{Scopes.CatalogReserve}" };

    public static TheoryData<string, string, bool> Publications { get; } =
        new()
        {
            { "published", """{}""", true },
            { "begun", """{ "from": "2020-01-01T00:00:00Z", "until": "2920-01-01T00:00:00Z" }""", true },
            { "draft", """{ "state": "draft" }""", false },
            { "archived", """{ "state": "archived" }""", false },
            { "not yet", """{ "from": "2920-01-01T00:00:00Z" }""", false },
            { "no more", """{ "until": "2020-01-01T00:00:00Z" }""", false },
            { "a draft that has begun", """{ "state": "draft", "from": "2020-01-01T00:00:00Z" }""", false },
        };

    [Theory]
    [MemberData(nameof(Publications))]
    public async Task What_is_not_published_is_in_no_way_seen_found_offered_or_reserved(
        string name,
        string publication,
        bool isSeen
    )
    {
        var product = await New(JsonSerializer.Deserialize<JsonElement>(publication));

        Assert.Equal(isSeen ? Ways.All : [], await new Ways(shop, Checkout, product).Open(null));
        Assert.NotEmpty(name);
    }

    [Fact]
    public async Task A_deleted_product_is_closed_in_every_way_and_a_restored_one_is_what_it_was()
    {
        var product = await New(new { });
        var ways = new Ways(shop, Checkout, product);
        Assert.Equal(Ways.All, await ways.Open(null));

        var gone = (await Act(HttpMethod.Delete, $"{Products}/{product.Id}", "\"1\"")).Is(200);
        Assert.Empty(await ways.Open(null));
        (await Change(product, "\"2\"", new { title = "Other" })).Refused(409, "PRODUCT_DELETED");
        (await shop.Staff.Post(Products, Body(product.Key, shop.Fresh("sku"), null))).Refused(409, "PRODUCT_KEY_TAKEN");
        (await shop.Staff.Post(Products, Body(shop.Fresh("k"), product.Sku, null))).Refused(409, "SKU_TAKEN");
        (await Act(HttpMethod.Delete, $"{Products}/{product.Id}", "\"1\"")).Refused(412, "PRECONDITION_FAILED");
        (await Act(HttpMethod.Delete, $"{Products}/{product.Id}", null)).Refused(428, "PRECONDITION_REQUIRED");
        var staff = (await Reader.Get($"{Products}/{product.Id}?view=staff")).Is(200);
        var back = (await Act(HttpMethod.Post, $"{Products}/{product.Id}/restore", "\"2\"")).Is(200);

        Assert.Equal(
            gone.Data.GetProperty("publication").GetProperty("deletedAt").GetDateTimeOffset(),
            staff.Data.GetProperty("publication").GetProperty("deletedAt").GetDateTimeOffset()
        );
        Assert.Equal("3", back.Value("version"));
        Assert.Equal(Ways.All, await ways.Open(null));
        Assert.Equal(
            (1, 1),
            (await Happened(product.Id, "product.deleted.v1"), await Happened(product.Id, "product.restored.v1"))
        );
    }

    [Fact]
    public async Task A_product_that_names_channels_is_seen_and_sold_in_these_only()
    {
        var (web, till) = (shop.Fresh("web"), shop.Fresh("till"));
        foreach (var channel in (string[])[web, till])
            (await shop.Staff.Put($"/api/v1/channels/{channel}", new { title = channel })).Is(201);
        var product = await New(new { channels = new[] { web } });
        var ways = new Ways(shop, Checkout, product);

        Assert.Empty((await ways.Open(till)).Except(["reserve"]));
        Assert.Empty((await ways.Open(null)).Except(["reserve"]));
        Assert.Equal(Ways.All, await ways.Open(web));
        var standing = (await shop.Staff.Get($"/api/v1/channels/{web}")).Is(200).Tag;
        (await Act(HttpMethod.Delete, $"/api/v1/channels/{web}", standing)).Refused(409, "CHANNEL_IN_USE");
        (await Change(product, "\"1\"", new { publication = new { channels = Array.Empty<string>() } })).Is(200);
        Assert.Equal(Ways.All, await ways.Open(null));
        Assert.Equal(Ways.All, await ways.Open(till));
    }

    [Fact]
    public async Task A_moment_that_is_set_takes_effect_with_no_write()
    {
        var product = await New(new { from = Future, until = Future.AddYears(1) });
        var at = $"{Products}/{product.Slug}?at=";

        (await Reader.Get($"{at}{Future.AddTicks(-10):yyyy-MM-ddTHH:mm:ss.ffffffZ}")).Refused(404, "PRODUCT_NOT_FOUND");
        (await Reader.Get($"{at}{Future:yyyy-MM-ddTHH:mm:ssZ}")).Is(200);
        (await Reader.Get($"{at}{Future.AddYears(1):yyyy-MM-ddTHH:mm:ssZ}")).Refused(404, "PRODUCT_NOT_FOUND");

        var soon = await shop.Query<DateTime>("select now() + interval '1 second'");
        (await Change(product, "\"1\"", new { publication = new { from = soon } })).Is(200);
        var (events, deadline) = (await shop.Journaled(), TimeProvider.System.GetUtcNow().AddMinutes(2));
        while (
            (await shop.Stranger.Get($"{Products}/{product.Id}")).Status == 404
            && TimeProvider.System.GetUtcNow() < deadline
        )
            await Task.Delay(50, TestContext.Current.CancellationToken);

        Assert.Equal(events, await shop.Journaled());
        Assert.Equal(Ways.All, await new Ways(shop, Checkout, product).Open(null));
    }

    [Fact]
    public async Task What_was_held_before_stays_held_and_can_be_committed()
    {
        var product = await New(new { });
        var id = Id<Answer>.New(TimeProvider.System).Value;
        var lines = new { lines = new[] { new { sku = product.Sku, quantity = 2 } } };
        (await Checkout.Put($"/api/v1/reservations/{id}", lines)).Is(200);

        (await Change(product, "\"1\"", new { publication = new { state = "archived" } })).Is(200);

        Assert.Equal("held", (await Checkout.Put($"/api/v1/reservations/{id}", lines)).Is(200).Value("state"));
        Assert.Equal(
            "committed",
            (await Checkout.Post($"/api/v1/reservations/{id}/commit", new { })).Is(200).Value("state")
        );
    }

    [Theory]
    [InlineData("""{ "state": "secret" }""", 400, "PRODUCT_INVALID", "publication.state")]
    [InlineData("""{ "state": null }""", 400, "PRODUCT_INVALID", "publication.state")]
    [InlineData("""{ "channels": null }""", 400, "PRODUCT_INVALID", "publication.channels")]
    [InlineData("""{ "channels": ["a b"] }""", 400, "PRODUCT_INVALID", "publication.channels[0]")]
    [InlineData("""{ "channels": ["no-such"] }""", 422, "UNKNOWN_CHANNEL", null)]
    [InlineData(
        """{ "from": "2021-01-01T00:00:00Z", "until": "2021-01-01T00:00:00Z" }""",
        400,
        "PRODUCT_INVALID",
        "publication.until"
    )]
    public async Task A_refusal_says_why_and_writes_nothing(string publication, int status, string code, string? path)
    {
        var wanted = JsonSerializer.Deserialize<JsonElement>(publication);
        var product = await New(new { });
        var (key, events) = (shop.Fresh(), await shop.Journaled());

        (await shop.Staff.Post(Products, Body(key, $"SKU-{key}", wanted))).Refused(status, code, path);
        (await Change(product, "\"1\"", new { title = "Half", publication = wanted })).Refused(status, code, path);

        Assert.Equal(0, await shop.Query<long>("select count(*) from products where key = $1", key));
        Assert.Equal("1", (await shop.Stranger.Get($"{Products}/{product.Id}")).Is(200).Value("version"));
        Assert.Equal(events, await shop.Journaled());
    }

    [Fact]
    public async Task Only_staff_see_when_and_where_a_product_is_shown()
    {
        var product = await New(new { from = Past });

        (await shop.Stranger.Get($"{Products}?view=staff")).Refused(401, "UNAUTHENTICATED");
        (await shop.Stranger.Get("/api/v1/search?q=x&view=staff")).Refused(401, "UNAUTHENTICATED");
        (await new Caller(shop.Http) { Token = Scopes.CatalogReserve }.Get($"{Products}?view=staff")).Refused(
            403,
            "FORBIDDEN"
        );
        (await Reader.Get($"{Products}?view=all")).Refused(400, "VALIDATION_FAILED", "view");
        Assert.False((await Reader.Get($"{Products}/{product.Id}")).Data.TryGetProperty("publication", out _));
        var shown = (await Reader.Get($"{Products}/{product.Id}?view=staff")).Data.GetProperty("publication");
        Assert.Equal(Past, shown.GetProperty("from").GetDateTimeOffset());
        Assert.Equal("published", shown.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_page_past_hidden_products_is_full_and_one_statement()
    {
        var category = shop.Fresh("shelf");
        (await shop.Staff.Post("/api/v1/categories", new { key = category, title = "Shelf" })).Is(201);
        for (var i = 0; i < 6; i++)
            await New(new { state = i % 2 == 0 ? "draft" : "published" }, category);

        var page = (await shop.Stranger.Get($"{Products}?category={category}&limit=2")).Is(200);
        var rest = (await shop.Stranger.Get($"{Products}?category={category}&limit=2&after={page.Next}")).Is(200);
        var staff = (await Reader.Get($"{Products}?category={category}&view=staff")).Is(200);

        Assert.Equal((2, 1, 6), (page.Data.GetArrayLength(), rest.Data.GetArrayLength(), staff.Data.GetArrayLength()));
        Assert.Equal((1, 1, 1, null), (page.Statements, rest.Statements, staff.Statements, rest.Next));
    }

    [Fact]
    public async Task Verify_finds_a_product_that_is_shown_nowhere()
    {
        var product = await New(new { });
        var rule = shop.Database.Invariants.Single(i => i.Rule == "A_PRODUCT_IS_SHOWN_EVERYWHERE_OR_IN_CHANNELS");
        Assert.Empty(await rule.Check(shop.Database.Source, TestContext.Current.CancellationToken));

        await shop.Query<object>("update products set everywhere = false where key = $1 returning true", product.Key);

        Assert.Contains(
            await rule.Check(shop.Database.Source, TestContext.Current.CancellationToken),
            found => found.Contains(product.Key, StringComparison.Ordinal)
        );
        await shop.Query<object>("update products set everywhere = true where key = $1 returning true", product.Key);
    }

    async Task<Shown> New(object publication, string? category = null)
    {
        var key = shop.Fresh("shown");
        var made = (await shop.Staff.Post(Products, Body(key, $"SKU-{key}", publication, category))).Is(201);
        return new(made.Value("id"), key, made.Value("slug"), $"SKU-{key}");
    }

    static object Body(string key, string sku, object? publication, string? category = null) =>
        new
        {
            key,
            title = $"Title{key.Replace("-", "", StringComparison.Ordinal)}",
            categories = category is null ? null : new[] { category },
            variants = new[]
            {
                new
                {
                    sku,
                    stock = 100,
                    prices = new[] { new { amount = 100, currency = "EUR" } },
                },
            },
            publication,
        };

    Task<Answer> Change(Shown product, string version, object change) =>
        shop.Staff.Patch(
            $"{Products}/{product.Id}",
            JsonSerializer.Serialize(change, JsonSerializerOptions.Web),
            version
        );

    Task<Answer> Act(HttpMethod method, string path, string? version) =>
        shop.Staff.Send(method, path, null, ("If-Match", version));

    Task<long> Happened(string product, string type) =>
        shop.Query<long>("select count(*) from journal where stream = $1 and type = $2", $"product-{product}", type);
}
