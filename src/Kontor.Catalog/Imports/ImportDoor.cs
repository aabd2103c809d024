using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Schedules;
using Kontor.Catalog.Imports.Staging;
using Kontor.Platform.Outside;
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
        services.AddSingleton<OutsideDoor>();
        services.AddSingleton<ScheduleRounds>();
        services.AddHostedService<ScheduleWorker>();
    }
}
