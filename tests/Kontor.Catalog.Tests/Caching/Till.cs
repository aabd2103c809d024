using System.Net.Sockets;
using Kontor.Catalog.Media;
using Kontor.Journal;
using Kontor.Platform.Access;
using Kontor.Platform.Caching;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Kontor.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Tests.Caching;

/// <summary>One process of the product service as it runs: it keeps bodies, numbers its journal, follows it, and reaches
/// its database over a line that can be slow or cut.</summary>
sealed class Till : IAsyncDisposable
{
    readonly DirectoryInfo pictures = Directory.CreateTempSubdirectory("kontor-pictures-");
    readonly TcpProxy line;
    readonly NpgsqlDataSource source;
    readonly WebApplication app;

    Till(TestDatabase database, string? redis)
    {
        line = new(SocketOf(database));
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString("catalog"))
        {
            Host = "127.0.0.1",
            Port = line.Port,
            SslMode = SslMode.Disable,
        };
        source = NpgsqlDataSource.Create(settings.ConnectionString);
        app = Build(redis);
    }

    public TcpProxy Line => line;

    public IServiceProvider Services => app.Services;

    public BodyCache Cache => Services.GetRequiredService<BodyCache>();

    public HttpClient Http { get; private set; } = new();

    public Caller Stranger => new(Http);

    public Caller Staff => new(Http) { Token = Scopes.CatalogWrite };

    public static async Task<Till> Open(TestDatabase database, string? redis = null)
    {
        var till = new Till(database, redis);
        await till.app.StartAsync();
        till.Http.Dispose();
        till.Http = new() { BaseAddress = new(till.app.Urls.Single()) };
        await Eventually.Holds(() => !till.Cache.Reach.IsBlind, "it follows its journal");
        return till;
    }

    /// <summary>PostgreSQL is away for this process: every connection ends, and no new one is taken.</summary>
    public void CutOff()
    {
        line.IsOpen = false;
        line.CutAll();
    }

    public void Reconnect() => line.IsOpen = true;

    /// <summary>Has applied what stands behind this position.</summary>
    public Task Reaches(string position) =>
        Eventually.Holds(
            () => Position.TryParse(position, out var known) && Cache.Reach.Has(known.Value),
            $"it applies {position}"
        );

    WebApplication Build(string? redis)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new FaultLog());
        builder.Configuration.AddInMemoryCollection([
            new("RateLimits:Enabled", "false"),
            new("ConnectionStrings:Redis", redis),
        ]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDatabase(_ => new CatalogDatabase(source, TimeProvider.System));
        builder.Services.AddSingleton(Shop.Keys());
        builder.Services.AddSingleton(new MediaPlace(pictures.FullName, null));
        builder.Services.AddSingleton<CheckToken>((token, _) => ValueTask.FromResult(Shop.Believe(token)));
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddCatalog();
        var door = builder.Build();
        door.UsePlatform();
        door.MapPlatform();
        door.MapCatalog();
        return door;
    }

    static UnixDomainSocketEndPoint SocketOf(TestDatabase database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString("catalog"));
        return new(Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}"));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await source.DisposeAsync();
        await line.DisposeAsync();
        pictures.Delete(recursive: true);
    }
}

static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task Holds(Func<bool> condition, string what) => Holds(() => Task.FromResult(condition()), what);

    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, $"Within a minute: {what}");
            await Task.Delay(20);
        }
    }
}

static class Seen
{
    extension(Answer answer)
    {
        public string Position => answer.Raw.Headers.GetValues(KontorHeaders.Position).Single();

        public bool IsStale =>
            answer.Json.GetProperty("meta").TryGetProperty("stale", out var stale) && stale.GetBoolean();
    }

    /// <summary>A read that must not be older than a position.</summary>
    public static Task<Answer> ReadAt(this Caller caller, string path, string? atLeast) =>
        caller.Send(HttpMethod.Get, path, null, (KontorHeaders.Position, atLeast));

    public static async Task<string> NewProduct(this Till till, string key, string? title = null, long? stock = null)
    {
        var made = await till.Staff.Post(
            "/api/v1/products",
            new
            {
                key,
                slug = key,
                title = title ?? $"Title of {key}",
                variants = new[]
                {
                    new
                    {
                        sku = $"SKU-{key}",
                        stock,
                        prices = new[] { new { amount = 1_000, currency = "EUR" } },
                    },
                },
            }
        );
        return made.Is(201).Position;
    }

    public static async Task<Answer> Rename(this Till till, string slug, string title) =>
        (await till.Staff.Patch($"/api/v1/products/{slug}", new { title }, "*")).Is(200);
}
