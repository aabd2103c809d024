using System.Diagnostics;
using System.Globalization;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Search;
using Kontor.Search.Tests;

namespace Kontor.Bench.Scenarios;

/// <summary>The search index alone, in this process: built on two threads, asked by one, changed in place.</summary>
/// <param name="sizes">Products, each ten times the one before.</param>
sealed class AskIndex(string name, params int[] sizes) : IScenario
{
    const int Warm = 400;
    const int Million = 1_000_000;
    const int Suggestions = 2_000;
    const double MostBytes = 1_000;
    const double MostGrowth = 2;

    /// <summary>Seconds.</summary>
    const double MostForMillion = 60;

    /// <summary>Likewise.</summary>
    const double MostForHundredThousand = 3;
    const double MostSuggestMs = 5;

    public string Name => name;

    public string About =>
        $"the search index alone, {string.Join(" and ", sizes.Select(Text))} products, 8 facets, 20 hits";

    public Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var readings = new List<Reading>();
        SearchIndex? serving = null;
        double? equalBefore = null;
        foreach (var products in sizes)
        {
            var kinds = IndexQuestions.Of(products).ToList();
            var build = IndexBuild.Run(products, serving, kinds[0].Ask, stop);
            serving = build.Index;
            readings.Add(Built(build, products));
            foreach (var kind in kinds)
            {
                var reading = Ask(serving, products, kind, equalBefore, stop);
                if (kind.Kind == IndexQuestions.EqualHits)
                    equalBefore = reading.Figures.P99Ms;
                readings.Add(reading);
            }
            readings.Add(Suggest(serving, products, stop));
            readings.Add(Change(serving, products, bench.Length, stop));
        }
        return Task.FromResult<IReadOnlyList<Reading>>(readings);
    }

    Reading Built(IndexBuild build, int products)
    {
        List<Goal> goals = [Goal.AtMost("bytes a product", build.Bytes, MostBytes, "")];
        if (products >= Million)
            goals.Add(Goal.AtMost("built in", build.Seconds, MostForMillion, " s"));
        else if (products == Million / 10)
            goals.Add(Goal.AtMost("built in", build.Seconds, MostForHundredThousand, " s"));
        var notes = new List<string>
        {
            Invariant($"{build.Seconds:0.0} s, {build.MadeSeconds:0.0} of them to make the products"),
            Invariant($"{build.Bytes:0} bytes a product, {build.Index.Bytes / products} in arrays"),
        };
        if (build.Meanwhile.Count > 0)
            notes.Add(
                Invariant(
                    $"the index before it answered two words meanwhile: p50 {build.Meanwhile.Ms(0.5):0.00}, p99 {build.Meanwhile.Ms(0.99):0.0} ms"
                )
            );
        return new(name, $"{Text(products)} built, two threads", new(products / build.Seconds, " products/s"))
        {
            Goals = goals,
            Notes = notes,
        };
    }

    Reading Ask(SearchIndex index, int products, IndexQuestions kind, double? before, CancellationToken stop)
    {
        var (random, latencies, hits) = (new Random(7), new Latencies(), 0L);
        var (asked, cpu, pauses) = (0L, 0.0, TimeSpan.Zero);
        for (var i = -Warm; i < kind.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (i == 0)
                (asked, cpu, pauses) = (Stopwatch.GetTimestamp(), Computed(), GC.GetTotalPauseDuration());
            var query = kind.Ask(random);
            var begun = Stopwatch.GetTimestamp();
            var total = index.Find(query).Total;
            if (i < 0)
                continue;
            latencies.Add(Stopwatch.GetTimestamp() - begun);
            hits += total;
        }
        var figures = Figures.Rate(latencies, Stopwatch.GetElapsedTime(asked).TotalSeconds) with
        {
            ServerCpuUs = (Computed() - cpu) * 1e6 / kind.Count,
        };
        var goals = new List<Goal>();
        if (kind.MostMs is { } most)
            goals.Add(Goal.AtMost("p99", figures.P99Ms ?? 0, products >= Million ? most.Large : most.Small, " ms"));
        if (kind.Kind == IndexQuestions.EqualHits && before is { } small)
            goals.Add(
                Goal.AtMost("p99 by that of a tenth of the products", (figures.P99Ms ?? 0) / small, MostGrowth, "")
            );
        return new(name, $"{Text(products)}: {kind.Kind}", figures)
        {
            Goals = goals,
            Notes =
            [
                Invariant(
                    $"{hits / (double)kind.Count:N0} found on average, {figures.ServerCpuUs * 1e3 * kind.Count / Math.Max(1, hits):N0} ns of computing a hit; the collector paused {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds:0} ms in all"
                ),
            ],
        };
    }

    Reading Suggest(SearchIndex index, int products, CancellationToken stop)
    {
        var (random, latencies) = (new Random(3), new Latencies());
        var (asked, cpu) = (0L, 0.0);
        for (var i = -Warm; i < Suggestions; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (i == 0)
                (asked, cpu) = (Stopwatch.GetTimestamp(), Computed());
            var query = new SuggestQuery(GeneratedShop.Noon, IndexQuestions.Typed(random)) { Language = "en" };
            var begun = Stopwatch.GetTimestamp();
            index.Suggest(query);
            if (i >= 0)
                latencies.Add(Stopwatch.GetTimestamp() - begun);
        }
        var figures = Figures.Rate(latencies, Stopwatch.GetElapsedTime(asked).TotalSeconds) with
        {
            ServerCpuUs = (Computed() - cpu) * 1e6 / Suggestions,
        };
        return new(name, $"{Text(products)}: suggest", figures)
        {
            Goals = [Goal.AtMost("p99", figures.P99Ms ?? 0, MostSuggestMs, " ms")],
        };
    }

    /// <summary>Seconds that this process has computed, its compiler and its garbage collector among them: on a busy machine the
    /// only figure that says something of the index.</summary>
    static double Computed()
    {
        using var here = Process.GetCurrentProcess();
        return here.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Price and availability in place, one product after the other.</summary>
    Reading Change(SearchIndex index, int products, TimeSpan length, CancellationToken stop)
    {
        var random = new Random(9);
        var begun = Stopwatch.GetTimestamp();
        var changed = 0L;
        for (; Stopwatch.GetElapsedTime(begun) < length; changed++)
        {
            stop.ThrowIfCancellationRequested();
            var product = random.Next(products);
            index.Change(
                new(product + 1, 0, 0, new byte[8]),
                [
                    new(
                        new(product + 1, 1, 0, new byte[8]),
                        Availability.InStock,
                        [new("EUR", random.Next(100, 100_000))]
                    ),
                ]
            );
        }
        return new(
            name,
            $"{Text(products)}: changed in place",
            new(changed / Stopwatch.GetElapsedTime(begun).TotalSeconds, Count: changed)
        );
    }

    static string Text(int products) => products >= Million ? $"{products / Million}M" : $"{products / 1_000}k";

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
