using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Platform.Postgres;

/// <summary>Where the database of this process comes from.</summary>
public enum PostgresOrigin
{
    /// <summary>Connection strings name a server.</summary>
    Configured,

    /// <summary>This process runs the private cluster.</summary>
    Private,

    /// <summary>A process beside this one runs the private cluster.</summary>
    Attached,
}

/// <summary>The way to PostgreSQL: a configured server, else the private cluster of the data folder, which is started, or
/// attached to when a server beside this command runs it already.</summary>
/// <remarks>Safe for concurrent use. Disposing closes the connections, then stops the cluster if it was started here.</remarks>
public sealed class PostgresAccess : IAsyncDisposable
{
    /// <summary>The file in the data folder that names a cluster which lies elsewhere.</summary>
    internal const string Nameplate = "cluster-folder";

    static readonly TimeSpan TakeoverLimit = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly IConfiguration configuration;
    readonly string dataFolder;
    readonly string? owner;
    readonly IAsyncDisposable? cluster;
    readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> sources = new(StringComparer.Ordinal);

    PostgresAccess(
        PostgresOrigin origin,
        IConfiguration configuration,
        string dataFolder,
        string? owner,
        IAsyncDisposable? cluster
    )
    {
        Origin = origin;
        (this.configuration, this.dataFolder, this.owner, this.cluster) = (configuration, dataFolder, owner, cluster);
    }

    public PostgresOrigin Origin { get; }

    /// <summary>Connects as the owner, for migrations, backups and tests.</summary>
    /// <exception cref="PostgresUnavailableException">A server is configured, and <c>ConnectionStrings:Owner</c> is not.</exception>
    public string OwnerConnectionString => owner ?? throw NotConfigured("Owner");

    /// <summary>Finds the database; with a private cluster it is up when this returns.</summary>
    /// <param name="configuration">Read: <c>ConnectionStrings:{Owner,Catalog,Ordering,Identity}</c>, <c>Postgres:Binaries</c>.</param>
    /// <param name="use">Serve runs the private cluster itself and is refused beside another server; a command attaches
    /// to it, and starts the cluster for its own duration when there is none.</param>
    /// <exception cref="PostgresUnavailableException">There is no way to PostgreSQL; the message says what to do.</exception>
    public static async Task<PostgresAccess> Open(
        string dataFolder,
        IConfiguration configuration,
        PostgresUse use,
        ILogger log,
        CancellationToken stop
    )
    {
        if (IsConfigured(configuration))
            return new(PostgresOrigin.Configured, configuration, dataFolder, Readable(configuration, "Owner"), null);
        if (OperatingSystem.IsWindows())
            throw new PostgresUnavailableException(
                "On Windows Kontor runs no PostgreSQL of its own: set ConnectionStrings:Owner, :Catalog, :Ordering and :Identity."
            );
        dataFolder = Path.GetFullPath(dataFolder);
        var options = new ClusterOptions(dataFolder) { Binaries = configuration["Postgres:Binaries"] };
        var waited = Stopwatch.StartNew();
        while (true)
            try
            {
                var started = await PrivateCluster.Start(options, log, stop);
                await new ConnectionFile(Environment.ProcessId, use, started.ConnectionString).Write(dataFolder);
                return new(PostgresOrigin.Private, configuration, dataFolder, started.ConnectionString, started);
            }
            catch (ClusterTakenException e)
            {
                var running = await ConnectionFile.Read(dataFolder, stop);
                if (running?.Use == PostgresUse.Serve && await Answers(running, stop))
                    return use == PostgresUse.Command
                        ? new(PostgresOrigin.Attached, configuration, dataFolder, running.Connection, null)
                        : throw new PostgresUnavailableException($"{e.Message} (process {running.Process})", e);
                // The other one is starting or ending, or is a command, whose cluster goes when it is done.
                if (waited.Elapsed > TakeoverLimit)
                    throw new PostgresUnavailableException(e.Message, e);
                await Task.Delay(Pause, stop);
            }
    }

