using Kontor.Platform.Encryption;
using Xunit;

namespace Kontor.Platform.Tests.Encryption;

/// <summary>A key store for one test; it goes when the test ends.</summary>
sealed class KeyFolder : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("kontor-keys-").FullName;

    public static MasterKey Master { get; } = MasterOf(7);

    /// <summary>Not made yet.</summary>
    public string Store => Path.Combine(root, "keys", "persons");

    public PersonKeys Keys => new(Store, Master);

    public KeyRing Ring => new(Master, Keys);

    public static MasterKey MasterOf(byte filling) => new([.. Enumerable.Repeat(filling, MasterKey.Bytes)]);

    public string File(string name) => Path.Combine(root, name);

    public string FileOf(Guid person) =>
        Assert.Single(Directory.GetFiles(Store, $"{person}*", SearchOption.AllDirectories));

    /// <returns>False where it was destroyed.</returns>
    public bool Make(Guid person) => Keys.Make(person, CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose() => Directory.Delete(root, recursive: true);
}
