using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Kontor.Platform.Postgres;

/// <summary>One run of the server, under a guard that outlives this process just long enough to stop it.</summary>
[UnsupportedOSPlatform("windows")]
sealed class ServerProcess : IDisposable
{
    // The guard is a shell that waits for the server. A second shell blocks on a pipe from this process: when we die,
    // however, the pipe closes and the server gets a fast shutdown. (A parent-death signal would follow the thread that
    // forked, and pool threads come and go.) The server gets neither our standard input nor the pipe.
    const string Guard = """
        log=$1 scrap=$2; shift 2
        exec 3<&0
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        server=$!
        { read -r _ <&3; kill -INT $server 2>/dev/null; } &
        reader=$!
        echo $server
        exec >/dev/null
        wait $server; code=$?
        kill $reader 2>/dev/null
        [ -z "$scrap" ] || rm -rf -- "$scrap"
        exit $code
        """;

    static readonly string[] OwnSession = ["/usr/bin/setsid", "/bin/setsid"];
    static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    readonly Process guard;

    ServerProcess(Process guard, int id) => (this.guard, Id) = (guard, id);

    /// <summary>The process id of the server, not of its guard.</summary>
    public int Id { get; }

    public bool HasExited => guard.HasExited;

    public static async Task<ServerProcess> Start(
        ClusterPlace place,
        PostgresBinaries binaries,
        IEnumerable<string> settings,
        bool throwaway,
        CancellationToken stop
    )
    {
        string[] server =
        [
            binaries.PathOf("postgres"),
            "-D",
            place.Cluster,
            .. settings.Select(setting => $"--{setting}"),
        ];
        string[] script = ["-c", Guard, "kontor-postgres", place.Log, throwaway ? place.Folder : "", .. server];
        // A session of its own: Ctrl-C in a terminal reaches the whole group, and this process still has to drain.
        var setsid = Array.Find(OwnSession, File.Exists);
        var start = setsid is null
            ? ChildProcess.Describe("/bin/sh", script, place.User)
            : ChildProcess.Describe(setsid, ["/bin/sh", .. script], place.User);
        start.RedirectStandardError = false;
        var shell = Process.Start(start) ?? throw new PostgresUnavailableException("/bin/sh did not start.");
        var line = await shell.StandardOutput.ReadLineAsync(stop);
        return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new(shell, id)
            : throw new PostgresUnavailableException("The shell that guards PostgreSQL died at its start.");
    }

    public Task WaitForExit(CancellationToken stop) => guard.WaitForExitAsync(stop);

    /// <summary>A fast shutdown: sessions are ended, everything committed is on disk. False: it took too long.</summary>
    public async Task<bool> Stop()
    {
        guard.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await guard.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>For the end of the process, where nothing can be awaited.</summary>
    public void StopNow()
    {
        guard.StandardInput.Close();
        guard.WaitForExit(StopLimit);
    }

    public void Dispose() => guard.Dispose();
}
