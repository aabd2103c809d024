using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Kontor.Platform.Encryption;

/// <summary>The keys of persons, one small file each, in a folder outside the database: who destroys a key has erased what
/// is under it, wherever that lies.</summary>
/// <remarks>
/// A file is version (1), the master key's id (8), nonce (12), tag (16) and the key (32), wrapped; bound to the person.
/// It is never deleted: destroying writes zeros over it, and these say from then on that the key is no more. So a name
/// has one file for ever, made by a link that only one process can make, and no order of making and destroying in
/// several processes brings a key back.
/// Nothing is remembered in memory: what one process destroys, no other opens from that moment on. Reading costs 10 µs.
/// Safe for concurrent use, by many processes.
/// </remarks>
public sealed class PersonKeys(string folder, MasterKey master)
{
    const byte Version = 1;
    const int HeadBytes = 1 + MasterKey.IdBytes;
    const int FileBytes = HeadBytes + SealedBox.Overhead + MasterKey.Bytes;

    static readonly byte[] Destroyed = new byte[FileBytes];

    static readonly SemaphoreSlim Makers = new(16);

    readonly ConcurrentDictionary<string, bool> shards = new(StringComparer.Ordinal);
    readonly byte[] wrapping = master.Derive("kontor person keys v1");

    /// <summary>Sees to it that the person has a key: it is on the disk when this returns.</summary>
    /// <remarks>The disk takes milliseconds, and it blocks: threads of our own wait for it, a few at a time, so that
    /// those that serve requests do not.</remarks>
    /// <returns>False where the key was destroyed; there will be no other.</returns>
    public async Task<bool> Make(Guid person, CancellationToken stop)
    {
        await Makers.WaitAsync(stop);
        try
        {
            return await Task.Factory.StartNew(
                () => MakeNow(person),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }
        finally
        {
            Makers.Release();
        }
    }

    bool MakeNow(Guid person)
    {
        var file = FileOf(person);
        MakeShard(file);
        if (!File.Exists(file))
            DurableFile.TryMake(file, Wrap(person, RandomNumberGenerator.GetBytes(MasterKey.Bytes)));
        else
            DurableFile.Sync(Path.GetDirectoryName(file)!); // Its maker may not have come to this yet.
        return !IsDestroyed(person);
    }

    /// <summary>Another process may have made the folder and not have come to its durability yet; once is enough.</summary>
    void MakeShard(string file)
    {
        var shard = Path.GetDirectoryName(file)!;
        if (shards.ContainsKey(shard))
            return;
        DurableFile.MakeFolder(folder);
        DurableFile.MakeFolder(shard);
        DurableFile.Sync(folder);
        shards.TryAdd(shard, true);
    }

    /// <summary>The person's key; null where it was destroyed.</summary>
    /// <exception cref="KeyUnavailableException">There is no trace of one: the folder is another, or was lost.</exception>
    internal byte[]? Find(Guid person)
    {
        for (var tries = 0; ; tries++)
        {
            var wrapped = Read(person);
            if (wrapped.AsSpan().SequenceEqual(Destroyed))
                return null;
            if (wrapped is not [Version, ..] || wrapped.Length != FileBytes)
                throw new KeyUnavailableException(
                    $"{FileOf(person)} is not a key; restore it from the key store's backup."
                );
            master.Recognise(wrapped.AsSpan(1, MasterKey.IdBytes), $"The key {FileOf(person)}");
            try
            {
                return SealedBox.Open(wrapped, HeadBytes, wrapping, Context(person));
            }
            catch (AuthenticationTagMismatchException) when (tries == 0)
            {
                // Perhaps read in the middle of its destruction; the second look tells.
            }
        }
    }

    public bool IsDestroyed(Guid person) => Read(person).AsSpan().SequenceEqual(Destroyed);

    /// <summary>Destroys the person's key for good, also one that was never made; on the disk when this returns.</summary>
    /// <returns>False where it was destroyed already.</returns>
    public bool Destroy(Guid person)
    {
        var file = FileOf(person);
        MakeShard(file);
        if (!File.Exists(file) && DurableFile.TryMake(file, Destroyed))
            return true;
        if (IsDestroyed(person))
            return false;
        DurableFile.Overwrite(file, Destroyed);
        return true;
    }

    byte[] Read(Guid person)
    {
        try
        {
            return File.ReadAllBytes(FileOf(person));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KeyUnavailableException(
                $"The key store {folder} has no key {person}: restore it from its backup, or name the right folder in Encryption:KeyStore."
            );
        }
    }

    byte[] Wrap(Guid person, byte[] key) => SealedBox.Seal([Version, .. master.IdOf], wrapping, key, Context(person));

    /// <summary>By the last digits, which are random; the first ones are the time.</summary>
    string FileOf(Guid person)
    {
        var name = person.ToString("D");
        return Path.Combine(folder, name[^2..], $"{name}.key");
    }

    static byte[] Context(Guid person) => Encoding.UTF8.GetBytes($"person\n{person:D}");
}
