using System.Security.Cryptography;
using Kontor.Platform.Encryption;
using Xunit;

namespace Kontor.Platform.Tests.Encryption;

public sealed class MasterKeyTests : IDisposable
{
    readonly KeyFolder folder = new();

    [Fact]
    public void It_is_made_once_for_its_owner_alone_and_named_by_its_hash()
    {
        var file = folder.File("keys/installation.key");

        var made = MasterKey.OpenOrMake(file);

        Assert.Equal(made.Id, MasterKey.OpenOrMake(file).Id);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..16], made.Id);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Threads_that_make_it_at_once_agree()
    {
        var file = folder.File("keys/installation.key");
        var ids = new string[16];

        Parallel.For(0, ids.Length, i => ids[i] = MasterKey.OpenOrMake(file).Id);

        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_file_of_another_length_is_no_key(int bytes)
    {
        var file = folder.File("short.key");
        File.WriteAllBytes(file, new byte[bytes]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead);

        var said = Assert.Throws<KeyUnavailableException>(() => MasterKey.Open(file)).Message;

        Assert.Contains($"{bytes} bytes", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_says_how_to_make_one()
    {
        var said = Assert.Throws<KeyUnavailableException>(() => MasterKey.Open(folder.File("none.key"))).Message;

        Assert.Contains("/dev/urandom", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_is_open_to_everybody_is_refused(UnixFileMode open)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var file = folder.File("open.key");
        MasterKey.OpenOrMake(file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | open);

        Assert.Contains(
            "by everybody",
            Assert.Throws<KeyUnavailableException>(() => MasterKey.Open(file)).Message,
            StringComparison.Ordinal
        );
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        MasterKey.Open(file);
    }

    public void Dispose() => folder.Dispose();
}
