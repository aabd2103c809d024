using System.ComponentModel;
using System.Diagnostics;

namespace Kontor.Platform.Postgres;

/// <summary>Runs PostgreSQL's programs, as another user where this process is root.</summary>
static class ChildProcess
{
    /// <param name="user">The user to become, or null to stay the same. .NET drops groups and ids in the child itself,
    /// so that neither setpriv nor runuser is needed.</param>
    public static ProcessStartInfo Describe(string file, IEnumerable<string> arguments, string? user)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        // PGDATA, PGPORT and the like belong to somebody's other server.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        if (user is not null)
            start.UserName = user;
        return start;
    }

    public static async Task Run(string file, IEnumerable<string> arguments, string? user, CancellationToken stop)
    {
        var (code, output) = await Try(file, arguments, user, stop);
        if (code != 0)
            throw new PostgresUnavailableException($"{file} failed with exit code {code}: {output}");
    }

    /// <summary>The exit code and everything written. 127: there is no such program.</summary>
    public static async Task<(int Code, string Output)> Try(
        string file,
        IEnumerable<string> arguments,
        string? user,
        CancellationToken stop
    )
    {
        using var process = Begin(file, arguments, user);
        if (process is null)
            return (127, $"{file} cannot be run.");

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        try
        {
            await process.WaitForExitAsync(stop);
            return (process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    static Process? Begin(string file, IEnumerable<string> arguments, string? user)
    {
        try
        {
            return Process.Start(Describe(file, arguments, user));
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
