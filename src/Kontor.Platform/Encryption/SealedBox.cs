using System.Security.Cryptography;

namespace Kontor.Platform.Encryption;

/// <summary>AES-256-GCM with everything in one piece: a head that says which key, nonce (12), tag (16), ciphertext.</summary>
/// <remarks>The context is authenticated and not stored, so that sealed bytes moved to another row do not open.</remarks>
static class SealedBox
{
    const int NonceBytes = 12;
    const int TagBytes = 16;

    public const int Overhead = NonceBytes + TagBytes;

    public static byte[] Seal(ReadOnlySpan<byte> head, byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var box = new byte[head.Length + Overhead + plain.Length];
        head.CopyTo(box);
        var nonce = box.AsSpan(head.Length, NonceBytes);
        var tag = box.AsSpan(head.Length + NonceBytes, TagBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(head.Length + Overhead), tag, context);
        return box;
    }

    /// <exception cref="CryptographicException">Another key, another context, or changed bytes.</exception>
    public static byte[] Open(ReadOnlySpan<byte> box, int headBytes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> context)
    {
        if (box.Length < headBytes + Overhead)
            throw new CryptographicException("These bytes were not sealed by this program.");
        var plain = new byte[box.Length - headBytes - Overhead];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            box.Slice(headBytes, NonceBytes),
            box[(headBytes + Overhead)..],
            box.Slice(headBytes + NonceBytes, TagBytes),
            plain,
            context
        );
        return plain;
    }
}
