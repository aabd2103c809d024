using System.Threading.Channels;
using Kontor.Catalog.Search.Documents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Search.Following;

/// <summary>Asks for another index beside the one that is searched. Any thread.</summary>
sealed class IndexRebuilds
{
    readonly Channel<bool> asked = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Products of one type that are written anew one by one; beyond that, building all anew is less work, and
    /// leaves no hollow segments.</summary>
    public int MostReread { get; set; } = 50_000;

    public void Ask() => asked.Writer.TryWrite(true);

    public ValueTask<bool> Asked(CancellationToken stop) => asked.Reader.ReadAsync(stop);
}

/// <summary>Keeps the index that this process searches in: loads it, follows, and takes another where one was built.</summary>
sealed class SearchHost(
    CatalogDatabase database,
    DocumentReader documents,
    SearchStanding standing,
    IndexRebuilds rebuilds,
    ILoggerFactory logs
) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new Running(Make(), stoppingToken);
        running.Follower.IsServing = true;
        running.Start();
        try
        {
            while (true)
            {
                await rebuilds.Asked(stoppingToken);
                running = await Replace(running, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            await running.End();
        }
    }

    IndexFollower Make() => new(database, documents, standing, rebuilds, logs.CreateLogger<IndexFollower>());

    /// <summary>The old one serves and follows until the new one has come as far.</summary>
    async Task<Running> Replace(Running old, CancellationToken stop)
    {
        var next = new Running(Make(), stop);
        next.Start();
        try
        {
            await next.Follower.Loaded.WaitAsync(stop);
            // Ahead, not all applied: it may itself have met a change for which yet another is built.
            while (next.Follower.Ahead < old.Follower.Ahead)
                await Task.Delay(Look, TimeProvider.System, stop);
        }
        catch (OperationCanceledException)
        {
            await next.End();
            throw;
        }
        next.Follower.IsServing = true;
        standing.Serve(next.Follower.Serving);
        await old.End();
        return next;
    }

    sealed class Running(IndexFollower follower, CancellationToken stop)
    {
        readonly CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task following = Task.CompletedTask;

        public IndexFollower Follower => follower;

        public void Start() =>
            following = Task.WhenAll(follower.Run(ending.Token), follower.Watch(TimeProvider.System, ending.Token));

        public async Task End()
        {
            await ending.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            follower.Dispose();
            ending.Dispose();
        }
    }
}
