using System.Collections.Concurrent;
using Kontor.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kontor.Platform.Stream;

/// <summary>The live feeds of the services that run in this process, and the clients that are connected to them.</summary>
sealed class LiveFeeds : BackgroundService
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>A client that does not take its goodbye in this time is cut off; a shutdown waits for nobody.</summary>
    static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, LiveFeed> feeds;
    readonly ConcurrentDictionary<Client, bool> clients = new();
    readonly CancellationTokenSource cut = new();
    readonly IHostApplicationLifetime lifetime;
    readonly CancellationTokenRegistration stopping;
    int admitted;

    public LiveFeeds(
        IEnumerable<ServiceDatabase> services,
        IOptions<StreamOptions> options,
        IHostApplicationLifetime lifetime,
        TimeProvider clock,
        ILogger<LiveFeeds> log
    )
    {
        Options = options.Value;
        Clock = clock;
        Flow = new(Options);
        this.lifetime = lifetime;
        feeds = services.ToDictionary(
            service => service.Name,
            service => new LiveFeed(service.Journal, Options, Flow, log),
            StringComparer.Ordinal
        );
        stopping = lifetime.ApplicationStopping.Register(SayGoodbye);
    }

    public StreamOptions Options { get; }

    public TimeProvider Clock { get; }

    public Flow Flow { get; }

    public IEnumerable<string> Topics => feeds.Keys.Order(StringComparer.Ordinal);

    /// <summary>Cancelled when a shutdown has waited for goodbyes long enough.</summary>
    public CancellationToken Cut => cut.Token;

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public LiveFeed? Find(string topic) => feeds.GetValueOrDefault(topic);

    /// <summary>A place for one more connection, or null; disposing gives it back.</summary>
    public IDisposable? Admit(string transport)
    {
        if (Interlocked.Increment(ref admitted) <= Options.MaxConnections)
            return new Admission(this, transport);
        Interlocked.Decrement(ref admitted);
        return null;
    }

    public void Enter(Client client)
    {
        clients.TryAdd(client, true);
        foreach (var seat in client.Seats)
            seat.Feed.Attach(client);
        // The shutdown may have said its goodbyes just before.
        if (IsStopping)
            client.End(Ending.GoingAway);
    }

    public void Leave(Client client)
    {
        foreach (var seat in client.Seats)
            seat.Feed.Detach(client);
        clients.TryRemove(client, out _);
    }

    public override void Dispose()
    {
        stopping.Dispose();
        Flow.Dispose();
        foreach (var feed in feeds.Values)
            feed.Dispose();
        cut.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(feeds.Values.Select(feed => feed.Run(stoppingToken)).Append(Beat(stoppingToken)));

    /// <summary>One clock for all clients: wakes those that owe a heartbeat, whose token expires or who wait to retry.</summary>
    async Task Beat(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick);
        while (true)
        {
            Flow.Measure();
            foreach (var (client, _) in clients)
                if (client.IsDue)
                    client.Wake();
            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return; // The process stops: the clients are told by SayGoodbye, no heartbeat is owed.
            }
        }
    }

    void SayGoodbye()
    {
        foreach (var (client, _) in clients)
            client.End(Ending.GoingAway);
        cut.CancelAfter(Goodbye);
    }

    sealed class Admission : IDisposable
    {
        readonly LiveFeeds feeds;
        readonly string transport;

        public Admission(LiveFeeds feeds, string transport)
        {
            (this.feeds, this.transport) = (feeds, transport);
            StreamMeter.Came(transport);
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref feeds.admitted);
            StreamMeter.Left(transport);
        }
    }
}
