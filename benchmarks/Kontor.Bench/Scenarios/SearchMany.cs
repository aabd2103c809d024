using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Host.Serving;

namespace Kontor.Bench.Scenarios;

/// <summary>Search through the whole pipeline: start, words with eight counts, a category page, suggestions, and how soon a
/// change is found.</summary>
/// <param name="maxReadyMs">Goal of the start.</param>
/// <param name="maxCategoryMs">Goal of the category page's p99.</param>
sealed class SearchMany(string name, int products, double maxReadyMs = 3_000, double maxCategoryMs = 10) : IScenario
{
    const int Connections = 4;
    const int Changes = 100;
    const int Queries = 300;

    public string Name => name;

    public string About =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{products:N0} products over HTTP: ready after start, two words with 8 counts, category page, suggest, change to found"
        );

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop($"bench_{name.Replace('-', '_')}", stop);
        Workbench.Say(string.Create(CultureInfo.InvariantCulture, $"Writing {products:N0} products …"));
        await cluster.Execute(database, ManyGoods.Sql(products), stop);
        await cluster.Execute(database, "vacuum analyze", stop);
        var begun = Stopwatch.GetTimestamp();
        await using var server = await cluster.Serve(database, stop);
        using var http = new HttpClient { BaseAddress = new(server.Urls.First()) };
        await Until(async () => (await http.GetAsync(Path("/health/ready"), stop)).IsSuccessStatusCode, stop);
        var readyMs = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        return
        [
            new(Name, "start to /health/ready", new(readyMs, "ms"))
            {
                Goals = [Goal.AtMost("ready", readyMs, maxReadyMs, " ms")],
            },
            .. await AskAll(bench, (cluster, server), stop),
            await Changed(server, http, stop),
        ];
    }

    async Task<IReadOnlyList<Reading>> AskAll(
        Workbench bench,
        (Cluster Cluster, KontorServer Server) shop,
        CancellationToken stop
    )
    {
        const string Counted = $"&currency={ManyGoods.Currency}{ManyGoods.Facets}";
        (string What, Func<Random, string> Path, double GoalMs)[] all =
        [
            (
                "two words, 8 counts, 20 hits",
                random => $"/api/v1/search?q={ManyGoods.Query(random, products)}{Counted}",
                20
            ),
            (
                "two words of a fifth of the products, 8 counts, 20 hits",
                random => $"/api/v1/search?q={ManyGoods.Common(random)}{Counted}",
                60
            ),
            (
                "category page, 8 counts, 20 hits",
                random => $"/api/v1/search?category=cat-{random.Next(ManyGoods.Categories)}{Counted}",
                maxCategoryMs
            ),
            ("suggest", random => $"/api/v1/suggest?q={ManyGoods.Word(random)[..^1]}", 5),
        ];
        var readings = new List<Reading>();
        foreach (var asked in all)
            readings.Add(await Ask(bench, shop, asked, stop));
        return readings;
    }

    async Task<Reading> Ask(
        Workbench bench,
        (Cluster Cluster, KontorServer Server) shop,
        (string What, Func<Random, string> Path, double GoalMs) asked,
        CancellationToken stop
    )
    {
        var drawn = new Random(1);
        var requests = Enumerable.Range(0, Queries).Select(_ => asked.Path(drawn)).Select(Load.Ask.Get).ToArray();
        var (shape, url) = (bench.Of(Connections), new Uri(shop.Server.Urls.First()));
        byte[] bytes;
        using (var connection = await HttpConnection.Open(url, stop))
            bytes = (await connection.Send(requests[0], stop)).Expect(200).Body.ToArray();
        var figures = await Visits.Run(
            url,
            shape,
            new(Database: shop.Cluster.Clock),
            random => requests[random.Next(requests.Length)],
            stop
        );
        var bare = await bench.Bare();
        await bare.Keep(Name, bytes, stop);
        return new(Name, $"{asked.What}, {Connections} connections", figures)
        {
            Limits = [new("the same bytes, ready", await bare.Bytes(Name, shape, stop))],
            Goals = [Goal.P99(figures.P99Ms ?? double.MaxValue, asked.GoalMs, await bench.BareP99(Connections))],
            Notes = [string.Create(CultureInfo.InvariantCulture, $"{bytes.Length / 1024.0:0} KB")],
        };
    }

    /// <summary>From the answer to a write until a search without its position finds it.</summary>
    async Task<Reading> Changed(KontorServer server, HttpClient http, CancellationToken stop)
    {
        http.DefaultRequestHeaders.Authorization = new("Bearer", await server.FirstToken(http, stop));
        var took = new Latencies();
        for (var i = 0; i < Changes; i++)
        {
            var (word, sku) = ($"changed{i}x", $"c-{i}");
            using var made = await http.PostAsJsonAsync(
                Path("/api/v1/products"),
                new
                {
                    key = sku,
                    title = $"Goods {word}",
                    variants = new[] { new { sku } },
                },
                stop
            );
            made.EnsureSuccessStatusCode();
            var begun = Stopwatch.GetTimestamp();
            await Until(
                async () =>
                    (await http.GetStringAsync(Path($"/api/v1/search?q={word}&limit=1"), stop)).Contains(
                        "\"total\":1",
                        StringComparison.Ordinal
                    ),
                stop
            );
            took.Add(Stopwatch.GetTimestamp() - begun);
        }
        return new(
            Name,
            "change to found",
            new(took.Mean, "ms", took.Ms(0.5), took.Ms(0.95), took.Ms(0.99), Count: Changes)
        )
        {
            Goals = [Goal.AtMost("p99", took.Ms(0.99) ?? double.MaxValue, 1_000, " ms")],
        };
    }

    static async Task Until(Func<Task<bool>> isSo, CancellationToken stop)
    {
        while (!await isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(1), stop);
    }

    static Uri Path(string path) => new(path, UriKind.Relative);
}
