using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kontor.Identity.Tests;

/// <summary>A throwaway PostgreSQL on a socket in a temporary folder; also as root, by dropping to the user postgres.</summary>
sealed partial class PostgresServer : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("kontor-identity-").FullName;
    readonly string binaries;
    readonly Process process;

    public PostgresServer()
    {
        binaries =
            Directory
                .EnumerateFiles("/usr/lib/postgresql", "initdb", SearchOption.AllDirectories)
                .OrderByDescending(file => int.Parse(Version().Match(file).Value))
                .Select(Path.GetDirectoryName)
                .FirstOrDefault()
            ?? throw new InvalidOperationException("PostgreSQL is not installed.");
        if (Environment.IsPrivilegedProcess)
            Run("/bin/chown", "postgres", folder).WaitForExit();
        using (
            var init = Run($"{binaries}/initdb", "-D", $"{folder}/data", "-U", "postgres", "--no-sync", "-A", "trust")
        )
            init.WaitForExit();
        process = Run(
            $"{binaries}/postgres",
            ["-D", $"{folder}/data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        );
    }

    public string ConnectionString => $"Host={folder};Username=postgres;Database=postgres;Maximum Pool Size=20";

    Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (Environment.IsPrivilegedProcess && program != "/bin/chown")
            start.UserName = "postgres";
        var started = Process.Start(start)!;
        started.BeginOutputReadLine();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        using (var stop = Run($"{binaries}/pg_ctl", "stop", "-D", $"{folder}/data", "-m", "immediate"))
            await stop.WaitForExitAsync();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("(?<=postgresql/)[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Version();
}
