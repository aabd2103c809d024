using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kontor.Platform.Postgres;

/// <summary>What PostgreSQL stores for a password (RFC 5803), made here so that the password itself is in no statement,
/// and so in no log or statistics view of the server.</summary>
static class ScramVerifier
{
    const int Iterations = 4096;

    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(16));

    internal static string Of(string password, byte[] salt)
    {
        var secret = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        var salted = Rfc2898DeriveBytes.Pbkdf2(secret, salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}"
        );
    }
}
