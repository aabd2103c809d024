using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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

    static async Task<string> Fails(params string[] arguments)
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

        var (code, output) = await RunningKontor.Finish(start);

        Assert.True(code == 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output;
    }
}
