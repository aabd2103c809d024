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
    PlaySandbox? sandbox;

    internal FakeCatalog Catalog { get; } = new();

    internal string KeyStore { get; } = Directory.CreateTempSubdirectory("kontor-persons-").FullName;

    internal KeyRing Keys => The<KeyRing>();
    internal PlaySandbox Sandbox => sandbox!;

    internal CheckoutLimits Limits { get; private set; } =
        CheckoutLimits.Usual with
        {
            Inline = TimeSpan.FromSeconds(2),
            StandStill = TimeSpan.FromMinutes(10),
        };

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
        sandbox = await PlaySandbox.Start();
        await Open();
    }

    /// <summary>A shop of a test's own.</summary>
    internal static async Task<Shop> Start(CheckoutLimits limits)
    {
        var shop = new Shop { Limits = limits };
        await shop.InitializeAsync();
        _ = shop.Services;
        return shop;
    }

    /// <summary>The process ends with whatever it was at; another one begins on the same database.</summary>
    internal async Task Reopen(CheckoutLimits limits)
    {
        Limits = limits;
        await Started.DisposeAsync();
        await Open();
    }

    async Task Open()
    {
        app = Build();
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

    WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([
            new("urls", "http://127.0.0.1:0"),
            new("RateLimits:Enabled", "false"),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddSingleton<CheckToken>((token, _) => ValueTask.FromResult(Believe(token)));
        builder.Services.AddSingleton(KeysIn(KeyStore));
        builder.Services.AddSingleton<ICatalog>(Catalog);
        builder.Services.AddDatabase(_ => new OrderingDatabase(Postgres.Source("ordering"), TimeProvider.System));
        builder.Services.AddSingleton(Limits);
        builder.Services.AddOrdering();
        builder.Services.AddSandboxPayments(Sandbox.Account);
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
        // First the sandbox: it would go on calling a shop that is closing.
        if (sandbox is not null)
            await sandbox.DisposeAsync();
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
