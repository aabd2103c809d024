using System.Reflection;
using Dapper;
using Kontor.Journal;
using Kontor.Platform.Postgres;
using Kontor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Kontor.Platform.Tests.Postgres;

public sealed class MigrationTests : IAsyncLifetime
{
    // The second script of this assembly builds an index concurrently.
    static readonly ServiceSchema Things = new(
        "things",
        [typeof(EventJournal).Assembly, Assembly.GetExecutingAssembly()]
    );

    TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestPostgres.NewEmptyDatabase();

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Eight_at_once_apply_each_script_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Apply(Things)));

        Assert.Equal(4, applied.Sum());
        Assert.Equal(
            100,
            await database.Source("things").CreateConnection().ExecuteScalarAsync<int>("select count(*) from things")
        );
        Assert.True(
            await database
                .Owner.CreateConnection()
                .ExecuteScalarAsync<bool>(
                    "select indisvalid from pg_index where indexrelid = 'things.things_name'::regclass"
                )
        );
    }

    [Fact]
    public async Task A_script_changed_after_it_was_applied_is_refused()
    {
        await Apply(Things);
        await database
            .Owner.CreateConnection()
            .ExecuteAsync("update kontor.scripts set sha256 = 'x' where name like '%0001-things%'");

        var refusal = await Assert.ThrowsAsync<ScriptChangedException>(() => Apply(Things));

        Assert.Contains("0001-things.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_meets_a_busy_table_lets_go_and_comes_again()
    {
        await Apply(Things);
        await using var owner = await database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync("alter table things.things drop column note");
        await owner.ExecuteAsync("delete from kontor.scripts where name like '%0003-things-note%'");
        await using var reader = await database.Source("things").OpenConnectionAsync();
        await using var transaction = await reader.BeginTransactionAsync();
        await reader.ExecuteAsync("select from things");

        var migration = Apply(Things);
        var tries = new HashSet<DateTime>();
        await Eventually.Holds(
            "it tries twice",
            async () =>
            {
                tries.UnionWith(
                    await owner.QueryAsync<DateTime>(
                        """
                        select xact_start from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock' and xact_start is not null
                        """
                    )
                );
                return tries.Count >= 2;
            }
        );
        await transaction.CommitAsync();

        Assert.Equal(1, await migration);
    }

    [Fact]
    public async Task What_is_missing_can_be_asked_with_the_services_role()
    {
        await Apply(Things with { Scripts = [typeof(EventJournal).Assembly] });

        var missing = await Migrations.Missing(database.Source("things"), Things, CancellationToken.None);

        Assert.Equal(
            ["0001-things.sql", "0002-things-by-name.sql", "0003-things-note.sql"],
            missing.Select(name => name.Replace("Kontor.Platform.Tests.Schema.", "", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task The_printed_script_builds_the_same_and_is_recorded()
    {
        var binaries = await PostgresBinaries.Find(null, null, CancellationToken.None);
        Assert.SkipUnless(File.Exists(binaries!.PathOf("psql")), "psql is not beside the server programs.");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Migrations.Script([Things]));
        var owner = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString);

        var (code, output) = await ChildProcess.Try(
            binaries.PathOf("psql"),
            [
                "-X",
                "-q",
                "-h",
                owner.Host!,
                "-U",
                owner.Username!,
                "-d",
                database.Name,
                "-v",
                "ON_ERROR_STOP=1",
                "-f",
                file,
            ],
            null,
            CancellationToken.None
        );
        File.Delete(file);

        Assert.True(code == 0, output);
        Assert.Equal(0, await Apply(Things));
    }

    [Fact]
    public async Task Two_services_with_one_role_are_refused()
    {
        var same = Things with { Name = "others" };

        await Assert.ThrowsAsync<PostgresUnavailableException>(() => Apply(Things, same));
    }

    [Fact]
    public async Task A_password_is_kept_as_postgresql_itself_keeps_it()
    {
        var service = Things with { Name = "sealed", Role = "kontor_sealed", Password = "Pässword '1'" };
        await Apply(service);

        var kept = await database
            .Owner.CreateConnection()
            .ExecuteScalarAsync<string>("select rolpassword from pg_authid where rolname = 'kontor_sealed'");

        var parts = kept!.Split('$', ':');
        Assert.Equal(kept, ScramVerifier.Of(service.Password, Convert.FromBase64String(parts[2])));
    }

    Task<int> Apply(params ServiceSchema[] services) =>
        Migrations.Apply(database.OwnerConnectionString, services, NullLogger.Instance, CancellationToken.None);
}
