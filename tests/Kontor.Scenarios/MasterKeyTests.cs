using System.Security.Cryptography;

namespace Kontor.Scenarios;

/// <summary>Data is under one master key; a process that has another, or none, does not begin to split it.</summary>
public sealed class MasterKeyTests
{
    [Fact]
    public async Task A_lost_or_other_master_key_is_refused_until_the_right_one_is_back()
    {
        await using var kontor = await Machinery.Start("--empty");
        var file = Path.Combine(kontor.Folder, "keys", "installation.key");
        var right = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await kontor.Kill();

        File.Delete(file);
        Assert.Contains("is under the master key", await Refusal(kontor), StringComparison.Ordinal);
        Assert.False(File.Exists(file));

        await Write(file, RandomNumberGenerator.GetBytes(32));
        Assert.Contains("Encryption:MasterKeyFile", await Refusal(kontor), StringComparison.Ordinal);

        await Write(file, right);
        await kontor.Restart();
        Assert.NotEmpty(await kontor.Token(TestContext.Current.CancellationToken));
    }

    static async Task Write(string file, byte[] key)
    {
        await File.WriteAllBytesAsync(file, key);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    static async Task<string> Refusal(RunningKontor kontor)
    {
        var (code, output) = await kontor.Command("serve", "--urls", "http://127.0.0.1:0");
        Assert.True(code == 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output;
    }
}
