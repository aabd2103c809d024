using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;

namespace Kontor.Platform.Access;

/// <summary>Who a token speaks for, and until when.</summary>
public sealed record VerifiedToken(ClaimsPrincipal Caller, DateTimeOffset Until);

/// <summary>Checks signature, issuer, audience and time of an access token; null when it is not to be trusted.</summary>
/// <remarks>A delegate, so that Platform needs neither keys nor a JWT library: the Identity service gives the one that
/// uses its own keys, and a process without Identity one that fetches them (JWKS).</remarks>
public delegate ValueTask<VerifiedToken?> CheckToken(string token, CancellationToken stop);

/// <summary>Remembers tokens that were checked, until they expire: a signature check costs about a hundred microseconds,
/// a look here one or two.</summary>
/// <remarks>Thread-safe. It holds SHA-256 hashes, so that a memory dump gives no usable token away. Only tokens that
/// passed are remembered, so nobody can push others out with invented ones.</remarks>
public sealed class KnownTokens(CheckToken check, TimeProvider clock) : IDisposable
{
    /// <summary>Tokens remembered at once; the least recently used go first.</summary>
    public const int Capacity = 20_000;

    /// <summary>Longer tokens are refused unread.</summary>
    public const int MaxTokenLength = 8 * 1024;

    readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public async ValueTask<VerifiedToken?> Find(string token, CancellationToken stop)
    {
        if (token.Length > MaxTokenLength)
            return null;

        var key = Key.Of(token);
        if (known.TryGetValue(key, out VerifiedToken? verified) && verified is not null)
            return clock.GetUtcNow() < verified.Until ? verified : null;

        verified = await check(token, stop);
        if (verified is not null && verified.Until - clock.GetUtcNow() is { Ticks: > 0 } left)
            known.Set(key, verified, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = left });
        return verified;
    }

    public void Dispose() => known.Dispose();

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public static Key Of(string token)
        {
            Span<byte> text = stackalloc byte[1024];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            var bytes = Encoding.UTF8.TryGetBytes(token, text, out var written)
                ? text[..written]
                : Encoding.UTF8.GetBytes(token);
            SHA256.HashData(bytes, hash);
            return new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
        }
    }
}
