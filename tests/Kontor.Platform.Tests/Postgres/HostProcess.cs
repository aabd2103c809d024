using System.Diagnostics;
using System.Globalization;
using Kontor.Platform.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Platform.Tests.Postgres;

/// <summary>A process of its own that serves a data folder, so that it can be killed.</summary>
sealed class HostProcess : IDisposable
{
    public const string FolderVariable = "KONTOR_TEST_SERVES";

    readonly Process process;

    HostProcess(Process process, int server, string connection) =>
        (this.process, ServerId, ConnectionString) = (process, server, connection);

    public int Id => process.Id;

    public int ServerId { get; }

    public string ConnectionString { get; }

    /// <summary>Starts this test program again; its startup hook serves instead of running tests.</summary>
    public static async Task<HostProcess> Start(string dataFolder)
    {
        var program = typeof(HostProcess).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = program;
        start.Environment[FolderVariable] = dataFolder;
        var host = Process.Start(start)!;
        var server = await host.StandardOutput.ReadLineAsync();
        var connection = await host.StandardOutput.ReadLineAsync();
        return new(host, int.Parse(server!, CultureInfo.InvariantCulture), connection!);
    }

    /// <summary>What the other process does: it serves until it is killed.</summary>
    public static void Serve(string dataFolder)
    {
        var configuration = new ConfigurationBuilder().Build();
        var access = PostgresAccess
            .Open(dataFolder, configuration, PostgresUse.Serve, NullLogger.Instance, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        var pidFile = Path.Combine(dataFolder, "postgres", "data", "postmaster.pid");
        Console.WriteLine(File.ReadLines(pidFile).First());
        Console.WriteLine(access.OwnerConnectionString);
        Console.In.ReadToEnd();
    }

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Kills the shells that would stop the server when its host is gone.</summary>
    public void KillGuards(string dataFolder)
    {
        foreach (var entry in Directory.GetDirectories("/proc").Where(e => int.TryParse(Path.GetFileName(e), out _)))
            if (File.Exists($"{entry}/cmdline"))
            {
                var words = ReadOrEmpty($"{entry}/cmdline").Split('\0');
                if (
                    words.Contains("kontor-postgres")
                    && words.Any(w => w.StartsWith(dataFolder, StringComparison.Ordinal))
                )
                    Process.GetProcessById(int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture)).Kill();
            }
    }

    static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }
}
