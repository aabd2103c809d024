using Dapper;
using Kontor.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Kontor.Platform.Tests.Postgres;

public sealed class ClusterTests
{
    [Fact]
    public async Task The_first_start_makes_a_cluster_with_checksums_and_later_starts_keep_it()
    {
        using var folder = new ScratchFolder();
        int first;
        await using (var cluster = await folder.Start())
        {
            await using var connection = new NpgsqlConnection($"{cluster.ConnectionString};Pooling=false");
            Assert.Equal("on", await connection.ExecuteScalarAsync<string>("show data_checksums"));
            Assert.Equal("äø", await connection.ExecuteScalarAsync<string>("select lower('ÄØ')"));
            Assert.Equal("", await connection.ExecuteScalarAsync<string>("show listen_addresses"));
            await ScratchFolder.Remember(cluster.ConnectionString);
            first = cluster.ServerId;
        }
        Assert.False(Directory.Exists($"/proc/{first}"));

        await using var again = await folder.Start();

        Assert.Equal("teapot", await ScratchFolder.Recall(again.ConnectionString));
    }

    [Fact]
    public async Task A_second_owner_is_refused_and_disturbs_nothing()
    {
        using var folder = new ScratchFolder();
        await using var cluster = await folder.Start();
        var server = cluster.ServerId;

        await Assert.ThrowsAsync<ClusterTakenException>(folder.Start);

        await ScratchFolder.Remember(cluster.ConnectionString);
        Assert.Equal(server, cluster.ServerId);
    }

    [Fact]
    public async Task A_half_made_cluster_is_made_anew()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.Cluster + ".new/base");

        await using var cluster = await folder.Start();

        await ScratchFolder.Remember(cluster.ConnectionString);
        Assert.False(Directory.Exists(folder.Cluster + ".new"));
    }

    [Theory]
    [InlineData("PG_VERSION")]
    [InlineData("postgres/data/PG_VERSION")]
    public async Task A_cluster_that_somebody_else_made_is_left_alone(string versionFile)
    {
        using var folder = new ScratchFolder();
        var file = Path.Combine(folder.Data, versionFile);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "15\n");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(folder.Start);

        Assert.Contains("Choose another data folder", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task A_cluster_of_a_version_that_is_not_here_is_not_touched()
    {
        using var folder = new ScratchFolder();
        await (await folder.Start()).DisposeAsync();
        var version = Path.Combine(folder.Cluster, "PG_VERSION");
        await File.WriteAllTextAsync(version, "99\n");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(folder.Start);

        Assert.Contains("made by PostgreSQL 99", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_gets_a_private_folder_for_it()
    {
        using var folder = new ScratchFolder($"{new string('a', 60)}/{new string('b', 60)}");
        string socket;
        await using (var cluster = await folder.Start())
        {
            await ScratchFolder.Remember(cluster.ConnectionString);
            socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
            Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(socket), 8));
            Assert.NotEqual(cluster.Folder, socket);
        }

        Assert.False(Directory.Exists(socket));
    }

    [Fact]
    public async Task A_data_folder_that_the_servers_user_cannot_enter_names_a_cluster_elsewhere()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root's server runs as another user.");
        using var folder = new ScratchFolder(isOpen: false);
        string place;
        await using (var cluster = await folder.Start())
        {
            await ScratchFolder.Remember(cluster.ConnectionString);
            place = cluster.Folder;
        }
        var named = await File.ReadAllTextAsync(Path.Combine(folder.Data, "cluster-folder"));
        Assert.StartsWith("/var/lib/kontor/", place, StringComparison.Ordinal);
        Assert.Equal(place, named.Trim());

        await using var again = await folder.Start();

        Assert.Equal(place, again.Folder);
        Assert.Equal("teapot", await ScratchFolder.Recall(again.ConnectionString));
    }

    [Fact]
    public async Task Root_gives_no_folder_away_that_a_data_folder_names()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root could give it away.");
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.Data);
        var nameplate = Path.Combine(folder.Data, "cluster-folder");
        await File.WriteAllTextAsync(nameplate, "/var/lib/kontor/../../kontor-planted\n");

        await Assert.ThrowsAsync<PostgresUnavailableException>(folder.Start);

        File.Delete(nameplate);
        Assert.False(Directory.Exists("/var/kontor-planted"));
    }

    [Fact]
    public async Task A_folder_without_server_programs_says_what_to_install()
    {
        using var folder = new ScratchFolder();
        var options = new ClusterOptions(folder.Data) { Binaries = "/nowhere" };

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() =>
            PrivateCluster.Start(options, NullLogger.Instance, CancellationToken.None)
        );

        Assert.Contains("apt-get install postgresql", refusal.Message, StringComparison.Ordinal);
    }
}
