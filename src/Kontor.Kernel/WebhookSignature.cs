using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Kontor.Kernel;

/// <summary>Signatures of calls between programs, as Standard Webhooks 1.0 has them: HMAC-SHA256 over id, timestamp and
/// the body as it was sent, under a secret <c>whsec_…</c> (base64).</summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    const string SecretPrefix = "whsec_";
    const string Version = "v1,";

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the header carries: <c>v1,</c> and the base64 of the code.</summary>
    /// <param name="timestamp">Unix seconds.</param>
    public static string Sign(string secret, string id, string timestamp, ReadOnlySpan<byte> body) =>
        TryRead(secret, out var key)
            ? Version + Convert.ToBase64String(CodeOf(key, id, timestamp, body))
            : throw new FormatException($"A secret is {SecretPrefix} and base64.");

    /// <summary>Whether one of the header's signatures is right; the time that it takes says nothing about the right one.</summary>
    /// <param name="header">Signatures separated by spaces: a sender that changes its secret sends two.</param>
    public static bool Verify(string secret, string id, string timestamp, ReadOnlySpan<byte> body, string header)
    {
        if (!TryRead(secret, out var key))
            return false;
        var right = CodeOf(key, id, timestamp, body);
        var isRight = false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        foreach (var signature in header.Split(' '))
            isRight |=
                signature.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64String(signature[Version.Length..], given, out var length)
                && CryptographicOperations.FixedTimeEquals(given[..length], right);
        return isRight;
    }

    static byte[] CodeOf(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var code = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        code.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        code.AppendData(body);
        return code.GetHashAndReset();
    }

    static bool TryRead(string secret, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return false;
        var bytes = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length) || length == 0)
            return false;
        key = bytes[..length];
        return true;
    }
}
