using System.Diagnostics;
using Kontor.Bench.Report;

namespace Kontor.Bench.Load;

/// <summary>One operation of one worker. False: there is nothing left to do.</summary>
delegate ValueTask<bool> Step(CancellationToken stop);

/// <summary>How hard and how long.</summary>
/// <param name="Workers">Each sends its next request when it has its answer.</param>
/// <param name="WarmUp">Runs before anything is counted.</param>
sealed record Shape(int Workers, TimeSpan WarmUp, TimeSpan Length);

/// <summary>Whose computing time is counted, where it can be known.</summary>
sealed record Clocks(CpuClock? Server = null, CpuClock? Database = null);

/// <summary>So many workers, each as fast as it gets its answers: shows what the server can do at most.</summary>
static class ClosedLoop
{
    /// <param name="begin">Makes a worker ready: opens its connection, draws its random numbers.</param>
    public static async Task<Figures> Run(
        Shape shape,
        Clocks clocks,
        Func<int, CancellationToken, Task<Step>> begin,
        CancellationToken stop
    )
    {
        var steps = await Task.WhenAll(Enumerable.Range(0, shape.Workers).Select(worker => begin(worker, stop)));
        var from = Stopwatch.GetTimestamp() + Ticks(shape.WarmUp);
        var until = from + Ticks(shape.Length);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var computing = Computing(clocks, shape, over.Token);
        var workers = await Task.WhenAll(steps.Select(step => Work(step, from, until, stop)));
        await over.CancelAsync();
        var (server, database) = await computing;
        stop.ThrowIfCancellationRequested();

        var all = Latencies.Join(workers.Select(worker => worker.Durations));
        if (all.Count == 0)
            throw new InvalidOperationException("Nothing was finished in the time given.");
        var took = (workers.Max(worker => worker.Ended) - from) / (double)Stopwatch.Frequency;
        return Figures.Rate(all, took) with
        {
            ServerCpuUs = server / all.Count * 1e6,
            DatabaseCpuUs = database / all.Count * 1e6,
        };
    }

    static async Task<(Latencies Durations, long Ended)> Work(Step step, long from, long until, CancellationToken stop)
    {
        await Task.Yield();
        var durations = new Latencies();
        var ended = from;
        while (true)
        {
            var begun = Stopwatch.GetTimestamp();
            if (begun >= until || !await step(stop))
                return (durations, ended);
            var done = Stopwatch.GetTimestamp();
            if (begun < from)
                continue;
            durations.Add(done - begun);
            ended = done;
        }
    }

    /// <summary>Seconds computed between the end of the warm-up and the end of the work.</summary>
    static async Task<(double? Server, double? Database)> Computing(Clocks clocks, Shape shape, CancellationToken over)
    {
        await Task.Delay(shape.WarmUp, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var (server, database) = (clocks.Server?.Seconds(), clocks.Database?.Seconds());
        await Task.Delay(Timeout.InfiniteTimeSpan, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (clocks.Server?.Seconds() - server, clocks.Database?.Seconds() - database);
    }

    static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
