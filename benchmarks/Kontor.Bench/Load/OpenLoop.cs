using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kontor.Bench.Load;

/// <summary>Operations that come when they come, whatever became of those before: shows what a customer waits.</summary>
/// <remarks>A duration counts from the moment at which its operation was due, so that a server that stands still for a
/// second is charged with everybody who came in that second.</remarks>
static class OpenLoop
{
    /// <param name="operation">Does the nth operation and says of which class it is.</param>
    public static async Task<IReadOnlyDictionary<string, Latencies>> Run(
        double perSecond,
        TimeSpan length,
        Func<int, CancellationToken, Task<string>> operation,
        CancellationToken stop
    )
    {
        var done = new ConcurrentBag<(string Class, long Took)>();
        var running = new List<Task>();
        var begun = Stopwatch.GetTimestamp();
        for (var n = 0; n < perSecond * length.TotalSeconds; n++)
        {
            var due = begun + (long)(n / perSecond * Stopwatch.Frequency);
            await Until(due, stop);
            running.Add(One(n, due));
        }
        await Task.WhenAll(running);
        return done.GroupBy(one => one.Class, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Of(group.Select(one => one.Took)), StringComparer.Ordinal);

        async Task One(int n, long due)
        {
            await Task.Yield();
            var kind = await operation(n, stop);
            done.Add((kind, Stopwatch.GetTimestamp() - due));
        }
    }

    public static async Task Until(long due, CancellationToken stop)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, stop);
    }

    static Latencies Of(IEnumerable<long> durations)
    {
        var all = new Latencies();
        foreach (var duration in durations)
            all.Add(duration);
        return all;
    }
}
