using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Kontor.Identity.Clients;

/// <summary>The secret of an API client: 256 random bits, shown once and stored as a hash.</summary>
/// <remarks>The hash is one SHA-256. A slow, salted hash (PBKDF2, Argon2id) makes guessing a person's password dear; 2²⁵⁶
/// equally likely secrets cannot be guessed at any price, and the slow hash would cost each token request 30 ms of
/// processor time, a gift to whoever wants to exhaust us. That holds only because nobody but we chooses secrets.</remarks>
static class ClientSecret
{
    const string Scheme = "sha256:";

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string secret) =>
        Scheme + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares in a time that does not tell how much was right.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hash(secret)), Encoding.UTF8.GetBytes(hash));
}