    /// <summary>Whether a server is configured, so that no private cluster is made or looked for.</summary>
    /// <exception cref="MisconfiguredException">A connection string cannot be read.</exception>
    public static bool IsConfigured(IConfiguration configuration)
    {
        var names = configuration
            .GetSection("ConnectionStrings")
            .GetChildren()
            .Select(child => child.Key)
            .Where(IsPostgres)
            .ToList();
        foreach (var name in names)
            Readable(configuration, name);
        return names.Count > 0;
    }

    /// <summary>Whether a private cluster was made in this data folder, or for it.</summary>
    public static bool StandsIn(string dataFolder) =>
        Directory.Exists(Path.Combine(dataFolder, "postgres"))
        || File.Exists(Path.Combine(dataFolder, Nameplate))
        // A cluster that is not Kontor's: opening it says so.
        || File.Exists(Path.Combine(dataFolder, "PG_VERSION"));

    /// <summary>Says which one cannot be read and never what it is: it holds a password.</summary>
    static string? Readable(IConfiguration configuration, string name)
    {
        var written = configuration.GetConnectionString(name);
        try
        {
            if (written is null || new NpgsqlConnectionStringBuilder(written).Host is { Length: > 0 })
                return written;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            // Its message may repeat a part of the password.
        }
        throw new MisconfiguredException(
            $"ConnectionStrings:{name} cannot be read; it must be like 'Host=db.internal;Database=kontor;Username=NAME;Password=WORD', "
                + "with a value that holds ';' or '=' in double quotes."
        );
    }

    static bool IsPostgres(string key) => key.ToUpperInvariant() is "OWNER" or "CATALOG" or "ORDERING" or "IDENTITY";

    static async Task<bool> Answers(ConnectionFile running, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(running.Connection) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>The connections of one service, as its own role, in its own schema; the same object for the same name.</summary>
    public NpgsqlDataSource Source(string service) =>
        sources.GetOrAdd(service, name => new(() => NpgsqlDataSource.Create(ConnectionString(name)))).Value;

    public string ConnectionString(string service) =>
        Origin == PostgresOrigin.Configured
            ? ServiceConnection.Of(configuration.GetConnectionString(service) ?? throw NotConfigured(service), service)
            : ServiceConnection.Private(OwnerConnectionString, service);

    /// <summary>Which of these services live in this database: with a configured server those that have a connection
    /// string, else those that have a schema.</summary>
    public async Task<IReadOnlyList<string>> Present(IReadOnlyList<string> services, CancellationToken stop)
    {
        if (Origin == PostgresOrigin.Configured)
            return [.. services.Where(service => configuration.GetConnectionString(service) is not null)];
        await using var connection = new NpgsqlConnection(OwnerConnectionString);
        await connection.OpenAsync(stop);
        await using var find = new NpgsqlCommand(
            "select nspname from pg_namespace where nspname = any($1)",
            connection
        );
        find.Parameters.Add(new() { Value = services.ToArray() });
        var present = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            present.Add(reader.GetString(0));
        return [.. services.Where(present.Contains)];
    }

    /// <summary>Applies what is missing. With a configured server the roles' names and passwords are those that the
    /// services' connection strings give, where they are given.</summary>
    public Task<int> Migrate(IReadOnlyList<ServiceSchema> services, ILogger log, CancellationToken stop) =>
        Migrations.Apply(OwnerConnectionString, [.. services.Select(WithLogin)], log, stop);

    /// <summary>The service's schema with the role and password that its connection string, if configured, names.</summary>
    public ServiceSchema WithLogin(ServiceSchema service)
    {
        if (
            Origin != PostgresOrigin.Configured
            || configuration.GetConnectionString(service.Name) is not { } configured
        )
            return service;
        var settings = new NpgsqlConnectionStringBuilder(configured);
        return service with { Role = settings.Username ?? service.Role, Password = settings.Password };
    }

    static PostgresUnavailableException NotConfigured(string name) =>
        new(
            $"ConnectionStrings:{char.ToUpperInvariant(name[0])}{name[1..]} is not set, and another connection string is."
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values.Where(s => s.IsValueCreated))
            await source.Value.DisposeAsync();
        if (cluster is null)
            return;
        ConnectionFile.Withdraw(dataFolder);
        await cluster.DisposeAsync();
    }
}
