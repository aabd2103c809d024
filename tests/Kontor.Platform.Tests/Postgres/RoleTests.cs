using Dapper;
using Kontor.Testing;
using Npgsql;
using Xunit;

namespace Kontor.Platform.Tests.Postgres;

public sealed class RoleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Refused = PostgresErrorCodes.InsufficientPrivilege;

    [Theory]
    [InlineData("catalog", "ordering")]
    [InlineData("ordering", "identity")]
    [InlineData("identity", "catalog")]
    public async Task A_service_is_refused_at_anothers_tables(string mine, string other)
    {
        await using var connection = await postgres.Source(mine).OpenConnectionAsync();

        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select count(*) from journal"));
        Assert.Equal(Refused, await RefusalOf(connection, $"select 1 from {other}.journal"));
        Assert.Equal(Refused, await RefusalOf(connection, $"insert into {other}.leases (role) values ('mine')"));
        Assert.Equal(Refused, await RefusalOf(connection, $"set role kontor_{other}"));
        Assert.Equal(Refused, await RefusalOf(connection, $"create table {mine}.planted (id int)"));
        Assert.Equal(Refused, await RefusalOf(connection, "delete from kontor.scripts"));
    }

    [Theory]
    [InlineData("update journal set body = '{}'")]
    [InlineData("update journal set type = 'x'")]
    [InlineData("delete from journal")]
    [InlineData("truncate journal")]
    [InlineData("alter table journal disable trigger all")]
    public async Task Nobody_changes_an_event(string attempt)
    {
        await using var connection = await postgres.Source("catalog").OpenConnectionAsync();

        Assert.Equal(Refused, await RefusalOf(connection, attempt));
    }

    [Fact]
    public async Task The_sequence_is_given_by_the_services_own_role()
    {
        await using var connection = await postgres.Source("ordering").OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();

        await connection.ExecuteAsync(
            "insert into journal (stream, version, type, time, body) values ('s', 1, 'a.b.v1', now(), '{}')"
        );
        var numbered = await connection.ExecuteAsync("update journal set sequence = 1 where coalesce(sequence, 0) = 0");

        Assert.Equal(1, numbered);
    }

    [Fact]
    public async Task A_service_connects_under_its_name_into_its_schema()
    {
        await using var connection = await postgres.Source("identity").OpenConnectionAsync();

        var (user, schema, application) = await connection.QuerySingleAsync<(string, string, string)>(
            "select current_user::text, current_schema()::text, current_setting('application_name')"
        );

        Assert.Equal(("kontor_identity", "identity", "kontor-identity"), (user, schema, application));
        Assert.Equal("5s", await connection.ExecuteScalarAsync<string>("show lock_timeout"));
        Assert.Equal("0", await connection.ExecuteScalarAsync<string>("show statement_timeout"));
        Assert.Equal("1min", await connection.ExecuteScalarAsync<string>("show idle_in_transaction_session_timeout"));
    }

    static async Task<string?> RefusalOf(NpgsqlConnection connection, string sql) =>
        (await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql))).SqlState;
}
