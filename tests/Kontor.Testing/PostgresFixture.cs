using Npgsql;

namespace Kontor.Testing;

/// <summary>One migrated database for all tests of a class: <c>IClassFixture&lt;PostgresFixture&gt;</c>.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    TestDatabase? database;

    /// <summary>Skips the test that asks where there is no PostgreSQL: xunit takes a skip from a test, not from a fixture.</summary>
    public TestDatabase Database
    {
        get
        {
            Assert.SkipWhen(database is null, TestPostgres.WhyNot);
            return database;
        }
    }

    public NpgsqlDataSource Source(string service) => Database.Source(service);

    public async ValueTask InitializeAsync()
    {
        if (await TestPostgres.IsThere())
            database = await TestPostgres.NewDatabase();
    }

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
