using System.Diagnostics;
using System.Security.Cryptography;
using Kontor.Platform.Encryption;
using Xunit;

namespace Kontor.Platform.Tests.Encryption;

public sealed class PersonKeysTests : IDisposable
{
    static readonly Guid Ada = new("019ad5c0-0000-7000-8000-00000000ada1");
    static readonly Guid Bo = new("019ad5c0-0000-7000-8000-0000000000b0");

    readonly KeyFolder folder = new();

    [Fact]
    public void A_key_is_made_once_and_found_by_everybody()
    {
        Assert.True(folder.Make(Ada));
        var key = folder.Keys.Find(Ada);
        Assert.True(folder.Make(Ada));
        Assert.True(folder.Make(Bo));

        Assert.Equal(MasterKey.Bytes, key!.Length);
        Assert.Equal(key, folder.Keys.Find(Ada));
        Assert.NotEqual(key, folder.Keys.Find(Bo));
    }

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Processes_that_make_the_same_keys_at_once_agree()
    {
        using var first = await KeyMaker.Start(folder.Store);
        using var second = await KeyMaker.Start(folder.Store);
        using var third = await KeyMaker.Start(folder.Store);

        var found = await Task.WhenAll(first.Finish(), second.Finish(), third.Finish());

        Assert.Equal(KeyMaker.Persons.Count, found[0].Distinct().Count());
        Assert.Equal(found[0], found[1]);
        Assert.Equal(found[0], found[2]);
        Assert.Equal(found[0], KeyMaker.Persons.Select(person => Convert.ToHexString(folder.Keys.Find(person)!)));
        Assert.Empty(Directory.GetFiles(folder.Store, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public void Threads_that_make_and_destroy_one_key_at_once_leave_none()
    {
        for (var round = 0; round < 50; round++)
        {
            var person = new Guid(round, 1, 0, new byte[8]);

            Parallel.For(0, 8, i => _ = i == 3 ? folder.Keys.Destroy(person) : folder.Make(person));

            Assert.Null(folder.Keys.Find(person));
            Assert.False(folder.Make(person));
        }
    }

    [Fact]
    public void A_destroyed_key_is_gone_for_everybody_at_once_and_never_made_again()
    {
        var (here, there) = (folder.Keys, folder.Keys);
        folder.Make(Ada);
        var file = folder.FileOf(Ada);
        var wrapped = File.ReadAllBytes(file);
        Assert.NotNull(there.Find(Ada));

        Assert.True(here.Destroy(Ada));

        Assert.Null(there.Find(Ada));
        Assert.False(folder.Make(Ada));
        Assert.Null(here.Find(Ada));
        Assert.False(here.Destroy(Ada));
        Assert.NotEqual(wrapped, File.ReadAllBytes(file));
        Assert.All(File.ReadAllBytes(file), written => Assert.Equal(0, written));
    }

    [Fact]
    public void Destroying_a_key_that_never_was_forbids_it()
    {
        Assert.True(folder.Keys.Destroy(Ada));

        Assert.False(folder.Make(Ada));
        Assert.True(folder.Keys.IsDestroyed(Ada));
    }

    [Fact]
    public void A_lost_key_is_no_destroyed_key()
    {
        folder.Make(Ada);
        File.Delete(folder.FileOf(Ada));

        var said = Assert.Throws<KeyUnavailableException>(() => folder.Keys.Find(Ada)).Message;

        Assert.Contains(folder.Store, said, StringComparison.Ordinal);
        Assert.Contains("Encryption:KeyStore", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_under_another_master_key_names_the_one_that_is_missing()
    {
        folder.Make(Ada);
        var other = KeyFolder.MasterOf(8);

        var said = Assert.Throws<KeyUnavailableException>(() => new PersonKeys(folder.Store, other).Find(Ada)).Message;

        Assert.Contains($"master key {KeyFolder.Master.Id}", said, StringComparison.Ordinal);
        Assert.Contains($"this process has {other.Id}", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_was_moved_to_another_person_does_not_open()
    {
        folder.Make(Ada);
        folder.Make(Bo);
        File.Copy(folder.FileOf(Ada), folder.FileOf(Bo), overwrite: true);

        Assert.ThrowsAny<CryptographicException>(() => folder.Keys.Find(Bo));
    }

    [Fact]
    public void A_file_that_was_cut_short_is_said_to_be_no_key()
    {
        folder.Make(Ada);
        File.WriteAllBytes(folder.FileOf(Ada), File.ReadAllBytes(folder.FileOf(Ada))[..40]);

        Assert.Throws<KeyUnavailableException>(() => folder.Keys.Find(Ada));
    }

    [Fact]
    public void Only_the_owner_may_read_keys_and_no_key_stands_there_in_the_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");

        folder.Make(Ada);

        var file = folder.FileOf(Ada);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(Private, File.GetUnixFileMode(folder.Store));
        Assert.Equal(Private, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(folder.Keys.Find(Ada)));
    }

    /// <summary>A measurement, not a bound: run it by its trait and read what it says.</summary>
    [Fact]
    [Trait("Kind", "slow")]
    public async Task What_a_key_costs()
    {
        const int Rounds = 2_000;
        var keys = folder.Keys;
        var persons = Enumerable.Range(0, 200).Select(i => new Guid(i, 2, 0, [0, 0, 0, 0, 0, 0, 0, (byte)i])).ToArray();

        var making = Stopwatch.StartNew();
        foreach (var person in persons)
            Assert.True(await keys.Make(person, CancellationToken.None));
        making.Stop();
        var finding = Stopwatch.StartNew();
        for (var i = 0; i < Rounds; i++)
            Assert.NotNull(keys.Find(persons[i % persons.Length]));
        finding.Stop();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"made in {making.Elapsed.TotalMicroseconds / persons.Length:F0} µs, found in {finding.Elapsed.TotalMicroseconds / Rounds:F1} µs"
        );
    }

    public void Dispose() => folder.Dispose();
}
