using System.Diagnostics;

namespace Kontor.Journal.Tests;

/// <summary>A process of its own that contends for a role, to be killed and frozen.</summary>
sealed class Contender : IAsyncDisposable
{
    readonly Process process;

    Contender(Process process) => this.process = process;

    public int Id => process.Id;

    public static Contender Start(string role, TestJournal test)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Kontor.Journal.Contender"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(role);
        start.ArgumentList.Add(test.Address);
        return new(Process.Start(start)!);
    }

    public Task Kill() => Signal("KILL");

    public Task Freeze() => Signal("STOP");

    public Task Thaw() => Signal("CONT");

    async Task Signal(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);
        await kill.WaitForExitAsync();
        if (signal == "KILL")
            await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
