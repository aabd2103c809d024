using Kontor.Testing;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>Who sends back the position of a write sees that write, whichever process they ask and however slow it is.</summary>
public sealed class OwnWritesTests
{
    const int Workers = 8;
    const int ProductsOfEach = 3;

    [Fact]
    [Trait("Kind", "slow")]
    public Task A_read_with_the_position_of_a_write_never_shows_the_state_before_it() => Pairs(400, redis: null);

    [Fact]
    [Trait("Kind", "long")]
    public Task Ten_thousand_reads_with_the_positions_of_writes_never_show_the_state_before_them() =>
        Pairs(10_000, redis: null);

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Nor_do_they_where_the_processes_share_a_redis()
    {
        await using var redis = await RedisServer.Start();
        await Pairs(400, redis);
    }

    [Fact]
    [Trait("Kind", "long")]
    public async Task Nor_do_ten_thousand_where_the_redis_is_flushed_killed_and_frozen_meanwhile()
    {
        await using var redis = await RedisServer.Start();
        using var over = new CancellationTokenSource();
        var trouble = Trouble(redis, over.Token);
        await Pairs(10_000, redis);
        await over.CancelAsync();
        await trouble;
    }

    static async Task Trouble(RedisServer redis, CancellationToken over)
    {
        for (var n = 0; !over.IsCancellationRequested; n++)
        {
            if (n % 3 == 0)
                await redis.Flush();
            else if (n % 3 == 1)
                await redis.Freeze(TimeSpan.FromSeconds(1));
            else
            {
                redis.Kill();
                await redis.Restart();
            }
            await Task.Delay(700, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static async Task Pairs(int pairs, RedisServer? redis)
    {
        await using var database = await TestPostgres.NewDatabase();
        await using var one = await Till.Open(database, redis?.ConnectionString);
        await using var other = await Till.Open(database, redis?.ConnectionString);
        Till[] tills = [one, other];
        foreach (var till in tills)
            till.Line.Slowness = Slowness;
        for (var n = 0; n < Workers * ProductsOfEach; n++)
            await one.NewProduct($"p{n}");

        using var over = new CancellationTokenSource();
        var crowd = Enumerable.Range(0, 4).Select(n => Crowd(tills, new Random(n), over.Token)).ToArray();
        var workers = Enumerable.Range(0, Workers).Select(n => Work(tills, n, pairs / Workers)).ToArray();
        var stale = await Task.WhenAll(workers);
        await over.CancelAsync();
        await Task.WhenAll(crowd);

        // What is told to be stale is honest, and must be rare: it means that a process heard nothing for seconds.
        Assert.InRange(stale.Sum(), 0, pairs / 10);
        Assert.True(tills.All(till => till.Cache.Shelf.Count > 0), "Something was kept.");
    }

    /// <summary>Strangers without a position: their loads are under way while others write.</summary>
    static async Task Crowd(Till[] tills, Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
            (await tills[random.Next(2)].Stranger.Get($"/api/v1/products/p{random.Next(Workers * ProductsOfEach)}")).Is(
                200
            );
    }

    /// <returns>How many answers said that they are stale.</returns>
    static async Task<int> Work(Till[] tills, int worker, int pairs)
    {
        var random = new Random(1_000 + worker);
        var titles = new string?[ProductsOfEach];
        var prices = new long?[ProductsOfEach];
        var versions = new string?[ProductsOfEach];
        var stale = 0;
        for (var n = 0; n < pairs; n++)
        {
            var i = random.Next(ProductsOfEach);
            var slug = $"p{worker * ProductsOfEach + i}";
            var (writer, reader) = (tills[random.Next(2)], tills[random.Next(2)]);
            Answer wrote;
            if (random.Next(2) == 0)
            {
                titles[i] = $"Title {n} of {worker}";
                wrote = await writer.Rename(slug, titles[i]!);
            }
            else
            {
                prices[i] = 2_000 + n;
                wrote = await SetPrice(writer, slug, prices[i]!.Value, versions[i]);
                versions[i] = wrote.Tag;
            }
            var read = (await reader.Stranger.ReadAt($"/api/v1/products/{slug}", wrote.Position)).Is(200);
            if (read.IsStale)
            {
                stale++;
                continue;
            }
            Assert.Equal(titles[i] ?? $"Title of {slug}", read.Value("title"));
            var price = read.Data.GetProperty("variants")[0].GetProperty("prices")[0].GetProperty("amount");
            Assert.Equal(prices[i] ?? 1_000, price.GetInt64());
        }
        return stale;
    }

    static async Task<Answer> SetPrice(Till till, string slug, long amount, string? version)
    {
        var price = new { sku = $"SKU-{slug}", price = new { amount, currency = "EUR" } };
        var set = await till.Staff.Send(
            HttpMethod.Put,
            $"/api/v1/prices/price-{slug}",
            Caller.Content(price),
            ("If-Match", version)
        );
        return set.Is(version is null ? 201 : 200);
    }

    /// <summary>Loads take up to 80 ms from their snapshot to their arrival, the journal up to 30: a body from before a change
    /// is often on its way while that change is applied.</summary>
    static TimeSpan Slowness(ReadOnlyMemory<byte> piece)
    {
        var most =
            piece.Span.IndexOf("availability"u8) >= 0 ? 80
            : piece.Span.IndexOf(".v1"u8) >= 0 ? 30
            : 0;
        return TimeSpan.FromMilliseconds(System.Security.Cryptography.RandomNumberGenerator.GetInt32(most + 1));
    }
}
