using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Ordering.Carts;

/// <summary>Who may reach a cart and its orders: whoever holds its token, or a client with the scope.</summary>
static class CartToken
{
    /// <summary>256 random bits; its holder alone knows it, we keep the hash.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    extension(HttpContext http)
    {
        public bool MayReach(byte[] tokenHash, string scope) =>
            http.HoldsTokenOf(tokenHash) || http.User.HasScope(scope);

        bool HoldsTokenOf(byte[] tokenHash) =>
            http.Request.Headers.TryGetValue(KontorHeaders.CartToken, out var token)
            && CryptographicOperations.FixedTimeEquals(Hash(token.ToString()), tokenHash);
    }
}
