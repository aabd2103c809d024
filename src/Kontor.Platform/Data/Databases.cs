using Kontor.Journal;
using Kontor.Platform.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Platform.Data;

/// <summary>Registers what a service owns in PostgreSQL, and the sequencer that numbers its journal.</summary>
public static class Databases
{
    public static void AddDatabase<TDatabase>(this IServiceCollection services, Func<IServiceProvider, TDatabase> open)
        where TDatabase : ServiceDatabase
    {
        services.AddSingleton(open);
        services.AddSingleton<ServiceDatabase>(provider => provider.GetRequiredService<TDatabase>());
        services.AddSingleton<IHostedService>(provider => new Numbering(
            provider.GetRequiredService<TDatabase>().Journal,
            provider.GetRequiredService<ILogger<Sequencer>>()
        ));
        services.AddSingleton<IHostedService>(provider => new KeptAnswers(
            provider.GetRequiredService<TDatabase>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KeptAnswers>>()
        ));
    }

    /// <summary>Contends for the service's journal as long as the process serves.</summary>
    sealed class Numbering(EventJournal journal, ILogger<Sequencer> log) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            new Sequencer(journal, log).Run(stoppingToken);
    }
}
