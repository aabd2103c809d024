using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Imports;

/// <summary>What imports consist of.</summary>
static class ImportDoor
{
    public static void AddImports(this IServiceCollection services)
    {
        services.AddSingleton<OpenFeed>(Feeds.Open);
        services.AddSingleton<ImportRoom>();
        services.AddSingleton<WorkOff>();
        services.AddSingleton(provider => new FeedRuns(
            provider.GetRequiredService<ImportRoom>(),
            provider.GetRequiredService<WorkOff>(),
            provider.GetRequiredService<OpenFeed>()
        ));
        services.AddHostedService<ImportWorker>();
    }
}
