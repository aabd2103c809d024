using Kontor.Testing;

[assembly: AssemblyFixture(typeof(Kontor.Scenarios.Cleared))]

namespace Kontor.Scenarios;

/// <summary>The end of all tests: the server that they shared stops.</summary>
public sealed class Cleared : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await TestPostgres.Stop();
}

/// <summary>What scenarios need of the machine, or the reason why they are skipped.</summary>
static class Machinery
{
    /// <summary>The repository's folder: the one with the solution in it.</summary>
    public static string Root { get; } = FindRoot();

    public static async Task<RunningKontor> Start(params string[] options)
    {
        await SkipUnlessThere();
        return await RunningKontor.Start(options);
    }

    /// <summary>An empty shop in one process or in three.</summary>
    public static async Task<RunningShop> Open(Processes processes)
    {
        await SkipUnlessThere();
        return await RunningShop.Open(processes);
    }

    public static async Task SkipUnlessThere()
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        Assert.SkipUnless(File.Exists(RunningKontor.Program), $"{RunningKontor.Program} is not built.");
    }

    /// <summary>A script that runs the built program, so that the tour need not build it again.</summary>
    public static string Script()
    {
        var file = Path.Combine(Path.GetTempPath(), $"kontor-scenario-{Environment.ProcessId}.sh");
        File.WriteAllText(file, $"#!/bin/sh\nexec dotnet '{RunningKontor.Program}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kontor.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        return folder.FullName;
    }
}
