using System.Text.Json;

namespace Kontor.Scenarios;

/// <summary>The first start writes its credentials once, whatever happens in the middle.</summary>
public sealed class FirstStartTests
{
    [Fact]
    public async Task A_first_start_that_died_before_its_credentials_were_written_makes_them_at_the_next()
    {
        await using var kontor = await Machinery.Start("--empty");
        var credentials = Path.Combine(kontor.Folder, "first-credentials.json");
        await kontor.Kill();
        File.Delete(credentials);
        await File.WriteAllTextAsync($"{credentials}.new", "", TestContext.Current.CancellationToken);

        await kontor.Restart();

        Assert.NotEmpty(await kontor.Token(TestContext.Current.CancellationToken));
        Assert.False(File.Exists($"{credentials}.new"));
        Assert.Single(await Clients(kontor));
    }

    [Fact]
    public async Task Credentials_that_were_read_and_deleted_are_not_made_again()
    {
        await using var kontor = await Machinery.Start("--empty");
        var credentials = Path.Combine(kontor.Folder, "first-credentials.json");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(credentials));
        await kontor.Kill();
        File.Delete(credentials);

        await kontor.Restart();

        Assert.False(File.Exists(credentials));
        Assert.Single(await Clients(kontor));
    }

    static async Task<string[]> Clients(RunningKontor kontor)
    {
        var (code, output) = await kontor.Command("clients", "list", "--json");
        Assert.True(code == 0, output);
        return [.. output.Split('\n').Where(line => line.StartsWith('{') && IsClient(line))];
    }

    static bool IsClient(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("client_id", out _);
    }
}
