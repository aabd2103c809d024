using Dapper;
using Kontor.Journal;
using Kontor.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Kontor.Platform.Tests.Postgres;

/// <summary>With a synchronous standby that is away, a commit waits. Cut short, it would be reported as done.</summary>
[Trait("Kind", "slow")]
public sealed class CommitTests
{
    static readonly TimeSpan WellPastTheTimeout = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_commit_outlasts_the_command_timeout()
    {
        using var folder = new ScratchFolder();
        await using var cluster = await folder.Start();
        await using var standby = await MissingStandby(cluster);
        await using var service = await Service(cluster);
        var commit = Commit(service);
        await WaitsForStandby(service, cluster);

        await Task.Delay(WellPastTheTimeout);
        Assert.False(commit.IsCompleted);
        await standby.ExecuteAsync("alter system reset synchronous_standby_names");
        await standby.ExecuteAsync("select pg_reload_conf()");

        await commit;
    }

    [Fact]
    public async Task A_commit_cut_short_by_the_server_is_no_success()
    {
        using var folder = new ScratchFolder();
        await using var cluster = await folder.Start();
        await using var standby = await MissingStandby(cluster);
        await using var service = await Service(cluster);
        var commit = Commit(service);
        await WaitsForStandby(service, cluster);

        await standby.ExecuteAsync("select pg_cancel_backend(@ProcessID)", new { service.ProcessID });

        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => commit);
    }

    [Fact]
    public async Task A_commit_whose_session_the_server_ends_is_no_success()
    {
        using var folder = new ScratchFolder();
        await using var cluster = await folder.Start();
        await using var standby = await MissingStandby(cluster);
        await using var service = await Service(cluster);
        var commit = Commit(service);
        await WaitsForStandby(service, cluster);

        await standby.ExecuteAsync("select pg_terminate_backend(@ProcessID)", new { service.ProcessID });

        await Assert.ThrowsAsync<CommitOutcomeUnknownException>(() => commit);
    }

    static async Task<NpgsqlConnection> MissingStandby(PrivateCluster cluster)
    {
        await Migrations.Apply(
            cluster.ConnectionString,
            [ServiceSchema.Of("catalog", typeof(CommitTests).Assembly)],
            NullLogger.Instance,
            CancellationToken.None
        );
        var connection = new NpgsqlConnection($"{cluster.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync("set synchronous_commit = local");
        await connection.ExecuteAsync("alter system set synchronous_standby_names = 'missing'");
        await connection.ExecuteAsync("select pg_reload_conf()");
        return connection;
    }

    static async Task<NpgsqlConnection> Service(PrivateCluster cluster)
    {
        var settings = new NpgsqlConnectionStringBuilder(ServiceConnection.Private(cluster.ConnectionString, "catalog"))
        {
            CommandTimeout = 1,
            Pooling = false,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await Eventually.Holds(
            "the session knows of the standby",
            async () => await connection.ExecuteScalarAsync<string>("show synchronous_standby_names") == "missing"
        );
        return connection;
    }

    static async Task Commit(NpgsqlConnection service)
    {
        await using var transaction = await service.BeginTransactionAsync();
        await service.ExecuteAsync("insert into leases (role) values ('planted')");
        await transaction.CommitWhole();
    }

    static async Task WaitsForStandby(NpgsqlConnection service, PrivateCluster cluster)
    {
        await using var observer = new NpgsqlConnection($"{cluster.ConnectionString};Pooling=false");
        await Eventually.Holds(
            "the commit waits for the standby",
            async () =>
                await observer.ExecuteScalarAsync<bool>(
                    "select wait_event is not distinct from 'SyncRep' from pg_stat_activity where pid = @ProcessID",
                    new { service.ProcessID }
                )
        );
    }
}
