using System.Diagnostics;
using System.Text;
using Kontor.Platform.Postgres;

namespace Kontor.Bench.Rig;

/// <summary>A program of ours in a process of its own, which says in one line when it is ready.</summary>
/// <remarks>Its standard input ends with this process, however that ends; programs that look at it end too.</remarks>
sealed class RunningProgram : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(40);

    readonly Process process;

    RunningProgram(Process process, string ready) => (this.process, Ready) = (process, ready);

    public int Id => process.Id;

    /// <summary>The line that said so.</summary>
    public string Ready { get; }

    public double Megabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    public static async Task<RunningProgram> Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? settings,
        CancellationToken stop
    )
    {
        var begun = Begin(program, arguments, settings);
        var said = new StringBuilder();
        begun.ErrorDataReceived += (_, line) =>
        {
            lock (said)
                said.AppendLine(line.Data);
        };
        begun.BeginErrorReadLine();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(StartLimit);
        try
        {
            var ready = await begun.StandardOutput.ReadLineAsync(late.Token);
            if (ready is not null)
                return new(begun, ready);
        }
        catch (OperationCanceledException)
        {
            begun.Kill(entireProcessTree: true);
            begun.Dispose();
            throw;
        }
        await begun.WaitForExitAsync(CancellationToken.None);
        lock (said)
            throw new InvalidOperationException($"{program} did not start:\n{said}");
    }

    /// <summary>Asks it to end, as an operator would, and waits; kills it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            if (!OperatingSystem.IsWindows())
                await ChildProcess.Try("/bin/sh", ["-c", $"kill -TERM {process.Id}"], null, CancellationToken.None);
            using var late = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        process.Dispose();
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> Finish(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? settings,
        CancellationToken stop
    ) => (await Watch(program, arguments, settings, stop)).Output;

    /// <summary>The same, with the most memory that it had resident, in MB.</summary>
    public static async Task<(string Output, double Megabytes)> Watch(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? settings,
        CancellationToken stop
    )
    {
        using var run = Begin(program, arguments, settings);
        run.StandardInput.Close();
        try
        {
            var errors = run.StandardError.ReadToEndAsync(stop);
            var peak = Peak(run, stop);
            var output = await run.StandardOutput.ReadToEndAsync(stop);
            await run.WaitForExitAsync(stop);
            return run.ExitCode == 0
                ? (output, await peak)
                : throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments)}: {output}{await errors}"
                );
        }
        catch (OperationCanceledException)
        {
            run.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The highest that the system has counted, looked at until the end: an ended process has none.</summary>
    static async Task<double> Peak(Process run, CancellationToken stop)
    {
        var most = 0L;
        while (!run.HasExited)
        {
            try
            {
                run.Refresh();
                most = Math.Max(most, run.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has ended in this moment.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }
        return most / 1e6;
    }

    static Process Begin(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // A shop that is configured in this shell is somebody's own.
        foreach (var name in start.Environment.Keys.Where(IsConfiguration).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet cannot be started.");
    }

    static bool IsConfiguration(string name) =>
        name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Faults__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);
}
