using System.Diagnostics;
using Kontor.Bench.Load;
using Kontor.Search;
using Kontor.Search.Tests;

namespace Kontor.Bench.Rig;

/// <summary>An index built anew on two threads, while another is asked.</summary>
/// <param name="Seconds">From the first product to the last merge, the making of the products included.</param>
/// <param name="MadeSeconds">How long a thread was at making products, on average.</param>
/// <param name="Bytes">A product, everything included, as the collector counts.</param>
/// <param name="Meanwhile">How long the other index took to answer, asked fifty times a second.</param>
sealed record IndexBuild(SearchIndex Index, double Seconds, double MadeSeconds, double Bytes, Latencies Meanwhile)
{
    const int Threads = 2;
    const int Chunk = 5_000;
    const int PauseMs = 20;

    public static IndexBuild Run(
        int products,
        SearchIndex? serving,
        Func<Random, SearchQuery> ask,
        CancellationToken stop
    )
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new SearchIndex(SearchSchema.Usual);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var begun = Stopwatch.GetTimestamp();
        var (next, made) = (-Chunk, 0L);
        var asking = OnThread(() => Ask(serving, ask, over.Token));
        var building = Enumerable.Range(0, Threads).Select(_ => OnThread(Build)).ToList();
        foreach (var one in building)
            one.GetAwaiter().GetResult();
        index.Compact();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        over.Cancel();
        var meanwhile = asking.GetAwaiter().GetResult();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)products;
        return new(index, seconds, made / (double)Stopwatch.Frequency / Threads, bytes, meanwhile);

        int Build()
        {
            var built = 0;
            for (int from; (from = Interlocked.Add(ref next, Chunk)) < products; built++)
            {
                stop.ThrowIfCancellationRequested();
                var making = Stopwatch.GetTimestamp();
                var chunk = Enumerable.Range(from, Math.Min(Chunk, products - from)).Select(GeneratedShop.Product);
                var documents = chunk.ToList();
                Interlocked.Add(ref made, Stopwatch.GetTimestamp() - making);
                index.Apply(documents, []);
            }
            return built;
        }
    }

    static Latencies Ask(SearchIndex? serving, Func<Random, SearchQuery> ask, CancellationToken over)
    {
        var (random, latencies) = (new Random(5), new Latencies());
        while (serving is not null && !over.WaitHandle.WaitOne(PauseMs))
        {
            var begun = Stopwatch.GetTimestamp();
            serving.Find(ask(random));
            latencies.Add(Stopwatch.GetTimestamp() - begun);
        }
        return latencies;
    }

    /// <summary>A thread of its own: what is measured here computes all the time.</summary>
    static Task<T> OnThread<T>(Func<T> run) => Task.Factory.StartNew(run, TaskCreationOptions.LongRunning);
}
