using System.Security.Cryptography;
using System.Text;

namespace Kontor.Platform.Encryption;

/// <summary>The key above all others of an installation: 32 random bytes in a file, from which the keys for each purpose
/// are derived.</summary>
/// <remarks>It has a name, written beside whatever is under it, so that a key that is missing can be named.</remarks>
public sealed class MasterKey(byte[] key)
{
    public const int Bytes = 32;
    public const int IdBytes = 8;

    readonly byte[] id = SHA256.HashData(key)[..IdBytes];

    /// <summary>The first 16 digits of <c>sha256sum FILE</c>.</summary>
    public string Id => Convert.ToHexStringLower(id);

    internal ReadOnlySpan<byte> IdOf => id;

    /// <summary>What was sealed by versions that used the key itself for everything.</summary>
    internal ReadOnlySpan<byte> Raw => key;

    /// <summary>The key of one purpose (HKDF-SHA-256); none of them tells anything about another.</summary>
    internal byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Bytes, salt: [], Encoding.UTF8.GetBytes(purpose));

    /// <summary>Says so where something is under another master key than this one.</summary>
    internal void Recognise(ReadOnlySpan<byte> other, string what)
    {
        if (!other.SequenceEqual(id))
            throw new KeyUnavailableException(
                $"{what} is under the master key {Convert.ToHexStringLower(other)}, and this process has {Id}: "
                    + "name the file of that one in Encryption:MasterKeyFile (its name is the first 16 digits of its SHA-256)."
            );
    }

    /// <summary>Reads the file, or makes it (mode 0600) at the first start.</summary>
    public static MasterKey OpenOrMake(string file)
    {
        if (!File.Exists(file))
        {
            DurableFile.MakeFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
            DurableFile.TryMake(file, RandomNumberGenerator.GetBytes(Bytes));
        }
        return Open(file);
    }

    /// <exception cref="KeyUnavailableException">The file is not there, is no key, or is open to everybody.</exception>
    public static MasterKey Open(string file)
    {
        if (!File.Exists(file))
            throw new KeyUnavailableException(
                $"The master key {file} is not there: restore it from your backup, or mount it; of a new installation, "
                    + $"make it with `umask 077; head -c {Bytes} /dev/urandom > {file}`, and keep a copy elsewhere."
            );
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Everybody) != UnixFileMode.None)
            throw new KeyUnavailableException(
                $"The master key {file} may be read by everybody on this machine: `chmod o= {file}`, or mount it with mode 0400."
            );
        var key = File.ReadAllBytes(file);
        return key.Length == Bytes
            ? new(key)
            : throw new KeyUnavailableException(
                $"The master key {file} has {key.Length} bytes and not {Bytes}; restore it from your backup."
            );
    }

    const UnixFileMode Everybody = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
}
