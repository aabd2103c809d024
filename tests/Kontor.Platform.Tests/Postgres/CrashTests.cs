using System.Diagnostics;
using Kontor.Platform.Postgres;
using Xunit;

namespace Kontor.Platform.Tests.Postgres;

/// <summary>What is killed with signal 9, and what must come back.</summary>
[Trait("Kind", "slow")]
public sealed class CrashTests
{
    [Fact]
    public async Task A_killed_server_is_started_again_under_the_running_host()
    {
        using var folder = new ScratchFolder();
        await using var cluster = await folder.Start();
        await ScratchFolder.Remember(cluster.ConnectionString);
        var killed = cluster.ServerId;

        Kill(killed);

        Assert.Equal("teapot", await Eventually.Answers(() => ScratchFolder.Recall(cluster.ConnectionString)));
        Assert.NotEqual(killed, cluster.ServerId);
    }

    [Fact]
    public async Task A_killed_host_takes_its_server_along_and_loses_nothing()
    {
        using var folder = new ScratchFolder();
        using var host = await HostProcess.Start(folder.Data);
        await ScratchFolder.Remember(host.ConnectionString);

        host.Kill();

        await Eventually.Holds("the server is gone", () => Task.FromResult(!IsAlive(host.ServerId)));
        await using var again = await folder.Start();
        Assert.Equal("teapot", await ScratchFolder.Recall(again.ConnectionString));
    }

    [Fact]
    public async Task A_server_left_without_host_and_guard_is_stopped_before_the_next()
    {
        using var folder = new ScratchFolder();
        using var host = await HostProcess.Start(folder.Data);
        await ScratchFolder.Remember(host.ConnectionString);
        host.KillGuards(folder.Data);
        host.Kill();
        Assert.True(IsAlive(host.ServerId));

        await using var again = await folder.Start();

        Assert.False(IsAlive(host.ServerId));
        Assert.Equal("teapot", await ScratchFolder.Recall(again.ConnectionString));
    }

    [Fact]
    public async Task A_pid_file_that_names_a_living_stranger_stops_nobody()
    {
        using var folder = new ScratchFolder();
        var pidFile = Path.Combine(folder.Cluster, "postmaster.pid");
        string[] left;
        await using (var cluster = await folder.Start())
        {
            await ScratchFolder.Remember(cluster.ConnectionString);
            left = await File.ReadAllLinesAsync(pidFile);
        }
        // It takes its input's end as its own, so that it does not outlive a failed test.
        using var stranger = Process.Start(
            new ProcessStartInfo("cat") { RedirectStandardInput = true, UseShellExecute = false }
        )!;
        left[0] = $"{stranger.Id}";
        await File.WriteAllLinesAsync(pidFile, left);
        await File.WriteAllLinesAsync(Path.Combine(folder.Data, "postgres", ".s.PGSQL.5432.lock"), left);

        await using (var again = await folder.Start())
            Assert.Equal("teapot", await ScratchFolder.Recall(again.ConnectionString));

        Assert.False(stranger.HasExited);
        stranger.StandardInput.Close();
    }

    [Fact]
    public async Task A_command_attaches_to_the_server_beside_it_and_leaves_it_running()
    {
        using var folder = new ScratchFolder();
        using var host = await HostProcess.Start(folder.Data);
        var mode = File.GetUnixFileMode(Path.Combine(folder.Data, "connection.json"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);

        await using (var command = await folder.Open(PostgresUse.Command))
        {
            Assert.Equal(PostgresOrigin.Attached, command.Origin);
            await ScratchFolder.Remember(command.OwnerConnectionString);
        }

        var second = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.Open(PostgresUse.Serve));
        Assert.Contains($"{host.Id}", second.Message, StringComparison.Ordinal);
        Assert.Equal("teapot", await ScratchFolder.Recall(host.ConnectionString));
        host.Kill();
    }

    [Fact]
    public async Task A_command_without_a_server_has_the_cluster_for_itself_and_the_next_waits()
    {
        using var folder = new ScratchFolder();
        var first = await folder.Open(PostgresUse.Command);
        var next = folder.Open(PostgresUse.Serve);
        await ScratchFolder.Remember(first.OwnerConnectionString);
        Assert.Equal(PostgresOrigin.Private, first.Origin);

        await first.DisposeAsync();

        await using var serving = await next;
        Assert.Equal("teapot", await ScratchFolder.Recall(serving.OwnerConnectionString));
    }

    [Fact]
    public async Task A_connection_file_left_by_a_killed_server_leads_nobody_astray()
    {
        using var folder = new ScratchFolder();
        using var host = await HostProcess.Start(folder.Data);
        await ScratchFolder.Remember(host.ConnectionString);
        host.Kill();
        Assert.True(File.Exists(Path.Combine(folder.Data, "connection.json")));

        await using (var command = await folder.Open(PostgresUse.Command))
        {
            Assert.Equal(PostgresOrigin.Private, command.Origin);
            Assert.Equal("teapot", await ScratchFolder.Recall(command.OwnerConnectionString));
        }

        Assert.False(File.Exists(Path.Combine(folder.Data, "connection.json")));
    }

    static void Kill(int process)
    {
        using var victim = Process.GetProcessById(process);
        victim.Kill();
    }

    // An orphan that ended keeps its entry until somebody waits for it; its command line is empty then.
    static bool IsAlive(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("postgres", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
