using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kontor.Platform.Caching.Redis;

/// <summary>The way to Redis. It is short of patience: what does not answer at once is passed by, and after a few such
/// calls it is left alone for a while.</summary>
sealed partial class RedisLink : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    const int MostFaults = 3;

    readonly ILogger log;
    readonly Task<ConnectionMultiplexer> connecting;
    int faults;
    long restsUntil;

    /// <exception cref="MisconfiguredException">It is no connection string.</exception>
    public RedisLink(string connection, ILogger log)
    {
        this.log = log;
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(connection);
        }
        catch (ArgumentException wrong)
        {
            throw new MisconfiguredException($"ConnectionStrings:Redis cannot be read: {wrong.Message}");
        }
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ClientName ??= "kontor";
        options.ReconnectRetryPolicy = new LinearRetry(1_000);
        connecting = ConnectionMultiplexer.ConnectAsync(options);
    }

    public bool IsThere => connecting is { IsCompletedSuccessfully: true, Result.IsConnected: true };

    /// <summary>What the script answers; null where Redis is away, slow or rests.</summary>
    public async Task<RedisResult?> Call(string script, RedisKey state, RedisValue[] values, CancellationToken stop)
    {
        if (!IsThere || TimeProvider.System.GetTimestamp() < Volatile.Read(ref restsUntil))
            return null;
        try
        {
            var multiplexer = await connecting;
            var call = multiplexer.GetDatabase().ScriptEvaluateAsync(script, [state], values);
            var answer = await call.WaitAsync(Patience, TimeProvider.System, stop);
            Volatile.Write(ref faults, 0);
            return answer;
        }
        catch (Exception away) when (away is RedisException or TimeoutException or ObjectDisposedException)
        {
            CacheMeter.SecondFault();
            if (Interlocked.Increment(ref faults) >= MostFaults)
            {
                Volatile.Write(ref faults, 0);
                var rest = (long)(Rest.TotalSeconds * TimeProvider.System.TimestampFrequency);
                Volatile.Write(ref restsUntil, TimeProvider.System.GetTimestamp() + rest);
                LogRests(away.Message);
            }
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (await connecting).DisposeAsync();
        }
        catch (RedisException)
        {
            // It was never there.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis is left alone for a while, and the cache goes on without it: {Reason}")]
    partial void LogRests(string reason);
}
