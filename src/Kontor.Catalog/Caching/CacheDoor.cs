using Kontor.Platform.Caching;
using Kontor.Platform.Caching.Redis;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Caching;

/// <summary>The catalogue's cache: one shelf, kept in step with the catalogue's journal, and Redis behind it where one is
/// configured.</summary>
static class CacheDoor
{
    public static void AddCatalogCache(this IServiceCollection services)
    {
        services.AddSingleton(provider => CacheSettings.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new BodyShelf(
            provider.GetRequiredService<CacheSettings>().Bytes,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<CatalogInStep>();
        services.AddSingleton<BehindMemory>();
        services.AddHostedService<KeepInStep>();
        services.AddSingleton(provider => new BodyCache(
            provider.GetRequiredService<BodyShelf>(),
            provider.GetRequiredService<CatalogInStep>().Reach,
            provider.GetRequiredService<BehindMemory>().Redis,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider => new Standby(
            provider.GetRequiredService<CatalogDatabase>().Name,
            provider.GetRequiredService<BodyCache>()
        ));
        services.AddSingleton(provider =>
        {
            var redis = provider.GetRequiredService<BehindMemory>().Redis;
            return new HealthPart("redis", _ => Task.FromResult(redis?.IsThere ?? true));
        });
    }

    public static BodyCache Cache(this IEndpointRouteBuilder routes) =>
        routes.ServiceProvider.GetRequiredService<BodyCache>();
}

/// <summary>The second level, where one is configured.</summary>
sealed class BehindMemory(CacheSettings settings, CatalogInStep inStep, TimeProvider clock, ILogger<RedisShelf> log)
    : IAsyncDisposable
{
    public RedisShelf? Redis { get; } =
        settings is { Megabytes: > 0, Redis: { } connection } ? new(connection, inStep.Reach, clock, log) : null;

    public ValueTask DisposeAsync() => Redis?.DisposeAsync() ?? ValueTask.CompletedTask;
}
