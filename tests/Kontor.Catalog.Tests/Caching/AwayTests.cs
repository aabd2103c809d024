using System.Text;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>PostgreSQL away: what is kept is shown and says that it is stale, writes are refused plainly, and nobody has to
/// mend anything when it is back.</summary>
public sealed class AwayTests
{
    [Fact]
    [Trait("Kind", "slow")]
    public async Task Reads_go_on_and_say_stale_and_recover_by_themselves()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);
        await using var other = await Till.Open(database);
        (await till.Staff.Post("/api/v1/categories", new { key = "cups", title = "Cups" })).Is(201);
        await till.Reaches(await till.NewProduct("kept", stock: 3));
        var id = Guid.Parse((await till.Stranger.Get("/api/v1/products/kept")).Is(200).Value("id"));
        string[] reads =
        [
            "/api/v1/products/kept",
            "/api/v1/category-tree",
            "/api/v1/categories",
            "/api/v1/categories/cups",
            "/api/v1/offers?skus=SKU-kept",
        ];
        foreach (var read in reads)
            (await till.Stranger.Get(read)).Is(200);
        var cards = till.Services.GetRequiredService<ProductCards>();
        await cards.Of([id], PriceContext.Anybody, null, CancellationToken.None);
        (await till.Stranger.Get("/health/ready")).Is(200);

        till.CutOff();
        await Eventually.Holds(() => till.Cache.Reach.IsBlind, "it notices");

        foreach (var read in reads)
        {
            var answer = (await till.Stranger.Get(read, ifNoneMatch: "*")).Is(200);
            Assert.True(answer.IsStale, read);
            Assert.Null(answer.Tag);
            Assert.Equal("no-store", answer.Raw.Headers.CacheControl?.ToString());
        }
        var card = await cards.Of([id], PriceContext.Anybody, null, CancellationToken.None);
        Assert.True(card.IsStale);
        Assert.Contains("\"slug\":\"kept\"", Encoding.UTF8.GetString(card.Cards.Single().Json.Span));

        var refused = await till.Staff.Patch("/api/v1/products/kept", new { title = "Other" }, "*");
        refused.Refused(503, "DATABASE_UNAVAILABLE");
        Assert.NotNull(refused.Raw.Headers.RetryAfter);
        (await till.Stranger.Get("/api/v1/products/never-seen")).Refused(503, "DATABASE_UNAVAILABLE");
        var health = (await till.Stranger.Get("/health/ready")).Is(200);
        Assert.Contains("database of catalog", health.Text, StringComparison.Ordinal);

        // Somebody changes it meanwhile, elsewhere: whoever knows of that is told that they do not see it.
        var renamed = await other.Rename("kept", "Renamed meanwhile");
        var known = (await till.Stranger.ReadAt("/api/v1/products/kept", renamed.Position)).Is(200);
        Assert.Equal((true, "Title of kept"), (known.IsStale, known.Value("title")));

        till.Reconnect();

        await Eventually.Holds(
            async () => (await till.Stranger.Get("/api/v1/products/kept")) is { IsStale: false, Status: 200 },
            "reads are current again"
        );
        var current = (await till.Stranger.Get("/api/v1/products/kept")).Is(200);
        Assert.Equal("Renamed meanwhile", current.Value("title"));
        Assert.NotNull(current.Tag);
        await Eventually.Holds(
            async () => (await till.Staff.Patch("/api/v1/products/kept", new { title = "Again" }, "*")).Status == 200,
            "writes go through"
        );
        await Eventually.Holds(
            async () => (await till.Stranger.Get("/health/ready")).Text.Contains("\"ready\"", StringComparison.Ordinal),
            "it is ready"
        );
    }

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Nothing_is_shown_after_its_publication_however_long_the_database_is_away()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);
        await till.Reaches(await till.NewProduct("short"));
        var until = TimeProvider.System.GetUtcNow().AddSeconds(6);
        var ending = await till.Staff.Patch("/api/v1/products/short", new { publication = new { until } }, "*");
        await till.Reaches(ending.Is(200).Position);
        (await till.Stranger.Get("/api/v1/products/short")).Is(200);

        till.CutOff();
        await Eventually.Holds(() => till.Cache.Reach.IsBlind, "it notices");

        await Eventually.Holds(
            async () =>
            {
                var answer = await till.Stranger.Get("/api/v1/products/short");
                Assert.True(answer.Status == 503 || answer.IsStale);
                return answer.Status == 503;
            },
            "its time is over"
        );
    }

    [Fact]
    public async Task A_process_that_has_nothing_to_show_is_not_ready_without_its_database()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database);

        till.CutOff();

        await Eventually.Holds(
            async () => (await till.Stranger.Get("/health/ready")).Status == 503,
            "nobody is sent here"
        );
    }
}
