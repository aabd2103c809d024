using Kontor.Catalog;
using Kontor.Identity;
using Kontor.Journal;
using Kontor.Ordering;
using Kontor.Platform;
using Kontor.Platform.Data;
using Kontor.Platform.Neighbours;
using Kontor.Platform.Postgres;

namespace Kontor.Host.Serving;

/// <summary>Where the services of this process live.</summary>
sealed record Place(Installation Installation, IConfiguration Configuration, PostgresAccess Postgres);

/// <summary>Which services run in this process, and how they reach those that do not.</summary>
static class Composition
{
    /// <summary>The neighbours that these services need, as configured.</summary>
    /// <exception cref="MisconfiguredException">One that is needed is not named; the message says which setting.</exception>
    public static NeighbourSettings NeighboursOf(IReadOnlyList<string> services, IConfiguration configuration)
    {
        var apart = Installation.Services.Where(service => !Runs(services, service));
        var neighbours = NeighbourSettings.Read(configuration, apart);
        if (!Runs(services, "identity"))
            Need(neighbours, "identity", "callers are known by the keys that it publishes");
        if (Runs(services, "ordering") && !Runs(services, "catalog"))
            Need(neighbours, "catalog", "ordering asks it for prices and stock");
        var calls = neighbours.Urls.Keys.Any(service => service != "identity");
        return calls && neighbours.CredentialsFile is null
            ? throw new MisconfiguredException(
                $"{NeighbourSettings.Credentials} is not set: the file with the client_id and client_secret by which this "
                    + "process calls on the others, as `kontor clients add` prints them."
            )
            : neighbours;
    }

    public static void Add(
        IServiceCollection services,
        IReadOnlyList<string> wanted,
        NeighbourSettings neighbours,
        Place place
    )
    {
        if (Runs(wanted, "catalog"))
        {
            services.AddDatabase(p => new CatalogDatabase(Source(place, "catalog"), Clock(p)));
            services.AddSingleton(place.Installation.Media(place.Configuration));
            services.AddCatalog();
            FollowOrdering(services, wanted, neighbours);
        }
        if (Runs(wanted, "ordering"))
        {
            services.AddDatabase(p => new OrderingDatabase(Source(place, "ordering"), Clock(p)));
            services.AddOrdering();
            if (!Runs(wanted, "catalog"))
                services.AddCatalogOverHttp();
        }
        AddIdentity(services, wanted, place);
    }

    static void AddIdentity(IServiceCollection services, IReadOnlyList<string> wanted, Place place)
    {
        var settings = IdentityOf(place.Installation, place.Configuration);
        if (!Runs(wanted, "identity"))
        {
            services.AddTokenCheck(settings);
            return;
        }
        services.AddDatabase(p => new IdentityDatabase(Source(place, "identity"), Clock(p)));
        services.AddIdentity(settings);
    }

    /// <exception cref="MisconfiguredException">The issuer is none.</exception>
    public static IdentitySettings IdentityOf(Installation installation, IConfiguration configuration)
    {
        if (configuration["Identity:Issuer"] is not { Length: > 0 } issuer)
            return new(installation.KeyFolder);
        try
        {
            if (Uri.TryCreate(issuer, UriKind.Absolute, out var origin))
                return new(installation.KeyFolder, origin);
        }
        catch (ArgumentException)
        {
            // It is an address and no origin: the same sentence.
        }
        throw new MisconfiguredException(
            $"Identity:Issuer is '{issuer}'; it must be an origin such as https://api.example.com, with plain http only on localhost."
        );
    }

    /// <summary>Catalog reads what becomes of orders: from the journal beside it, or from the stream of a neighbour. A
    /// catalogue without orders follows nobody.</summary>
    static void FollowOrdering(IServiceCollection services, IReadOnlyList<string> wanted, NeighbourSettings neighbours)
    {
        const string Topic = "ordering";
        if (Runs(wanted, Topic))
            services.AddKeyedSingleton<IEventFeed>(
                Topic,
                (p, _) => new Follower(p.GetRequiredService<OrderingDatabase>().Journal)
            );
        else if (neighbours.Find(Topic) is not null)
            services.AddKeyedSingleton<IEventFeed>(
                Topic,
                (p, _) =>
                    new NeighbourFeed(
                        Topic,
                        p.GetRequiredService<IHttpClientFactory>(),
                        Clock(p),
                        p.GetRequiredService<ILogger<NeighbourFeed>>()
                    )
            );
    }

    static void Need(NeighbourSettings neighbours, string service, string why)
    {
        if (neighbours.Find(service) is null)
            throw new MisconfiguredException(
                $"{service} does not run in this process and is needed, since {why}: set {NeighbourSettings.UrlOf(service)}, or name it in --services."
            );
    }

    static bool Runs(IReadOnlyList<string> services, string service) =>
        services.Contains(service, StringComparer.Ordinal);

    static Npgsql.NpgsqlDataSource Source(Place place, string service) => place.Postgres.Source(service);

    static TimeProvider Clock(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
