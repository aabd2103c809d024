using Kontor.Identity.Tokens;

namespace Kontor.Identity.Tests.Tokens;

public sealed class SigningKeyTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("kontor-keys-").FullName;

    IdentitySettings Settings => new(Path.Combine(folder, "data", "keys"));

    [Fact]
    public void A_key_survives_a_restart()
    {
        var first = new SigningKey(Settings).Current;

        var second = new SigningKey(Settings).Current;

        Assert.Equal(first.KeyId, second.KeyId);
        Assert.Equal(first.ECDsa.ExportECPrivateKey(), second.ECDsa.ExportECPrivateKey());
    }

    [Fact]
    public void Racing_starts_share_one_key()
    {
        using var gate = new Barrier(16);
        var found = new System.Collections.Concurrent.ConcurrentBag<string>();
        var starts = Enumerable
            .Range(0, 16)
            .Select(_ => new Thread(() =>
            {
                gate.SignalAndWait();
                found.Add(new SigningKey(Settings).Current.KeyId);
            }))
            .ToList();

        starts.ForEach(start => start.Start());
        starts.ForEach(start => start.Join());

        Assert.Equal(16, found.Count);
        Assert.Single(found.Distinct());
        Assert.Equal(["signing"], Directory.GetFileSystemEntries(Settings.KeyFolder).Select(Path.GetFileName));
    }

    [Fact]
    public void Only_the_owner_reads_the_key()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        _ = new SigningKey(Settings).Current;

        var file = Directory.GetFiles(Settings.KeyFolder, "*", SearchOption.AllDirectories).Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
