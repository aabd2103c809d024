using System.Security.Claims;
using Kontor.Catalog.Media;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Kontor.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Tests;

/// <summary>The product service behind a real door on a real database of its own.</summary>
public sealed class Shop : IAsyncLifetime
{
    TestDatabase? postgres;
    WebApplication? app;
    HttpClient? http;
    readonly DirectoryInfo pictures = Directory.CreateTempSubdirectory("kontor-pictures-");
    int named;

    /// <summary>Skips the test where there is no PostgreSQL: xunit takes a skip from a test, not from a fixture.</summary>
    internal WebApplication App
    {
        get
        {
            Assert.SkipWhen(app is null, TestPostgres.WhyNot);
            return app;
        }
    }

    /// <summary>Where pictures lie; a folder unless a bucket is named before it opens.</summary>
    internal BucketPlace? Pictures { get; set; }

    /// <summary>Of its configuration, set before it opens.</summary>
    internal Dictionary<string, string?> Settings { get; init; } =
        new() { ["RateLimits:Enabled"] = "false", ["Caching:Megabytes"] = "0" };

    internal IServiceProvider Services => App.Services;

    internal CatalogDatabase Database => Services.GetRequiredService<CatalogDatabase>();

    /// <summary>Whoever passes by, and staff who may write.</summary>
    internal Caller Stranger => new(Http);

    internal Caller Staff => new(Http) { Token = Scopes.CatalogWrite };

    internal TestDatabase Postgres =>
        App is not null && postgres is not null ? postgres : throw new InvalidOperationException();

    internal HttpClient Http => App is not null && http is not null ? http : throw new InvalidOperationException();

    public async ValueTask InitializeAsync()
    {
        if (!await TestPostgres.IsThere())
            return;
        postgres = await TestPostgres.NewDatabase();
        await Open(postgres.Source("catalog"));
        await Found.UntilReady(Http);
    }

    async Task Open(NpgsqlDataSource source)
    {
        app = Build(source);
        await app.StartAsync();
        http = new() { BaseAddress = new(app.Urls.Single()) };
    }

    /// <summary>A shop whose database cannot be reached.</summary>
    internal static async Task<Shop> Away()
    {
        var shop = new Shop();
        await shop.Open(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody"));
        return shop;
    }

    /// <summary>A shop that has lost its tables.</summary>
    internal static async Task<Shop> Broken()
    {
        var shop = new Shop();
        await shop.InitializeAsync();
        _ = shop.App;
        await using var rename = shop.postgres!.Owner.CreateCommand(
            "alter table catalog.products rename to products_gone"
        );
        await rename.ExecuteNonQueryAsync();
        return shop;
    }

    /// <summary>Ends the process, and begins another on the same database, perhaps after something happened between.</summary>
    internal async Task Restart(Func<Task>? between = null)
    {
        Http.Dispose();
        await App.DisposeAsync();
        await (between?.Invoke() ?? Task.CompletedTask);
        await Open(Postgres.Source("catalog"));
    }

    /// <summary>Another process on the database of this one.</summary>
    internal async Task<Shop> Second()
    {
        var shop = new Shop { Settings = Settings };
        await shop.Open(Postgres.Source("catalog"));
        return shop;
    }

    WebApplication Build(NpgsqlDataSource source)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new FaultLog());
        // Nobody numbers this journal, and nothing is kept: what is read is what stands. See CachedShop.
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDatabase(_ => new CatalogDatabase(source, TimeProvider.System));
        builder.Services.AddSingleton(Keys());
        builder.Services.AddSingleton(new MediaPlace(pictures.FullName, Pictures));
        builder.Services.AddSingleton<CheckToken>((token, _) => ValueTask.FromResult(Believe(token)));
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddCatalog();
        var door = builder.Build();
        door.UsePlatform();
        door.MapPlatform();
        door.MapCatalog();
        return door;
    }

    /// <summary>Goods are about nobody: no folder is made for keys of persons.</summary>
    internal static KeyRing Keys()
    {
        var master = new MasterKey([.. Enumerable.Repeat((byte)7, MasterKey.Bytes)]);
        return new(master, new PersonKeys(Path.Combine(Path.GetTempPath(), "kontor-no-persons"), master));
    }

    /// <summary>In these tests a token is the words of its scopes, joined by a plus, and after an @ whose it is.</summary>
    internal static VerifiedToken? Believe(string token)
    {
        var parts = token.Split('@');
        var scopes = parts[0].Split('+');
        if (!scopes.All(Scopes.All.Contains))
            return null;
        Claim[] claims =
        [
            new("sub", parts.ElementAtOrDefault(1) ?? "tester"),
            .. scopes.Select(scope => new Claim("scope", scope)),
        ];
        var caller = new ClaimsPrincipal(new ClaimsIdentity(claims, "test", "sub", "role"));
        return new(caller, TimeProvider.System.GetUtcNow().AddHours(1));
    }

    /// <summary>A key or SKU that no other test has.</summary>
    internal string Fresh(string word = "cup") => $"{word}-{Interlocked.Increment(ref named)}";

    /// <summary>Creates a product of one variant and returns what the door said.</summary>
    internal async Task<Answer> NewProduct(string key, long? stock = null, string? title = null) =>
        (
            await Staff.Post(
                "/api/v1/products",
                new
                {
                    key,
                    title = title ?? $"Title of {key}",
                    variants = new[] { new { sku = $"SKU-{key}", stock } },
                }
            )
        ).Is(201);

    internal async Task<T> Query<T>(string sql, params object[] values)
    {
        await using var ask = Database.Source.CreateCommand(sql);
        foreach (var value in values)
            ask.Parameters.Add(new() { Value = value });
        return (T)(await ask.ExecuteScalarAsync())!;
    }

    /// <summary>Fresh statistics, as autovacuum would give; only the tables' owner may.</summary>
    internal async Task Analyze(string table)
    {
        await using var analyze = postgres!.Owner.CreateCommand($"analyze catalog.{table}");
        await analyze.ExecuteNonQueryAsync();
    }

    internal Task<long> Journaled(string like = "%") =>
        Query<long>("select count(*) from journal where type like $1", like);

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        pictures.Delete(recursive: true);
    }
}
