using System.Security.Claims;
using Kontor.Contracts.Catalog;
using Kontor.Ordering.Checkout;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Kontor.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Tests;

/// <summary>The order service behind a real door on a real database; only Catalog is played.</summary>
public sealed class Shop : IAsyncLifetime
{
    WebApplication? app;
    TestDatabase? database;

    internal FakeCatalog Catalog { get; } = new();

    internal string KeyStore { get; } = Directory.CreateTempSubdirectory("kontor-persons-").FullName;

    internal KeyRing Keys => The<KeyRing>();

    internal IServiceProvider Services => Started.Services;

    internal OrderingDatabase Database => Services.GetRequiredService<OrderingDatabase>();

    internal TestDatabase Postgres => database!;

    internal HttpClient Http { get; private set; } = new();

    /// <summary>Skips where there is no PostgreSQL: xunit takes a skip from a test, not from a fixture.</summary>
    WebApplication Started
    {
        get
        {
            Assert.SkipWhen(app is null, TestPostgres.WhyNot);
            return app;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!await TestPostgres.IsThere())
            return;
        database = await TestPostgres.NewDatabase();
        app = Build(database, Catalog, KeysIn(KeyStore));
        await app.StartAsync();
        var address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        Http = new() { BaseAddress = new(address) };
    }

    static KeyRing KeysIn(string folder)
    {
        var master = new MasterKey([.. Enumerable.Repeat((byte)7, MasterKey.Bytes)]);
        return new(master, new PersonKeys(folder, master));
    }

    static WebApplication Build(TestDatabase database, FakeCatalog catalog, KeyRing keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([
            new("urls", "http://127.0.0.1:0"),
            new("RateLimits:Enabled", "false"),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddSingleton<CheckToken>((token, _) => ValueTask.FromResult(Believe(token)));
        builder.Services.AddSingleton(keys);
        builder.Services.AddSingleton<ICatalog>(catalog);
        builder.Services.AddDatabase(_ => new OrderingDatabase(database.Source("ordering"), TimeProvider.System));
        builder.Services.AddSingleton(CheckoutLimits.Usual with { Inline = TimeSpan.FromSeconds(2) });
        builder.Services.AddOrdering();
        var built = builder.Build();
        built.UsePlatform();
        built.MapPlatform();
        built.MapOrdering();
        return built;
    }

    /// <summary>In these tests a token is the words of its scopes, joined by a plus.</summary>
    static VerifiedToken? Believe(string token)
    {
        var scopes = token.Split('+');
        if (!scopes.All(Scopes.All.Contains))
            return null;
        Claim[] claims = [new("sub", "tester"), .. scopes.Select(scope => new Claim("scope", scope))];
        var caller = new ClaimsPrincipal(new ClaimsIdentity(claims, "test", "sub", "role"));
        return new(caller, TimeProvider.System.GetUtcNow().AddHours(1));
    }

    internal T The<T>()
        where T : notnull => Services.GetRequiredService<T>();

    internal async Task<long> Count(string sql)
    {
        await using var ask = Database.Source.CreateCommand(sql);
        return (long)(await ask.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (app is not null)
            await app.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
        Directory.Delete(KeyStore, recursive: true);
    }
}

static class Fresh
{
    public static Guid Id() => Kernel.Id<Shop>.New(TimeProvider.System).Value;
}
