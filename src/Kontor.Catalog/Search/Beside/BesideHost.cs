using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Following;
using Kontor.Journal;
using Kontor.Search.OpenSearch;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace Kontor.Catalog.Search.Beside;

/// <summary>Searches in an engine beside the process, and takes part in writing to it.</summary>
/// <remarks>One process writes: the one that has the lease. The lease saves double work and does not guard anything, the versions
/// do.</remarks>
sealed class BesideHost(
    CatalogDatabase database,
    DocumentReader documents,
    SearchStanding standing,
    BesideSettings settings,
    ILoggerFactory logs
) : BackgroundService
{
    /// <summary>How often it is looked for indices of other shapes that nobody writes to any more.</summary>
    public TimeSpan LeftoversEvery { get; set; } = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (options, clock) = (settings.Options, TimeProvider.System);
        using var asking = Asking(options, settings.AskingMs);
        using var writing = new HttpClient(Connection.Handler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        // A question fails soon: whoever asked is told to come again, and is not kept.
        var asked = options with
        {
            Attempts = 1,
            TimeoutMs = settings.AskingMs * 2,
        };
        var finding = new OpenSearchEngine(asking, asked, BesideShop.Schema, clock);
        var reader = new BesideReader(database, finding, standing, logs.CreateLogger<BesideReader>());
        var engine = new OpenSearchEngine(writing, options, BesideShop.Schema, clock);
        using var writer = new BesideWriter(database, engine, documents, clock, logs.CreateLogger<BesideWriter>());
        var leftovers = new Leftovers(
            database.Journal,
            settings,
            alias => new OpenSearchEngine(writing, options with { Alias = alias }, BesideShop.Schema, clock),
            logs.CreateLogger<Leftovers>()
        );
        var leading = new Leadership(database.Source, $"search {options.Alias}", logs.CreateLogger<BesideHost>()).Run(
            stop => Task.WhenAll(writer.Lead(stop), leftovers.Run(LeftoversEvery, stop)),
            stoppingToken
        );
        await Task.WhenAll(reader.Run(stoppingToken), leading);
    }

    /// <summary>Outermost first: while the engine is away nobody waits for it but now and then one.</summary>
    static HttpClient Asking(OpenSearchOptions options, int askingMs)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddCircuitBreaker(
                new HttpCircuitBreakerStrategyOptions
                {
                    SamplingDuration = TimeSpan.FromSeconds(5),
                    MinimumThroughput = 10,
                    FailureRatio = 0.5,
                    BreakDuration = TimeSpan.FromSeconds(1),
                }
            )
            .AddTimeout(TimeSpan.FromMilliseconds(askingMs))
            .Build();
        return new(new ResilienceHandler(pipeline) { InnerHandler = Connection.Handler(options) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }
}
