using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kontor.Testing;

namespace Kontor.Scenarios;

/// <summary>What an operator reads when the program cannot start: a sentence, never a stack.</summary>
public sealed class FailedStartTests
{
    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var neighbour = new TcpListener(IPAddress.Loopback, 0);
        neighbour.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)neighbour.LocalEndpoint).Port}";

        Assert.Contains(url, await Fails("serve", "--urls", url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named() =>
        Assert.Contains("'garbage'", await Fails("serve", "--urls", "garbage"), StringComparison.Ordinal);

    [Theory]
    [InlineData("serve")]
    [InlineData("verify")]
    public async Task A_folder_that_cannot_be_made_is_named(string command)
    {
        var file = Path.GetTempFileName();
        try
        {
            var folder = Path.Combine(file, "data");
            Assert.Contains(file, await Fails(command, "--data", folder), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_database_that_was_not_migrated_says_how_to()
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        await using var database = await TestPostgres.NewEmptyDatabase();
        (string, string)[] configured =
        [
            .. new[] { "Catalog", "Ordering", "Identity" }.Select(service =>
                ($"ConnectionStrings__{service}", database.OwnerConnectionString)
            ),
        ];
        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;

        var said = await Fails(configured, "serve", "--data", folder, "--urls", "http://127.0.0.1:0");

        Directory.Delete(folder, recursive: true);
        Assert.Contains("kontor migrate", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("configured nowhere", "Encryption:MasterKeyFile")]
    [InlineData("missing", "is not there")]
    [InlineData("short", "5 bytes")]
    [InlineData("open", "by everybody")]
    public async Task A_configured_database_without_a_good_master_key_says_how_to_get_one(string state, string sentence)
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var database = await TestPostgres.NewDatabase();
        var folder = Directory.CreateTempSubdirectory("kontor-scenario-").FullName;
        var key = Path.Combine(folder, "master.key");
        if (state != "missing")
            await File.WriteAllBytesAsync(key, new byte[state == "short" ? 5 : 32]);
        if (state == "short")
            File.SetUnixFileMode(key, UnixFileMode.UserRead);
        else if (state == "open")
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        List<(string, string)> configured =
        [
            .. new[] { "Catalog", "Ordering", "Identity" }.Select(service =>
                ($"ConnectionStrings__{service}", database.ConnectionString(service.ToLowerInvariant()))
            ),
        ];
        if (state != "configured nowhere")
            configured.Add(("Encryption__MasterKeyFile", key));

        var said = await Fails([.. configured], "serve", "--data", folder, "--urls", "http://127.0.0.1:0");

        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "keys", "persons")));
        Directory.Delete(folder, recursive: true);
    }

    static Task<string> Fails(params string[] arguments) => Fails([], arguments);

    static async Task<string> Fails((string Name, string Value)[] settings, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(RunningKontor.Program), $"{RunningKontor.Program} is not built.");
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[RunningKontor.Program, .. arguments])
            start.ArgumentList.Add(argument);

        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var (code, output) = await RunningKontor.Finish(start);

        Assert.True(code == 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output;
    }
}
