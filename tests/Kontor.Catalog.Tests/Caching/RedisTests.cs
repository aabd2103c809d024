using Kontor.Testing;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>What one process has loaded, the next one finds in Redis; and without it everything goes on.</summary>
public sealed class RedisTests
{
    const string Path = "/api/v1/products/shared";

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Another_process_takes_from_redis_what_one_has_loaded_until_it_changes()
    {
        await using var redis = await RedisServer.Start();
        await using var database = await TestPostgres.NewDatabase();
        await using var one = await Till.Open(database, redis.ConnectionString);
        await using var other = await Till.Open(database, redis.ConnectionString);
        await ReachBoth(await one.NewProduct("shared"));
        await Shares("");

        var renamed = await one.Rename("shared", "Renamed");

        var read = (await other.Stranger.ReadAt(Path, renamed.Position)).Is(200);
        Assert.Equal("Renamed", read.Value("title"));
        await ReachBoth(renamed.Position);
        await Shares("?currency=EUR");

        await redis.Flush();
        await Shares("?currency=SEK");

        redis.Kill();
        (await one.Stranger.Get($"{Path}?currency=NOK")).Is(200);
        (await other.Stranger.Get($"{Path}?currency=NOK")).Is(200);
        await Eventually.Holds(
            async () => (await one.Stranger.Get("/health/ready")).Text.Contains("redis", StringComparison.Ordinal),
            "it says that redis is away"
        );
        var withoutIt = await one.Rename("shared", "Without it");
        await ReachBoth(withoutIt.Position);
        await redis.Restart();
        await Shares("?currency=DKK");
        Assert.Equal("Without it", (await other.Stranger.Get(Path)).Is(200).Value("title"));

        async Task ReachBoth(string position)
        {
            await one.Reaches(position);
            await other.Reaches(position);
        }

        // Each round asks for an address that nobody has asked for, so that memory cannot help.
        async Task Shares(string query)
        {
            var n = 0;
            await Eventually.Holds(
                async () =>
                {
                    var fresh = $"{Path}{query}{(query.Length == 0 ? '?' : '&')}quantity={++n}";
                    var loaded = (await one.Stranger.Get(fresh)).Is(200);
                    Assert.Equal(1, loaded.Statements);
                    await Task.Delay(50);
                    var shared = (await other.Stranger.Get(fresh)).Is(200);
                    Assert.Equal(loaded.Value("title"), shared.Value("title"));
                    return shared.Statements == 0 && shared.Text == loaded.Text && shared.Tag == loaded.Tag;
                },
                "the other process finds it in redis"
            );
        }
    }

    [Fact]
    [Trait("Kind", "slow")]
    public async Task A_redis_that_does_not_answer_is_passed_by()
    {
        await using var redis = await RedisServer.Start();
        await using var database = await TestPostgres.NewDatabase();
        await using var till = await Till.Open(database, redis.ConnectionString);
        await till.Reaches(await till.NewProduct("shared"));

        var frozen = redis.Freeze(TimeSpan.FromSeconds(3));
        for (var n = 1; n < 20; n++)
            Assert.Equal(1, (await till.Stranger.Get($"{Path}?quantity={n}")).Is(200).Statements);
        await frozen;
    }
}
