using System.Collections.Concurrent;
using Kontor.Platform.Data;
using Kontor.Platform.Postgres;
using Npgsql;

namespace Kontor.Testing;

/// <summary>One database for one test, or, as <see cref="PostgresFixture"/>, for the tests of one class.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> sources = new(StringComparer.Ordinal);

    internal TestDatabase(string name, string owner) => (Name, OwnerConnectionString) = (name, owner);

    public string Name { get; }

    /// <summary>Connects as the owner of all schemas, a superuser.</summary>
    public string OwnerConnectionString { get; }

    public NpgsqlDataSource Owner =>
        sources.GetOrAdd("", _ => new(() => NpgsqlDataSource.Create(OwnerConnectionString))).Value;

    /// <summary>Connections as a service's own role, in its schema; the same object for the same name.</summary>
    public NpgsqlDataSource Source(string service) =>
        sources.GetOrAdd(service, name => new(() => NpgsqlDataSource.Create(ConnectionString(name)))).Value;

    public string ConnectionString(string service) => ServiceConnection.Private(OwnerConnectionString, service);

    /// <summary>What a service's features take, where the service's own subclass is not wanted.</summary>
    public ServiceDatabase Service(string service, TimeProvider? clock = null) =>
        new AnyService(service, Source(service), clock ?? TimeProvider.System);

    /// <summary>What a host needs in its configuration to use this database.</summary>
    public IReadOnlyDictionary<string, string?> Configuration =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Owner"] = OwnerConnectionString,
            ["ConnectionStrings:Catalog"] = ConnectionString("catalog"),
            ["ConnectionStrings:Ordering"] = ConnectionString("ordering"),
            ["ConnectionStrings:Identity"] = ConnectionString("identity"),
        };

    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
            await source.Value.DisposeAsync();
        await TestPostgres.Drop(Name);
    }

    sealed class AnyService(string name, NpgsqlDataSource source, TimeProvider clock)
        : ServiceDatabase(name, source, clock);
}
