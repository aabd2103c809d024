using System.Diagnostics;
using System.Globalization;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Search;
using Kontor.Search.Tests;

namespace Kontor.Bench.Scenarios;

/// <summary>The search index alone, one thread: built, asked with facets, changed, all in this process.</summary>
/// <param name="products">How many.</param>
/// <param name="most">What a p99 is held to.</param>
sealed class AskIndex(string name, int products, AskIndex.Most most) : IScenario
{
    const int Chunk = 20_000;
    const int Questions = 2_000;
    const int Warm = 200;
    const double MostBytes = 1_000;

    /// <param name="EngineMs">Two words, one word, a category.</param>
    /// <param name="BroadMs">Words that over a tenth of the catalogue has.</param>
    public sealed record Most(double EngineMs, double BroadMs);

    public string Name => name;

    public string About => $"the search index alone, {products:N0} products, 8 facets, 20 hits";

    public Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (index, made, built) = Build(stop);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)products;
        var readings = new List<Reading>
        {
            new(name, "built, one thread", new(products / built, "products/s", Count: products))
            {
                Goals = [Goal.AtMost("bytes a product", bytes, MostBytes, "")],
                Notes =
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{built:0.0} s ({made:0.0} s more to make the products); {bytes:0} bytes a product, {index.Bytes / products} of them in arrays"
                    ),
                ],
            },
        };
        foreach (var (kind, ask) in Kinds)
            readings.Add(Ask(index, kind, ask, stop));
        readings.Add(Change(index, bench.Length, stop));
        return Task.FromResult<IReadOnlyList<Reading>>(readings);
    }

    (SearchIndex Index, double Made, double Built) Build(CancellationToken stop)
    {
        var index = new SearchIndex(SearchSchema.Usual);
        var (made, built) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var from = 0; from < products; from += Chunk)
        {
            stop.ThrowIfCancellationRequested();
            var begun = Stopwatch.GetTimestamp();
            var chunk = Enumerable.Range(from, Math.Min(Chunk, products - from)).Select(GeneratedShop.Product).ToList();
            made += Stopwatch.GetElapsedTime(begun);
            begun = Stopwatch.GetTimestamp();
            index.Apply(chunk, []);
            built += Stopwatch.GetElapsedTime(begun);
        }
        var last = Stopwatch.GetTimestamp();
        index.Compact();
        return (index, made.TotalSeconds, (built + Stopwatch.GetElapsedTime(last)).TotalSeconds);
    }

    /// <summary>The classes of decisions/0012: what people ask, and what hurts most.</summary>
    static IEnumerable<(string Kind, Func<Random, SearchQuery> Ask)> Kinds =>
        [
            (
                "two words",
                random => Faceted(random) with { Text = $"{Some(random, 50, 2_000)} {Some(random, 50, 2_000)} " }
            ),
            ("one word", random => Faceted(random) with { Text = $"{Some(random, 50, 150)} " }),
            ("a word begun", random => Faceted(random) with { Text = Some(random, 50, 2_000)[..3] }),
            ("a word mistyped", random => Faceted(random) with { Text = $"{Mistyped(Some(random, 50, 500))} " }),
            (
                "a category by price",
                random =>
                    Faceted(random) with
                    {
                        Within =
                        [
                            new SearchFilter.Terms(
                                "category",
                                [random.Next(4) == 0 ? $"top{random.Next(10)}" : $"middle{random.Next(90)}"]
                            ),
                        ],
                        Order = SearchOrder.Price(),
                        UnavailableLast = true,
                    }
            ),
            (Broad, random => Faceted(random) with { Text = $"{Some(random, 0, 8)} {Some(random, 0, 8)} " }),
        ];

    const string Broad = "two words of most products";

    static SearchQuery Faceted(Random random) =>
        new(GeneratedShop.Noon)
        {
            Language = "en",
            Books = ["EUR|b2b", "EUR"],
            Filters =
                random.Next(2) == 0
                    ? []
                    : [new SearchFilter.Terms("colour", [$"{random.Next(20)}", $"{random.Next(20)}"])],
            Facets =
            [
                new SearchFacet.Terms("brand"),
                new SearchFacet.Terms("category"),
                new SearchFacet.Terms("size"),
                new SearchFacet.Terms("colour"),
                new SearchFacet.Terms($"attribute{random.Next(24)}"),
                new SearchFacet.Terms("type"),
                new SearchFacet.Terms(SearchFields.Availability),
                new SearchFacet.Ranges(
                    SearchFields.Price,
                    [.. Enumerable.Range(0, 10).Select(i => new NumberRange(i * 10_000, (i + 1) * 10_000))]
                ),
            ],
        };

    static string Some(Random random, int from, int to) => GeneratedShop.Word(random.Next(from, to));

    static string Mistyped(string word) => word[..1] + word[2..];

    Reading Ask(SearchIndex index, string kind, Func<Random, SearchQuery> ask, CancellationToken stop)
    {
        var random = new Random(7);
        var latencies = new Latencies();
        var hits = 0L;
        var (asked, cpu) = (Stopwatch.GetTimestamp(), Computed());
        for (var i = -Warm; i < Questions; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (i == 0)
                (hits, asked, cpu) = (0, Stopwatch.GetTimestamp(), Computed());
            var query = ask(random);
            var begun = Stopwatch.GetTimestamp();
            hits += index.Find(query).Total;
            if (i >= 0)
                latencies.Add(Stopwatch.GetTimestamp() - begun);
        }
        var figures = Figures.Rate(latencies, Stopwatch.GetElapsedTime(asked).TotalSeconds) with
        {
            ServerCpuUs = (Computed() - cpu) * 1e6 / Questions,
        };
        var limit = kind == Broad ? most.BroadMs : most.EngineMs;
        return new(name, kind, figures)
        {
            Goals = [Goal.AtMost("p99", figures.P99Ms ?? 0, limit, " ms")],
            Notes =
            [
                string.Create(CultureInfo.InvariantCulture, $"{hits / (double)Questions:N0} products found on average"),
            ],
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
    Reading Change(SearchIndex index, TimeSpan length, CancellationToken stop)
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
            "changed in place",
            new(changed / Stopwatch.GetElapsedTime(begun).TotalSeconds, Count: changed)
        );
    }
}
