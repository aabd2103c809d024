using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kontor.Journal;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Platform.Stream;

/// <summary>Where a client stands to what a feed holds in memory.</summary>
enum Standing
{
    /// <summary>There was something to take.</summary>
    Live,

    /// <summary>It has all that the feed has.</summary>
    Reached,

    /// <summary>What comes next for it is no longer in memory.</summary>
    Behind,

    /// <summary>The feed has not begun, or is in another incarnation.</summary>
    Elsewhere,
}

/// <summary>The newest events of one topic, encoded once, for all clients of this process.</summary>
/// <remarks>
/// One follower fills a bounded ring; each client keeps only its own place and takes what comes after it. So joining
/// the live feed is a comparison of sequences, a slow client costs no memory, and nobody waits for it: when the ring has
/// passed it, it reads the journal until it is back in the ring. While nobody listens, nothing is read: the reads would
/// be paid by every write of the service. Who then comes reads the journal until the feed has begun at its head.
/// </remarks>
sealed partial class LiveFeed(EventJournal journal, StreamOptions options, Flow flow, ILogger log) : IDisposable
{
    /// <summary>Events that one client reads from the journal at a time.</summary>
    const int ReadLimit = 200;

    static readonly TimeSpan BeforeRetrying = TimeSpan.FromSeconds(1);

    /// <summary>Reads of the journal by clients that catch up; more at once would take the connections of everyone.</summary>
    readonly SemaphoreSlim readers = new(4, 4);
    readonly ConcurrentDictionary<Client, bool> clients = new();
    readonly Lock sync = new();
    readonly StreamEvent?[] ring = new StreamEvent?[options.BufferEvents];
    TaskCompletionSource listened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    CancellationTokenSource? session;
    ImmutableArray<(string Name, long Fork)> lives = [];
    string incarnation = "";
    long last;
    int count;
    long bytes;

    public string Topic => journal.Topic;

    public EventJournal Journal => journal;

    public long Last => Volatile.Read(ref last);

    /// <summary>Whether it reads nothing, because nobody listens.</summary>
    public bool IsResting => !Volatile.Read(ref listened).Task.IsCompleted;

    public void Attach(Client client)
    {
        lock (sync)
        {
            clients.TryAdd(client, true);
            session?.CancelAfter(Timeout.InfiniteTimeSpan);
            listened.TrySetResult();
        }
    }

    public void Detach(Client client)
    {
        lock (sync)
            if (clients.TryRemove(client, out _) && clients.IsEmpty)
                session?.CancelAfter(options.Linger);
    }

    public void Dispose() => readers.Dispose();

    /// <summary>Copies what comes after the seat, as much as fits.</summary>
    public (Standing Standing, int Count) Take(Seat seat, Span<StreamEvent> into)
    {
        lock (sync)
        {
            if (incarnation != seat.Incarnation)
                return (Standing.Elsewhere, 0);
            if (seat.Sequence >= last)
                return (Standing.Reached, 0);
            if (seat.Sequence < last - count)
                return (Standing.Behind, 0);
            var taken = (int)Math.Min(last - seat.Sequence, into.Length);
            for (var i = 0; i < taken; i++)
                into[i] = ring[PlaceOf(seat.Sequence + 1 + i)]!;
            return (Standing.Live, taken);
        }
    }

    /// <summary>Reads what comes after the seat from the journal.</summary>
    public async Task<(string Incarnation, IReadOnlyList<StreamEvent> Events)> Read(Seat seat, CancellationToken stop)
    {
        await readers.WaitAsync(stop);
        try
        {
            var batch = await journal.Read(seat.Sequence, ReadLimit, stop);
            return (batch.Incarnation, await Encode(batch, stop));
        }
        finally
        {
            readers.Release();
        }
    }

