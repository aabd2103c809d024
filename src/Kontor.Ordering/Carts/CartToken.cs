using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Ordering.Carts;

/// <summary>Who may reach a cart and its orders: whoever holds its token, or a client with the scope.</summary>
static class CartToken
{
    public const string Read = "ordering:read";
    public const string Write = "ordering:write";

    /// <summary>256 random bits; its holder alone knows it, we keep the hash.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    extension(HttpContext http)
    {
        public bool MayReach(byte[] tokenHash, string scope) => http.HoldsTokenOf(tokenHash) || http.HoldsScope(scope);

        bool HoldsTokenOf(byte[] tokenHash) =>
            http.Request.Headers.TryGetValue(KontorHeaders.CartToken, out var token)
            && CryptographicOperations.FixedTimeEquals(Hash(token.ToString()), tokenHash);

        /// <summary>Scopes stand in one claim, parted by spaces (RFC 9068), or in one claim each.</summary>
        bool HoldsScope(string scope) =>
            http.User.Identity?.IsAuthenticated == true
            && http.User.Claims.Any(claim =>
                claim.Type is "scope" or "oi_scp" && claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal)
            );
    }
}
