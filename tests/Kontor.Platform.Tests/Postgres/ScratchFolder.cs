using Dapper;
using Kontor.Platform.Postgres;
using Kontor.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Kontor.Platform.Tests.Postgres;

/// <summary>A data folder for one test, in which it starts clusters; it goes when the test ends.</summary>
sealed class ScratchFolder : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("kontor-scratch-").FullName;

    /// <param name="path">The data folder's path below the scratch folder.</param>
    /// <param name="isOpen">Whether other users may enter the scratch folder.</param>
    public ScratchFolder(string path = "shop/.kontor", bool isOpen = true)
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows()
                || PostgresBinaries.Find(null, null, CancellationToken.None).GetAwaiter().GetResult() is null,
            TestPostgres.WhyNot
        );
        if (isOpen)
            File.SetUnixFileMode(root, File.GetUnixFileMode(root) | UnixFileMode.OtherExecute);
        Data = Path.Combine(root, path);
    }

    /// <summary>Kontor's data folder, not made yet.</summary>
    public string Data { get; }

    public string Cluster => Path.Combine(Data, "postgres", "data");

    public Task<PrivateCluster> Start() =>
        PrivateCluster.Start(new(Data), NullLogger.Instance, TestContext.Current.CancellationToken);

    public Task<PostgresAccess> Open(PostgresUse use) =>
        PostgresAccess.Open(
            Data,
            new ConfigurationBuilder().Build(),
            use,
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );

    /// <summary>Writes a row that a later start must find.</summary>
    public static async Task Remember(string connectionString)
    {
        await using var connection = NewConnection(connectionString);
        await connection.ExecuteAsync("create table remembered (what text); insert into remembered values ('teapot')");
    }

    public static async Task<string?> Recall(string connectionString)
    {
        await using var connection = NewConnection(connectionString);
        return await connection.ExecuteScalarAsync<string>("select what from remembered");
    }

    // Not pooled: servers come and go under one address here.
    static NpgsqlConnection NewConnection(string connectionString) => new($"{connectionString};Pooling=false");

    public void Dispose()
    {
        var nameplate = Path.Combine(Data, "cluster-folder");
        if (File.Exists(nameplate) && File.ReadAllText(nameplate).Trim() is var folder && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.Delete(root, recursive: true);
    }
}
