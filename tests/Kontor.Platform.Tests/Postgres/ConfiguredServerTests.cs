using Kontor.Platform.Postgres;
using Kontor.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Kontor.Platform.Tests.Postgres;

public sealed class ConfiguredServerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_configured_server_wins_and_the_data_folder_stays_empty()
    {
        var folder = Path.Combine(Path.GetTempPath(), "kontor-not-made");

        await using var access = await Open(postgres.Database.Configuration, folder);

        Assert.Equal(PostgresOrigin.Configured, access.Origin);
        Assert.Equal(0, await access.Migrate(TestPostgres.Schemas, NullLogger.Instance, CancellationToken.None));
        Assert.Empty(
            await Migrations.Missing(access.Source("catalog"), TestPostgres.Schemas[0], CancellationToken.None)
        );
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_service_that_is_not_configured_is_named()
    {
        var configured = new Dictionary<string, string?> { ["ConnectionStrings:Catalog"] = "Host=db;Username=shop" };
        await using var access = await Open(configured, "unused");

        var ordering = Assert.Throws<PostgresUnavailableException>(() => access.Source("ordering"));
        var owner = Assert.Throws<PostgresUnavailableException>(() => access.OwnerConnectionString);

        Assert.StartsWith("ConnectionStrings:Ordering is not set", ordering.Message, StringComparison.Ordinal);
        Assert.StartsWith("ConnectionStrings:Owner is not set", owner.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_connection_string_says_for_itself_stands()
    {
        var configured = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Catalog"] = "Host=db;Username=shop;Password=secret;MaxPoolSize=7;Command Timeout=9",
        };
        await using var access = await Open(configured, "unused");

        var settings = new NpgsqlConnectionStringBuilder(access.ConnectionString("catalog"));
        var login = access.WithLogin(TestPostgres.Schemas[0]);

        Assert.Equal((7, 9), (settings.MaxPoolSize, settings.CommandTimeout));
        Assert.Equal(
            ("catalog", "kontor-catalog", 64),
            (settings.SearchPath, settings.ApplicationName, settings.MaxAutoPrepare)
        );
        Assert.Equal(("shop", "secret"), (login.Role, login.Password));
        Assert.DoesNotContain("secret", $"{login}", StringComparison.Ordinal);
    }

    static Task<PostgresAccess> Open(IReadOnlyDictionary<string, string?> configured, string folder) =>
        PostgresAccess.Open(
            folder,
            new ConfigurationBuilder().AddInMemoryCollection(configured).Build(),
            PostgresUse.Serve,
            NullLogger.Instance,
            CancellationToken.None
        );
}
