using System.Diagnostics;
using Kontor.Platform.Encryption;
using Xunit;

namespace Kontor.Platform.Tests.Encryption;

/// <summary>A process of its own that makes keys when it is told to, and says which ones it then finds.</summary>
sealed class KeyMaker : IDisposable
{
    public const string FolderVariable = "KONTOR_TEST_MAKES_KEYS";
    const int Keys = 100;

    readonly Process process;

    KeyMaker(Process process) => this.process = process;

    /// <summary>Starts this test program again; its startup hook makes keys instead of running tests.</summary>
    public static async Task<KeyMaker> Start(string store)
    {
        var program = typeof(KeyMaker).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = program;
        start.Environment[FolderVariable] = store;
        var maker = new KeyMaker(Process.Start(start)!);
        Assert.Equal("ready", await maker.process.StandardOutput.ReadLineAsync());
        return maker;
    }

    /// <summary>What the other process does.</summary>
    public static void Make(string store)
    {
        Console.WriteLine("ready");
        Console.ReadLine();
        var keys = new PersonKeys(store, KeyFolder.Master);
        foreach (var person in Persons)
        {
            keys.Make(person, CancellationToken.None).GetAwaiter().GetResult();
            Console.WriteLine(Convert.ToHexString(keys.Find(person)!));
        }
    }

    public async Task<string[]> Finish()
    {
        await process.StandardInput.WriteLineAsync("go");
        await process.StandardInput.FlushAsync();
        var made = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return made.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The same ones in every process.</summary>
    public static IReadOnlyList<Guid> Persons { get; } =
    [.. Enumerable.Range(1, Keys).Select(i => new Guid(i, 0, 0, new byte[8]))];

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
