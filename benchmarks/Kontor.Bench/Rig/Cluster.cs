using Kontor.Bench.Load;
using Kontor.Host.Serving;
using Kontor.Platform.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Bench.Rig;

/// <summary>A PostgreSQL server with the settings of a shop's own, for what is measured without a shop: our classes called
/// in this process, and the limits in plain SQL.</summary>
sealed class Cluster : IAsyncDisposable
{
    const string Template = "kontor_migrated";

    readonly PrivateCluster server;
    readonly string folder;
    readonly List<string> made = [];

    Cluster(PrivateCluster server, string folder) => (this.server, this.folder) = (server, folder);

    public CpuClock Clock => new(server.ServerId, withChildren: true);

    public static async Task<Cluster> Start(CancellationToken stop)
    {
        var place = Folders.New();
        try
        {
            var started = await PrivateCluster.Start(new(place), NullLogger.Instance, stop);
            var cluster = new Cluster(started, place);
            await cluster.Execute(PrivateCluster.Database, $"create database {Template}", stop);
            await Migrations.Apply(cluster.Owner(Template), Installation.Schemas, NullLogger.Instance, stop);
            return cluster;
        }
        catch
        {
            await Folders.Remove(place);
            throw;
        }
    }

    /// <summary>A database with every service's schema, as a shop has it at its first start.</summary>
    public async Task<string> NewShop(string name, CancellationToken stop)
    {
        NpgsqlConnection.ClearAllPools(); // Nobody may be connected to a template that is copied.
        await Execute(PrivateCluster.Database, $"drop database if exists {name} with (force)", stop);
        await Execute(PrivateCluster.Database, $"create database {name} template {Template}", stop);
        return name;
    }

    public async Task<string> NewEmpty(string name, CancellationToken stop)
    {
        await Execute(PrivateCluster.Database, $"drop database if exists {name} with (force)", stop);
        await Execute(PrivateCluster.Database, $"create database {name}", stop);
        return name;
    }

    /// <summary>Connects as the owner of everything.</summary>
    public string Owner(string database) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>Connects as a service does: its role, its schema, its pool.</summary>
    public string Service(string database, string service) => ServiceConnection.Private(Owner(database), service);

    /// <summary>What a shop on this database is configured with.</summary>
    public IReadOnlyDictionary<string, string?> Configuration(string database) =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Owner"] = Owner(database),
            ["ConnectionStrings:Catalog"] = Service(database, "catalog"),
            ["ConnectionStrings:Ordering"] = Service(database, "ordering"),
            ["ConnectionStrings:Identity"] = Service(database, "identity"),
            ["RateLimits:Enabled"] = "false",
            ["Encryption:MasterKeyFile"] = MasterKey(),
        };

    /// <summary>The same as variables of a process.</summary>
    public IReadOnlyDictionary<string, string> Settings(string database) =>
        Configuration(database)
            .ToDictionary(
                setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
                setting => setting.Value!,
                StringComparer.Ordinal
            );

    /// <summary>A configured database needs one that somebody made.</summary>
    string MasterKey()
    {
        var file = Path.Combine(folder, "master.key");
        if (File.Exists(file))
            return file;
        File.WriteAllBytes(file, System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    /// <summary>The whole program inside this process, on one of the databases.</summary>
    public async Task<KontorServer> Serve(string database, CancellationToken stop)
    {
        var data = Folders.New();
        made.Add(data);
        return await KontorServer.Start(
            new(data, ["http://127.0.0.1:0"], Installation.Services, IsEmpty: true),
            new ConfigurationBuilder().AddInMemoryCollection(Configuration(database)).Build(),
            NullLoggerFactory.Instance,
            stop
        );
    }

    public async Task Execute(string database, string sql, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(Owner(database)) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
        foreach (var data in made)
            await Folders.Remove(data);
        await Folders.Remove(folder);
    }
}
