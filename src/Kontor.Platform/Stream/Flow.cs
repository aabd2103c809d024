using System.Collections.Concurrent;

namespace Kontor.Platform.Stream;

/// <summary>How many deliveries are made a second, and with it when clients are woken: at once while it is quiet; while
/// it is not, every 50 ms, so that several events go out in one write.</summary>
sealed class Flow(StreamOptions options) : IDisposable
{
    readonly HashSet<ConcurrentDictionary<Client, bool>> waiting = [];
    readonly Lock sync = new();
    ITimer? timer;
    long deliveries;
    long counted;
    long countedAt = TimeProvider.System.GetTimestamp();
    long announcedAt;
    volatile bool isBusy;

    public bool IsBusy => isBusy;

    public void Delivered(int count) => Interlocked.Add(ref deliveries, count);

    /// <summary>Takes the rate; called a few times a second.</summary>
    public void Measure()
    {
        var now = TimeProvider.System.GetTimestamp();
        var all = Interlocked.Read(ref deliveries);
        var seconds = TimeProvider.System.GetElapsedTime(countedAt, now).TotalSeconds;
        isBusy = seconds > 0 && (all - counted) / seconds > options.JoinAbovePerSecond;
        (counted, countedAt) = (all, now);
    }

    public void Announce(ConcurrentDictionary<Client, bool> clients)
    {
        lock (sync)
        {
            var left = options.JoinFor - TimeProvider.System.GetElapsedTime(announcedAt);
            if (isBusy && left > TimeSpan.Zero)
            {
                if (waiting.Add(clients) && waiting.Count == 1)
                {
                    timer ??= TimeProvider.System.CreateTimer(
                        _ => WakeWaiting(),
                        null,
                        Timeout.InfiniteTimeSpan,
                        Timeout.InfiniteTimeSpan
                    );
                    timer.Change(left, Timeout.InfiniteTimeSpan);
                }
                return;
            }
            announcedAt = TimeProvider.System.GetTimestamp();
        }
        Wake(clients);
    }

    public void Dispose() => timer?.Dispose();

    void WakeWaiting()
    {
        ConcurrentDictionary<Client, bool>[] due;
        lock (sync)
        {
            due = [.. waiting];
            waiting.Clear();
            announcedAt = TimeProvider.System.GetTimestamp();
        }
        foreach (var clients in due)
            Wake(clients);
    }

    static void Wake(ConcurrentDictionary<Client, bool> clients)
    {
        foreach (var (client, _) in clients)
            client.Wake();
    }
}
