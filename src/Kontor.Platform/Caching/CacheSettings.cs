using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Kontor.Platform.Caching;

/// <summary>How much is kept.</summary>
/// <param name="Megabytes"><c>Caching:Megabytes</c>; 0: nothing is kept.</param>
/// <param name="Redis"><c>ConnectionStrings:Redis</c>; null: every process keeps for itself.</param>
public sealed record CacheSettings(int Megabytes = 256, string? Redis = null)
{
    const int Most = 65_536;

    public long Bytes => Megabytes * 1_000_000L;

    /// <exception cref="MisconfiguredException">It is no whole number.</exception>
    public static CacheSettings Read(IConfiguration configuration)
    {
        var redis = configuration.GetConnectionString("Redis") is { Length: > 0 } named ? named : null;
        if (configuration["Caching:Megabytes"] is not { Length: > 0 } written)
            return new(Redis: redis);
        return
            int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes)
            && megabytes <= Most
            ? new(megabytes, redis)
            : throw new MisconfiguredException(
                $"Caching:Megabytes is '{written}'; it must be a whole number from 0 (nothing is kept) to {Most}."
            );
    }
}
