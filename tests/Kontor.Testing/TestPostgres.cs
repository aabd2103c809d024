using System.Reflection;
using Kontor.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Testing;

/// <summary>The one throwaway server of this test process, with a template database that holds every service's schema.</summary>
/// <remarks>It starts with the first test that needs it. It stops and its folder goes when the process ends, and also
/// when the process is killed.</remarks>
public static class TestPostgres
{
    const string Template = "kontor_template";

    /// <summary>Every service's schema, as the program has them.</summary>
    public static IReadOnlyList<ServiceSchema> Schemas { get; } =
    [
        ServiceSchema.Of("catalog", Assembly.Load("Kontor.Catalog")),
        ServiceSchema.Of("ordering", Assembly.Load("Kontor.Ordering")),
        ServiceSchema.Of("identity", Assembly.Load("Kontor.Identity")),
    ];

    static readonly Lazy<Task<PrivateCluster?>> Server = new(Start);
    static readonly Lazy<Task> Migrated = new(Migrate);
    static int made;
    static int stopped;

    public static string WhyNot => $"No PostgreSQL here. {PostgresBinaries.HowToInstall}";

    /// <summary>Whether there is a server; it is started by the first who asks.</summary>
    public static async Task<bool> IsThere() => await Server.Value is not null;

    /// <summary>A database of its own with every service's schema.</summary>
    public static async Task<TestDatabase> NewDatabase()
    {
        await SkipWithoutServer();
        await Migrated.Value;
        return await Create($"template {Template}");
    }

    /// <summary>A database with nothing in it.</summary>
    public static async Task<TestDatabase> NewEmptyDatabase()
    {
        await SkipWithoutServer();
        return await Create("");
    }

    /// <summary>Where a program of this machine's PostgreSQL lies: <c>pg_dump</c>.</summary>
    public static async Task<string> Program(string name)
    {
        var binaries = await PostgresBinaries.Find(null, null, CancellationToken.None);
        Assert.SkipWhen(binaries is null, WhyNot);
        return binaries.PathOf(name);
    }

    /// <summary>Stops it before the process ends; what is slow at the end of the process, the test runner takes for a
    /// thread that was forgotten.</summary>
    public static async Task Stop()
    {
        if (Server.IsValueCreated && await Server.Value is { } server && Interlocked.Exchange(ref stopped, 1) == 0)
            server.StopNow();
    }

    static async Task<TestDatabase> Create(string options)
    {
        var name = $"kontor_t_{Interlocked.Increment(ref made)}";
        await Execute($"create database {name} {options}");
        return new TestDatabase(name, ConnectionTo(name));
    }

    internal static Task Drop(string name) => Execute($"drop database if exists {name} with (force)");

    static async Task SkipWithoutServer() => Assert.SkipUnless(await IsThere(), WhyNot);

    static async Task<PrivateCluster?> Start()
    {
        if (OperatingSystem.IsWindows() || await PostgresBinaries.Find(null, null, CancellationToken.None) is null)
            return null;
        var folder = Directory.CreateTempSubdirectory("kontor-test-").FullName;
        var options = new ClusterOptions(folder) { IsThrowaway = true };
        var server = await PrivateCluster.Start(options, NullLogger.Instance, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Interlocked.Exchange(ref stopped, 1) == 0)
                server.StopNow();
        };
        return server;
    }

    static async Task Migrate()
    {
        await Execute($"create database {Template}");
        await Migrations.Apply(ConnectionTo(Template), Schemas, NullLogger.Instance, CancellationToken.None);
    }

    static string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(Server.Value.Result!.ConnectionString)
        {
            Database = database,
            IncludeErrorDetail = true,
        }.ConnectionString;

    static async Task Execute(string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionTo(PrivateCluster.Database)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