    /// <summary>Follows the journal while somebody listens, until stopped; survives the loss of the database and forks.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await listened.Task.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var listening = Open(stop);
            await Serve(listening.Token, stop);
            Close();
        }
    }

    CancellationTokenSource Open(CancellationToken stop)
    {
        lock (sync)
        {
            session = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (clients.IsEmpty)
                session.CancelAfter(options.Linger);
            return session;
        }
    }

    /// <summary>Forgets what it holds, since it will miss what comes; unless somebody has come since, rests.</summary>
    void Close()
    {
        Begin("", 0);
        lock (sync)
        {
            session = null;
            if (clients.IsEmpty)
                listened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    async Task Serve(CancellationToken listening, CancellationToken stop)
    {
        while (!listening.IsCancellationRequested)
            try
            {
                if (incarnation.Length == 0)
                {
                    var head = await journal.Head(listening);
                    Begin(head.Incarnation, head.Sequence);
                    flow.Announce(clients);
                }
                await foreach (var batch in new Follower(journal).Follow(incarnation, last, listening))
                    await Publish(batch, stop);
            }
            catch (OperationCanceledException) when (listening.IsCancellationRequested) { }
            catch (JournalForkedException forked)
            {
                LogForked(log, Topic, forked.Incarnation, forked.Fork);
                Begin(forked.Incarnation, forked.Fork);
                flow.Announce(clients);
            }
            catch (Exception broken)
            {
                // The door of a background task: clients stay connected and get heartbeats, and it begins again.
                if (broken is NpgsqlException)
                    LogAway(log, Topic, broken.Message);
                else
                    LogBroken(log, Topic, broken);
                await Task.Delay(BeforeRetrying, TimeProvider.System, listening)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    async Task Publish(EventBatch batch, CancellationToken stop)
    {
        var events = await Encode(batch, stop);
        if (batch.Incarnation != incarnation)
            Begin(batch.Incarnation, events[0].Sequence - 1);
        lock (sync)
            foreach (var happened in events)
                Add(happened);
        StreamMeter.Published(Topic, batch.Events[0].Time);
        flow.Announce(clients);
    }

    void Begin(string name, long after)
    {
        lock (sync)
        {
            Array.Clear(ring);
            (incarnation, last, count, bytes) = (name, after, 0, 0);
        }
    }

    void Add(StreamEvent happened)
    {
        while (count > 0 && (count == ring.Length || bytes + happened.Json.Length > options.BufferBytes))
        {
            var oldest = PlaceOf(last - count + 1);
            bytes -= ring[oldest]!.Json.Length;
            ring[oldest] = null;
            count--;
        }
        ring[PlaceOf(happened.Sequence)] = happened;
        last = happened.Sequence;
        count++;
        bytes += happened.Json.Length;
    }

    int PlaceOf(long sequence) => (int)(sequence % ring.Length);

    async ValueTask<IReadOnlyList<StreamEvent>> Encode(EventBatch batch, CancellationToken stop)
    {
        var known = lives;
        if (!known.Any(life => life.Name == batch.Incarnation))
            lives = known = await Lives(stop);
        // A batch is of its snapshot: a life that began since then has no part in it.
        var then = known[..(known.IndexOf(known.First(life => life.Name == batch.Incarnation)) + 1)];
        var encoded = new StreamEvent[batch.Events.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            var happened = batch.Events[i];
            encoded[i] = StreamEvent.Of(Topic, then.Last(life => life.Fork < happened.Sequence).Name, happened);
        }
        return encoded;
    }

    /// <summary>All incarnations by age. An event was numbered in the youngest whose fork lies before it.</summary>
    async Task<ImmutableArray<(string Name, long Fork)>> Lives(CancellationToken stop)
    {
        await using var all = journal.Database.CreateCommand(
            "select incarnation, fork from incarnations order by ordinal"
        );
        await using var reader = await all.ExecuteReaderAsync(stop);
        var found = ImmutableArray.CreateBuilder<(string, long)>();
        while (await reader.ReadAsync(stop))
            found.Add((reader.GetString(0), reader.GetInt64(1)));
        return found.ToImmutable();
    }

    [LoggerMessage(2101, LogLevel.Warning, "The stream of {Topic} goes on in incarnation {Incarnation} after {Fork}")]
    static partial void LogForked(ILogger log, string topic, string incarnation, long fork);

    [LoggerMessage(2102, LogLevel.Error, "The stream of {Topic} stands still and will begin again")]
    static partial void LogBroken(ILogger log, string topic, Exception broken);

    [LoggerMessage(2103, LogLevel.Warning, "The stream of {Topic} waits for its database: {Reason}")]
    static partial void LogAway(ILogger log, string topic, string reason);
}
