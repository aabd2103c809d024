using Kontor.Catalog;
using Kontor.Identity;
using Kontor.Ordering;
using Kontor.Ordering.Checkout;
using Kontor.Ordering.Payments;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Kontor.Platform.Neighbours;
using Kontor.Platform.Postgres;
using Kontor.Platform.Stream;

namespace Kontor.Host.Serving;

/// <summary>The running program: the wanted services in one process, over one way to PostgreSQL.</summary>
sealed class KontorServer : IAsyncDisposable
{
    readonly WebApplication running;
    readonly PostgresAccess database;
    readonly Payments taking;

    KontorServer(WebApplication app, PostgresAccess postgres, Payments taken) =>
        (running, database, taking) = (app, postgres, taken);

    public IServiceProvider Services => running.Services;

    public IReadOnlyCollection<string> Urls => [.. running.Urls];

    /// <summary>Where the sandbox provider is that takes the payments; null where none does.</summary>
    public Uri? Sandbox => taking.Account?.Url;

    /// <summary>True at the first start, which wrote the first client's credentials.</summary>
    public bool IsFirstStart { get; private set; }

    /// <summary>Starts: database, schemas, demo goods, then the door. Ready when it returns.</summary>
    public static async Task<KontorServer> Start(
        ServeSettings settings,
        IConfiguration configuration,
        ILoggerFactory logs,
        CancellationToken stop
    )
    {
        var installation = new Installation(settings.Folder);
        var neighbours = Composition.NeighboursOf(settings.Services, configuration);
        RefuseUnusable(installation, configuration);
        Directory.CreateDirectory(settings.Folder);
        var log = logs.CreateLogger<KontorServer>();
        ArmedFaults.Arm(configuration, log);
        var postgres = await PostgresAccess.Open(settings.Folder, configuration, PostgresUse.Serve, log, stop);
        WebApplication? app = null;
        Payments? payments = null;
        try
        {
            // A configured server is migrated by `kontor migrate`, by somebody who holds the owner's password; and a shop
            // of somebody's own gets no demo goods.
            if (postgres.Origin == PostgresOrigin.Private)
                await postgres.Migrate(Installation.SchemasOf(settings.Services), log, stop);
            else
                settings = settings with { IsEmpty = true };
            await RefuseUnmigrated(settings, postgres, stop);
            if (
                await KeyOnRecord.Find(postgres, settings.Services, stop) is { } key
                && !installation.HasKey(configuration)
            )
                throw KeyOnRecord.Other(key, $"there is none in {installation.KeyFolder}");
            payments = await Payments.Open(settings, configuration, postgres.Origin, logs, stop);
            var place = new Place(installation, configuration, postgres);
            app = Build(settings, place, neighbours, payments.Account, logs);
            var server = new KontorServer(app, postgres, payments);
            var master = app.Services.GetRequiredService<KeyRing>().MasterId;
            await KeyOnRecord.Hold(postgres, settings.Services, master, stop);
            server.IsFirstStart = await FirstStart.Prepare(app.Services, settings, installation, stop);
            await app.StartAsync(stop);
            return server;
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            if (payments is not null)
                await payments.DisposeAsync();
            await postgres.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdown(CancellationToken stop) => running.WaitForShutdownAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await running.DisposeAsync();
        await taking.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Reads what would otherwise be read at the first request, before anything is made or started.</summary>
    static void RefuseUnusable(Installation installation, IConfiguration configuration)
    {
        _ = PostgresAccess.IsConfigured(configuration);
        _ = RateLimit.AreEnabled(configuration);
        _ = RateLimit.ReadAll(configuration);
        _ = CheckoutLimits.From(configuration);
        _ = Composition.IdentityOf(installation, configuration);
        _ = installation.Media(configuration);
    }

    /// <summary>A database that lacks a script of this version would fail at some request; better at the start.</summary>
    static async Task RefuseUnmigrated(ServeSettings settings, PostgresAccess postgres, CancellationToken stop)
    {
        foreach (var schema in Installation.SchemasOf(settings.Services))
            if (await Migrations.Missing(postgres.Source(schema.Name), schema, stop) is [var first, ..] missing)
                throw new PostgresUnavailableException(
                    $"The database of {schema.Name} lacks {missing.Count} scripts of this version, the first {first}: "
                        + "run `kontor migrate` with ConnectionStrings__Owner."
                );
    }

    static WebApplication Build(
        ServeSettings settings,
        Place place,
        NeighbourSettings neighbours,
        SandboxAccount? account,
        ILoggerFactory logs
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(place.Configuration);
        builder.Services.AddSingleton(logs);
        builder.Services.AddLogging();
        builder.Services.AddRouting();
        builder.WebHost.UseKestrel().UseUrls([.. settings.Urls]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddSingleton(place.Installation.OpenKeys(place.Configuration, place.Postgres.Origin));
        builder.Services.AddStream();
        builder.Services.AddNeighbours(neighbours);
        Composition.Add(builder.Services, settings.Services, neighbours, place);
        if (account is not null)
            builder.Services.AddSandboxPayments(account);

        var app = builder.Build();
        app.UsePlatform();
        app.MapPlatform();
        app.MapStream();
        if (settings.Services.Contains("catalog", StringComparer.Ordinal))
            app.MapCatalog();
        if (settings.Services.Contains("ordering", StringComparer.Ordinal))
            app.MapOrdering();
        if (settings.Services.Contains("identity", StringComparer.Ordinal))
            app.MapIdentity();
        return app;
    }
}
