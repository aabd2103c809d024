using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Kontor.Platform.Neighbours;

/// <summary>How one service calls on another over HTTP: bounded in time, in number and in repeats.</summary>
public static class NeighbourDoor
{
    /// <summary>One try; a whole call is bounded by its caller.</summary>
    static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(1);

    /// <summary>Calls under way to one neighbour, and those that may wait for a place: a slow neighbour holds up no more.</summary>
    const int AtOnce = 64;
    const int Waiting = 256;
    const int Repeats = 2;

    /// <summary>The name of a neighbour's client that keeps a connection open: its stream.</summary>
    public static string StreamClient(string service) => $"{service}-stream";

    public static void AddNeighbours(this IServiceCollection services, NeighbourSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<ServiceToken>();
        services.TryAddTransient<WithServiceToken>();
        if (settings.Find("identity") is { } identity)
            services
                .AddHttpClient(ServiceToken.Client, http => http.BaseAddress = identity)
                .ConfigurePrimaryHttpMessageHandler(Connections)
                .AddHttpMessageHandler(() => new SaysAway("identity"))
                .AddResilienceHandler("neighbour", Guard);
        foreach (var (service, url) in settings.Urls)
        {
            services
                .AddHttpClient(service, http => http.BaseAddress = url)
                .ConfigurePrimaryHttpMessageHandler(Connections)
                .AddHttpMessageHandler(() => new SaysAway(service))
                .AddHttpMessageHandler<WithServiceToken>()
                .AddResilienceHandler("neighbour", Guard);
            services
                .AddHttpClient(
                    StreamClient(service),
                    http => (http.BaseAddress, http.Timeout) = (url, Timeout.InfiniteTimeSpan)
                )
                .ConfigurePrimaryHttpMessageHandler(Connections)
                .AddHttpMessageHandler<WithServiceToken>();
        }
    }

    static SocketsHttpHandler Connections() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TryLimit,
            // So that a neighbour that moved to another address is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };

    /// <summary>Outermost first. Every call of ours may be repeated: it reads, or carries an id that the neighbour knows.</summary>
    static void Guard(ResiliencePipelineBuilder<HttpResponseMessage> pipeline)
    {
        var budget = new RetryBudget();
        pipeline.AddConcurrencyLimiter(AtOnce, Waiting);
        pipeline.AddRetry(
            new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = Repeats,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(50),
                // A caller has two seconds in all: what says "in one second" is told to them, not waited for here.
                ShouldRetryAfterHeader = false,
                ShouldHandle = tried => ValueTask.FromResult(MayRepeat(tried, budget)),
            }
        );
        pipeline.AddCircuitBreaker(
            new HttpCircuitBreakerStrategyOptions
            {
                SamplingDuration = TimeSpan.FromSeconds(5),
                MinimumThroughput = 10,
                FailureRatio = 0.5,
                BreakDuration = TimeSpan.FromSeconds(1),
                ShouldHandle = tried => ValueTask.FromResult(IsDown(tried.Outcome)),
            }
        );
        pipeline.AddTimeout(TryLimit);
    }

    static bool MayRepeat(RetryPredicateArguments<HttpResponseMessage> tried, RetryBudget budget)
    {
        if (tried.AttemptNumber == 0)
            budget.Called();
        return tried.AttemptNumber < Repeats
            && tried.Outcome.Exception is not BrokenCircuitException
            && IsDown(tried.Outcome)
            && budget.TryRepeat();
    }

    static bool IsDown(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException or IOException
        || outcome.Result?.StatusCode
            is HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;
}
