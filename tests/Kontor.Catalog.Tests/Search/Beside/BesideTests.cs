using Kontor.Catalog.Search.Beside;
using Kontor.Catalog.Search.Following;
using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Prices;
using Kontor.Catalog.Tests.ProductTypes;
using Kontor.Search.OpenSearch.Tests.Interpreter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Catalog.Tests.Search.Beside;

/// <summary>The shop with its products in an OpenSearch, as a server that holds to the documented contract plays it.</summary>
public sealed partial class BesideTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Shop shop;
    readonly Dictionary<string, string?> settings = new()
    {
        ["RateLimits:Enabled"] = "false",
        ["Caching:Megabytes"] = "0",
        ["Search:OpenSearch:Index"] = "shop",
        ["Search:OpenSearch:User"] = "kontor",
        ["Search:OpenSearch:Password"] = "secret",
    };
    Server server = null!; // Since InitializeAsync.

    public BesideTests() => shop = new() { Settings = settings };

    public async ValueTask InitializeAsync()
    {
        server = await Server.Start();
        settings["Search:OpenSearch:Address"] = server.Address.ToString();
        await shop.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await server.DisposeAsync();
        // Whatever a test was about: no request of it was outside of the documentation.
        Assert.Empty(server.Unknown);
    }

    [Fact]
    public async Task A_write_is_found_by_whoever_sends_its_position_back()
    {
        var made = await shop.NewProduct("cup", stock: 3, title: "Celadon cup");

        var found = (await shop.Stranger.Get("/api/v1/search?q=celadon&facet=availability")).Is(200);

        Assert.Equal(made.Value("id"), found.Data[0].GetProperty("id").GetString());
        Assert.Equal(1, found.Json.GetProperty("meta").GetProperty("total").GetInt32());
        Assert.False(found.Json.GetProperty("meta").TryGetProperty("stale", out _));
        Assert.Contains("inStock", found.Json.GetProperty("meta").GetRawText());
        Assert.Contains("highlights", found.Json.GetProperty("meta").GetRawText());
        Assert.Equal("celadon", await Suggested("cela"));
        Assert.All(server.Credentials, sent => Assert.StartsWith("Basic ", sent));
    }

    [Fact]
    public async Task Texts_prices_stock_and_publication_are_followed()
    {
        var made = await shop.NewProduct("jug", stock: 0, title: "Stoneware jug");
        var path = $"/api/v1/products/{made.Value("id")}";

        (await shop.Staff.Patch(path, """{"title":"Earthenware jug"}""", "*")).Is(200);
        Assert.Equal((0, 1), (await Total("q=stoneware"), await Total("q=earthenware")));
        Assert.Equal(0, await Total("q=jug&unavailable=hide"));
        (await shop.Count("main", "SKU-jug", 2)).Is(200);
        Assert.Equal(1, await Total("q=jug&unavailable=hide"));
        (await shop.Put("/api/v1/prices/jug", new { sku = "SKU-jug", price = Counter.Eur(900) })).Is(201);
        Assert.Equal(1, await Total("q=jug&filter=price:900"));
        (await shop.Staff.Patch(path, """{"publication":{"state":"draft"}}""", "*")).Is(200);
        Assert.Equal(0, await Total("q=jug"));
    }

    [Fact]
    public async Task A_process_that_begins_again_goes_on_at_the_position_and_builds_nothing()
    {
        await shop.NewProduct("one", title: "Majolica plate");
        Assert.Equal(1, await Total("q=majolica"));
        var index = Assert.Single(server.Cluster.Names);

        await shop.Restart(() =>
        {
            server.Requests.Clear();
            return Task.CompletedTask;
        });
        await Found.UntilReady(shop.Http);
        await shop.NewProduct("two", title: "Majolica bowl");

        Assert.Equal(2, await Total("q=majolica"));
        Assert.Equal(index, Assert.Single(server.Cluster.Names));
        Assert.DoesNotContain(server.Requests, what => what.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_happened_while_no_process_ran_is_found_by_the_next()
    {
        await shop.NewProduct("one", title: "Raku bowl");
        Assert.Equal(1, await Total("q=raku"));
        var all = new Dictionary<string, string?>(settings);
        foreach (var name in all.Keys.Where(name => name.StartsWith("Search", StringComparison.Ordinal)))
            settings.Remove(name);

        // A process without the engine writes meanwhile.
        await shop.Restart();
        await Found.UntilReady(shop.Http);
        await shop.NewProduct("two", title: "Raku cup");
        Assert.Equal(2, await Total("q=raku"));
        foreach (var (name, value) in all)
            settings[name] = value;
        await shop.Restart();
        await Found.UntilReady(shop.Http);

        Assert.Equal(2, await Total("q=raku"));
        Assert.Single(server.Cluster.Names);
    }

    [Fact]
    public async Task A_type_that_changes_has_its_products_written_again_and_search_goes_on()
    {
        var type = await shop.NewType("""{"key":"rim","kind":"enum","values":["gilt","plain"]}""");
        await shop.NewTyped(type, """{"rim":"gilt"}""");
        (await shop.Stranger.Get($"/api/v1/search?type={type}&filter=rim:gilt")).Refused(400, "VALIDATION_FAILED");

        await shop.ChangeType(type, """{"key":"rim","kind":"enum","values":["gilt","plain"],"index":["facet"]}""");

        Assert.Equal(1, await Until(async () => await Count($"type={type}&filter=rim:gilt") is 1 ? 1 : null));
        Assert.Single(server.Cluster.Names);
    }

    [Fact]
    public async Task An_index_of_another_shape_is_built_beside_and_the_old_one_goes_when_nobody_keeps_it()
    {
        await shop.NewProduct("one", title: "Faience tile");
        Assert.Equal(1, await Total("q=faience"));
        var old = Assert.Single(server.Cluster.Names);
        settings["Search:OpenSearch:Shards"] = "2";

        await shop.Restart();
        await Found.UntilReady(shop.Http);
        await shop.NewProduct("two", title: "Faience jar");

        Assert.Equal(2, await Total("q=faience"));
        Assert.Equal(2, server.Cluster.Names.Count);
        var place = BesideSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())!;
        using var http = new HttpClient();
        var leftovers = new Leftovers(
            shop.Database.Journal,
            place,
            alias => new(http, place.Options with { Alias = alias }, BesideShop.Schema, TimeProvider.System),
            NullLogger<Leftovers>.Instance
        );
        await leftovers.Look(default);
        await leftovers.Look(default);
        Assert.Contains(old, server.Cluster.Names);
        var others = await OfOthers(place, http);
        await leftovers.Look(default);
        await shop.NewProduct("three", title: "Faience lamp");
        Assert.Equal(3, await Total("q=faience"));
        await leftovers.Look(default);
        Assert.DoesNotContain(old, server.Cluster.Names);
        await shop.NewProduct("four", title: "Faience bell");
        Assert.Equal(4, await Total("q=faience"));
        await leftovers.Look(default);
        Assert.Subset(server.Cluster.Names.ToHashSet(), others);
    }

    [Fact]
    public async Task An_engine_that_is_away_is_told_and_what_came_meanwhile_is_found_when_it_is_back()
    {
        await shop.NewProduct("one", title: "Lustre vase");
        Assert.Equal(1, await Total("q=lustre"));
        server.Faults = _ => new Fault.Says(503, "");

        var refused = await shop.Stranger.Send(HttpMethod.Get, "/api/v1/search?q=lustre", null);
        var answers = await shop.App.Services.GetRequiredService<SearchStanding>().Answers(default);
        await shop.NewProduct("two", title: "Lustre urn");
        var alive = await shop.Stranger.Send(HttpMethod.Get, "/health/live", null);
        var suggested = await shop.Stranger.Send(HttpMethod.Get, "/api/v1/suggest?q=lus", null);
        server.Faults = _ => null;

        refused.Refused(503, "SEARCH_AWAY");
        suggested.Refused(503, "SEARCH_AWAY");
        alive.Is(200);
        Assert.False(answers);
        Assert.Equal(2, await Until(async () => await Count("q=lustre") is 2 ? 2 : null));
    }

    [Fact]
    public async Task Two_processes_end_equal_and_one_goes_on_where_the_other_ended()
    {
        await using var second = await shop.Second();
        await Found.UntilReady(second.Http);
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => (i % 2 == 0 ? shop : second).NewProduct($"both-{i}", title: $"Sgraffito {i}"))
        );
        Assert.Equal(20, await Until(async () => await Count("q=sgraffito&limit=1") is 20 ? 20 : null));
        Assert.Equal(20, await Until(async () => await Count("q=sgraffito&limit=1", second) is 20 ? 20 : null));

        await shop.App.StopAsync();
        await second.NewProduct("last", title: "Sgraffito last");

        Assert.Equal(21, await Until(async () => await Count("q=sgraffito&limit=1", second) is 21 ? 21 : null));
        Assert.Single(server.Cluster.Names);
    }

    [Fact]
    public async Task A_journal_that_began_anew_has_the_index_built_anew()
    {
        await shop.NewProduct("one", title: "Bisque bust");
        Assert.Equal(1, await Total("q=bisque"));
        var old = Assert.Single(server.Cluster.Names);

        // As after a database was restored that had not come so far.
        await shop.Restart(async () =>
        {
            await using var fork = shop
                .Postgres.Source("catalog")
                .CreateCommand(
                    """
                    with begun as (update head set incarnation = 'anew' returning 1)
                    insert into incarnations (ordinal, incarnation, fork)
                    select max(ordinal) + 1, 'anew', 0 from incarnations, begun
                    """
                );
            await fork.ExecuteNonQueryAsync();
        });
        await Found.UntilReady(shop.Http);

        Assert.Equal(1, await Total("q=bisque"));
        Assert.NotEqual(old, Assert.Single(server.Cluster.Names));
    }

    async Task<string?> Suggested(string typed) =>
        (await shop.Stranger.Get($"/api/v1/suggest?q={typed}")).Is(200).Data[0].GetProperty("text").GetString();

    async Task<int?> Total(string query) => TotalOf(await shop.Stranger.Get($"/api/v1/search?{query}"));

    async Task<int?> Count(string query, Shop? from = null) =>
        await (from ?? shop).Stranger.Send(HttpMethod.Get, $"/api/v1/search?{query}", null) is { Status: 200 } answer
            ? TotalOf(answer)
            : null;

    static int TotalOf(Answer answer) => answer.Is(200).Json.GetProperty("meta").GetProperty("total").GetInt32();

    static async Task<int?> Until(Func<Task<int?>> ask)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Patience)
            if (await ask() is { } found)
                return found;
            else
                await Task.Delay(20);
        return null;
    }
}
