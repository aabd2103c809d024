using Kontor.Catalog.Imports.Doors;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Routing;
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

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var imports = routes.MapApi("/imports");
        CreateImport.Map(imports);
        SendImportFile.Map(imports);
        MoveImport.Map(imports);
        ListImports.Map(imports);
        ShowQuarantine.Map(imports);
        DownloadRows.Map(imports);
    }
}
