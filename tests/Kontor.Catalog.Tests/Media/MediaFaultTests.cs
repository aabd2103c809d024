using Kontor.Catalog.Media;
using Kontor.Catalog.Tests.Media.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kontor.Catalog.Tests.Media;

/// <summary>A store that goes wrong at any moment leaves neither a picture without files nor files that nobody notes.</summary>
public sealed class MediaFaultTests : IAsyncLifetime
{
    static readonly byte[] Red = Pictures.Halves(700, 350);
    readonly BucketShop shops = new();

    Shop Shop => shops.Shop;

    public ValueTask InitializeAsync() => shops.InitializeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_store_that_fails_at_any_size_leaves_no_picture_and_is_swept(int size)
    {
        var writes = 0;
        shops.Store.Happens = async http =>
        {
            if (!HttpMethods.IsPut(http.Request.Method) || Interlocked.Increment(ref writes) < size)
                return false;
            await S3Server.Refuse(http, 500, "InternalError");
            return true;
        };

        var refused = await Upload("cup");

        refused.Refused(503, "MEDIA_STORE_UNAVAILABLE");
        Assert.True(refused.Raw.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal(0, await Shop.Query<long>("select count(*) from media"));
        Assert.Equal(0, await Shop.Journaled("media%"));
        Assert.Equal(1, await Shop.Query<long>("select count(*) from media_leftovers"));
        Assert.Equal(size - 1, shops.Store.Objects.Count);
        shops.Store.Happens = null;
        (await Upload("cup")).Is(201);
        await Sweep();
        Assert.Equal(3, shops.Store.Objects.Count);
        Assert.Equal(0, await Shop.Query<long>("select count(*) from media_leftovers"));
        Assert.Equal(200, (await Shop.Stranger.Get(await FileOf("cup"))).Status);
    }

    /// <summary>Its files are written and the row is not: what a process that dies there leaves.</summary>
    [Fact]
    public async Task Between_the_upload_and_the_row_only_noted_files_are_left()
    {
        await using (var gone = Shop.Postgres.Owner.CreateCommand("alter table catalog.media rename to media_gone"))
            await gone.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        shops.Store.Happens = _ => Task.FromResult(false);
        var room = Shop.Services.GetRequiredService<DarkRoom>();
        Assert.True((await room.Develop(Red, default)).Is(out var picture, out _));

        await room.Keep(picture, default); // And the process dies.

        Assert.Equal(3, shops.Store.Objects.Count);
        Assert.Equal(1, await Shop.Query<long>("select count(*) from media_leftovers"));
        await Sweep();
        Assert.Empty(shops.Store.Objects);
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_to_readers_and_takes_nobody_out_of_the_balance()
    {
        (await Upload("cup")).Is(201);
        var file = await FileOf("cup");
        Assert.Equal("ready", await Health());

        shops.Store.Happens = async http =>
        {
            await S3Server.Refuse(http, 503, "SlowDown");
            return true;
        };

        (await Shop.Stranger.Get(file)).Refused(503, "MEDIA_STORE_UNAVAILABLE");
        (await Shop.Stranger.Get("/api/v1/products")).Is(200);
        shops.Store.Happens = null;
        Assert.Equal(200, (await Shop.Stranger.Get(file)).Status);
    }

    [Fact]
    public async Task Health_is_degraded_where_the_store_is_away_from_the_start()
    {
        await shops.Store.Die();

        Assert.Equal("degraded", await Health());
        (await Upload("cup")).Refused(503, "MEDIA_STORE_UNAVAILABLE");
    }

    [Fact]
    public async Task A_file_that_breaks_off_is_no_whole_answer()
    {
        (await Upload("cup")).Is(201);
        var file = await FileOf("cup");
        shops.Store.Happens = async http =>
        {
            http.Response.ContentLength = 100_000;
            await http.Response.Body.WriteAsync(new byte[1_000]);
            await http.Response.Body.FlushAsync();
            http.Abort();
            return true;
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var answer = await Shop.Http.GetAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(503, (int)answer.StatusCode); // Or it is refused before it began.
            throw new HttpRequestException();
        });
    }

    [Fact]
    public async Task What_cannot_be_swept_is_swept_later()
    {
        (await Upload("cup")).Is(201);
        (await Shop.Staff.Send(HttpMethod.Delete, "/api/v1/media/cup", null, ("If-Match", "\"1\""))).Is(200);
        shops.Store.Happens = async http =>
        {
            await S3Server.Refuse(http, 500, "InternalError");
            return true;
        };

        await Assert.ThrowsAnyAsync<IOException>(Sweep);

        Assert.Equal(1, await Shop.Query<long>("select count(*) from media_leftovers"));
        shops.Store.Happens = null;
        await Sweep();
        Assert.Empty(shops.Store.Objects);
    }

    async Task<string> Health() =>
        (await Shop.Stranger.Get("/health/ready")).Is(200).Json.GetProperty("status").GetString()!;

    async Task<string> FileOf(string key) =>
        (await new Caller(Shop.Http) { Token = "catalog:read" }.Get($"/api/v1/media/{key}"))
            .Data.GetProperty("files")[0]
            .GetProperty("url")
            .GetString()!;

    Task<Answer> Upload(string key) =>
        Shop.Staff.Send(HttpMethod.Put, $"/api/v1/media/{key}", new ByteArrayContent(Red));

    async Task Sweep()
    {
        await Shop.Query<long>(
            "with aged as (update media_leftovers set since = since - interval '2 hours' returning 1) select count(*) from aged"
        );
        var sweeper = Shop.Services.GetServices<IHostedService>().OfType<SweepLeftovers>().Single();
        while (await sweeper.Sweep(default) > 0) { }
    }

    public ValueTask DisposeAsync() => shops.DisposeAsync();
}
