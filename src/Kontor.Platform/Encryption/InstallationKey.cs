using System.Security.Cryptography;

namespace Kontor.Platform.Encryption;

/// <summary>The installation's own key: AES-256-GCM for what is kept and must not be readable in the database.</summary>
/// <remarks>Sealed bytes are version (1), nonce (12), tag (16), ciphertext. The context is authenticated and not
/// stored, so that sealed bytes moved to another row do not open.</remarks>
public sealed class InstallationKey(byte[] key)
{
    const byte Version = 1;
    const int NonceBytes = 12;
    const int TagBytes = 16;

    /// <summary>Reads the key file, or makes it (mode 0600) at the first start. Two processes that start at once agree,
    /// because the file appears by a link that only one of them can make.</summary>
    public static InstallationKey OpenOrMake(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var fresh = $"{file}.{Environment.ProcessId}.new";
            using (var stream = new FileStream(fresh, Private(FileMode.Create)))
            {
                stream.Write(RandomNumberGenerator.GetBytes(32));
                stream.Flush(flushToDisk: true);
            }
            try
            {
                File.Move(fresh, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(fresh);
            }
        }
        var key = File.ReadAllBytes(file);
        return key.Length == 32
            ? new(key)
            : throw new InvalidOperationException($"{file} is not a key of 32 bytes; restore it from your backup.");
    }

    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var box = new byte[1 + NonceBytes + TagBytes + plain.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(1 + NonceBytes + TagBytes), box.AsSpan(1 + NonceBytes, TagBytes), context);
        return box;
    }

    public byte[] Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> context)
    {
        if (box.Length < 1 + NonceBytes + TagBytes || box[0] != Version)
            throw new CryptographicException("These bytes were not sealed by this program.");
        var plain = new byte[box.Length - 1 - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            box.Slice(1, NonceBytes),
            box[(1 + NonceBytes + TagBytes)..],
            box.Slice(1 + NonceBytes, TagBytes),
            plain,
            context
        );
        return plain;
    }

    static FileStreamOptions Private(FileMode mode) =>
        OperatingSystem.IsWindows()
            ? new() { Mode = mode, Access = FileAccess.Write }
            : new()
            {
                Mode = mode,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
}
