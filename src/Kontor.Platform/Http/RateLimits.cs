using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Kontor.Platform.Http;

/// <summary>The class of a route, where it is not simply a read (GET, HEAD) or a write (the others).</summary>
public sealed record RouteClass(string Name)
{
    /// <summary>Sign-in and tokens: guessing must be slow.</summary>
    public const string Token = "token";

    /// <summary>Placing orders.</summary>
    public const string Money = "money";

    /// <summary>What one service asks of another for every buyer of the shop.</summary>
    public const string Service = "service";

    /// <summary>What another system tells, signed: one address speaks for all buyers.</summary>
    public const string Callback = "callback";
}

/// <summary>How many requests a caller may make: a token bucket per caller and route class.</summary>
/// <param name="PerSecond">Refill.</param>
/// <param name="Burst">What may come at once.</param>
public sealed record RateLimit(int PerSecond, int Burst)
{
    /// <summary>Reads every class's <c>RateLimits:{Class}:{PerSecond,Burst}</c>; what is not set is as usual.</summary>
    /// <exception cref="MisconfiguredException">One is no whole number above 0: every caller would be refused, for ever.</exception>
    public static IReadOnlyDictionary<string, RateLimit> ReadAll(IConfiguration configuration) =>
        new Dictionary<string, RateLimit>(StringComparer.Ordinal)
        {
            ["read"] = Of(configuration, "Read", new(200, 2_000)),
            ["write"] = Of(configuration, "Write", new(100, 1_000)),
            [RouteClass.Money] = Of(configuration, "Money", new(20, 400)),
            [RouteClass.Callback] = Of(configuration, "Callback", new(500, 5_000)),
            [RouteClass.Token] = Of(configuration, "Token", new(5, 60)),
            [RouteClass.Service] = Of(configuration, "Service", new(5_000, 20_000)),
        };

    /// <summary>Whether there are limits at all: <c>RateLimits:Enabled</c>.</summary>
    /// <exception cref="MisconfiguredException">It is neither true nor false.</exception>
    public static bool AreEnabled(IConfiguration configuration) =>
        configuration["RateLimits:Enabled"] is not { Length: > 0 } written
        || (
            bool.TryParse(written, out var enabled)
                ? enabled
                : throw new MisconfiguredException($"RateLimits:Enabled is '{written}'; it must be true or false.")
        );

    static RateLimit Of(IConfiguration configuration, string name, RateLimit usual) =>
        new(
            Read(configuration, $"RateLimits:{name}:PerSecond", usual.PerSecond),
            Read(configuration, $"RateLimits:{name}:Burst", usual.Burst)
        );

    static int Read(IConfiguration configuration, string name, int usual) =>
        configuration[name] is not { Length: > 0 } written ? usual
        : int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and <= Most
            ? number
        : throw new MisconfiguredException(
            $"{name} is '{written}'; it must be a whole number from 1 to {Most}. RateLimits:Enabled=false turns the limits off."
        );

    // What a header says of a limit is a sum of two of them, and must stay a number.
    const int Most = 1_000_000_000;
}

/// <summary>Token buckets per caller (client of the token, else address; IPv6 by /64) and class of route. The fields
/// follow draft-ietf-httpapi-ratelimit-headers; what they mean is said in docs/reference/rate-limits.md.</summary>
sealed class RateLimits : IAsyncDisposable
{
    readonly bool enabled;
    readonly IReadOnlyDictionary<string, RateLimit> limits;
    readonly PartitionedRateLimiter<(string Caller, string Class)> buckets;

    public RateLimits(IConfiguration configuration)
    {
        enabled = RateLimit.AreEnabled(configuration);
        limits = RateLimit.ReadAll(configuration);
        buckets = PartitionedRateLimiter.Create<(string Caller, string Class), string>(asked =>
            RateLimitPartition.GetTokenBucketLimiter($"{asked.Class} {asked.Caller}", _ => Bucket(limits[asked.Class]))
        );
    }

    public bool Enabled => enabled;

    /// <summary>Takes one token: whether there was one, how many are left, and when to come again.</summary>
    public Verdict Take(HttpContext http)
    {
        var asked = (CallerOf(http), ClassOf(http));
        using var lease = buckets.AttemptAcquire(asked);
        var left = buckets.GetStatistics(asked)?.CurrentAvailablePermits ?? 0;
        return new(lease.IsAcquired, asked.Item2, limits[asked.Item2], left);
    }

    public ValueTask DisposeAsync() => buckets.DisposeAsync();

    static TokenBucketRateLimiterOptions Bucket(RateLimit limit) =>
        new()
        {
            TokenLimit = limit.Burst,
            TokensPerPeriod = limit.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        };

    static string ClassOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<RouteClass>()?.Name
        ?? (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? "read" : "write");

    static string CallerOf(HttpContext http)
    {
        if (http.User.FindFirstValue("sub") is { } subject)
            return subject;
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, 8);
    }

    internal sealed record Verdict(bool Allowed, string Class, RateLimit Limit, long Left);
}

/// <summary>Asks the limits before the endpoint runs and says on every answer what is left.</summary>
sealed class RateLimiting(RequestDelegate next, RateLimits limits)
{
    public Task Invoke(HttpContext http)
    {
        if (
            !limits.Enabled
            || http.GetEndpoint() is null
            || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        )
            return next(http);
        var verdict = limits.Take(http);
        var window = (verdict.Limit.Burst + verdict.Limit.PerSecond - 1) / verdict.Limit.PerSecond;
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = Text($"\"{verdict.Class}\";q={verdict.Limit.Burst};w={window}");
        headers["RateLimit"] = Text($"\"{verdict.Class}\";r={verdict.Left};t={(verdict.Left == 0 ? 1 : 0)}");
        return verdict.Allowed
            ? next(http)
            : Problems.Write(http, Refusals.TooManyRequests with { RetryAfterSeconds = 1 });
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
