using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Kontor.Platform.Postgres;

/// <summary>Clears away what a killed server or a killed host left behind, and nothing else.</summary>
[UnsupportedOSPlatform("windows")]
static class Leftovers
{
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The pid file and the socket's lock file name a process. PostgreSQL believes them when any process has that id, so
    /// a number used again keeps it from starting: we ask whether that process is this cluster's server.
    /// </summary>
    public static async Task Clear(ClusterPlace place, PostgresBinaries binaries, string socket, CancellationToken stop)
    {
        var pidFile = Path.Combine(place.Cluster, "postmaster.pid");
        if (File.Exists(pidFile))
        {
            if (FirstNumber(pidFile) is { } id && await IsServerOf(place, id, stop))
                await StopServer(place, binaries, id, stop);
            File.Delete(pidFile);
        }
        foreach (var file in Directory.EnumerateFiles(socket, ".s.PGSQL.*"))
            File.Delete(file);
    }

    /// <summary>
    /// Ends sessions that lost their server: a long query does not notice, and its shared memory keeps a new server out.
    /// They are known by their working folder, which is the cluster's.
    /// </summary>
    public static void EndSessions(ClusterPlace place)
    {
        if (!Directory.Exists("/proc/self"))
            return;
        foreach (var process in Process.GetProcessesByName("postgres"))
            using (process)
                if (WorkingFolderOf(process.Id) == place.Cluster)
                    process.Kill();
    }

    static async Task StopServer(ClusterPlace place, PostgresBinaries binaries, int id, CancellationToken stop)
    {
        // Exit codes are not looked at: the server may end by itself in between. Whether it is gone is what counts.
        string[] arguments = ["stop", "-D", place.Cluster, "-w", "-t", $"{StopLimit.TotalSeconds}", "-m"];
        await ChildProcess.Try(binaries.PathOf("pg_ctl"), [.. arguments, "fast"], place.User, stop);
        if (await IsServerOf(place, id, stop))
            await ChildProcess.Try(binaries.PathOf("pg_ctl"), [.. arguments, "immediate"], place.User, stop);
        if (await IsServerOf(place, id, stop))
            throw new PostgresUnavailableException($"The server left in {place.Folder} (process {id}) does not stop.");
    }

    static async Task<bool> IsServerOf(ClusterPlace place, int id, CancellationToken stop)
    {
        var words = await CommandLine(id, stop);
        var at = words.IndexOf("-D");
        return at >= 0
            && at + 1 < words.Count
            && words[at + 1] == place.Cluster
            && Path.GetFileName(words[0]) is "postgres" or "postmaster";
    }

    // A killed process that nobody has waited for yet still has its entry, with an empty command line.
    static async Task<List<string>> CommandLine(int id, CancellationToken stop)
    {
        if (!Directory.Exists("/proc/self"))
            return [.. (await ChildProcess.Try("ps", ["-o", "command=", "-p", $"{id}"], null, stop)).Output.Split(' ')];
        try
        {
            return [.. (await File.ReadAllTextAsync($"/proc/{id}/cmdline", stop)).Split('\0')];
        }
        catch (IOException)
        {
            return [""];
        }
    }

    static string? WorkingFolderOf(int id)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static int? FirstNumber(string file) =>
        int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) ? id : null;
}
