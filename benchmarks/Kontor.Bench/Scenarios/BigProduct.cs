using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Host.Serving;

namespace Kontor.Bench.Scenarios;

/// <summary>A product of as many variants as one may have: written, changed, read, listed, and paged through.</summary>
sealed class BigProduct : IScenario
{
    const int Variants = 5_000;
    const int Connections = 4;
    const string Products = "/api/v1/products";

    public string Name => "big-product";

    public string About => "a product of 5,000 variants written, read and listed, against the same bytes, ready";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_big", stop);
        await using var server = await cluster.Serve(database, stop);
        using var http = new HttpClient { BaseAddress = new(server.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await server.FirstToken(http, stop));
        var written = await Write(http, stop);
        await cluster.Execute(database, "vacuum analyze", stop);
        var readings = new List<Reading> { written };
        foreach (
            var (what, path) in new[]
            {
                ("read", $"{Products}/big"),
                ("listed", $"{Products}?limit=20"),
                ("500 of its variants", $"{Products}/big/variants?limit=500"),
            }
        )
            readings.Add(await Read(bench, (cluster, server), what, path, stop));
        return readings;
    }

    async Task<Reading> Write(HttpClient http, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        using var made = await http.PostAsJsonAsync(new Uri(Products, UriKind.Relative), Product(0), stop);
        var createdMs = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        made.EnsureSuccessStatusCode();
        begun = Stopwatch.GetTimestamp();
        using var change = new HttpRequestMessage(HttpMethod.Patch, new Uri($"{Products}/big", UriKind.Relative))
        {
            Content = JsonContent.Create(new { variants = Rows(1) }),
        };
        change.Headers.TryAddWithoutValidation("If-Match", "*");
        using var changed = await http.SendAsync(change, stop);
        var changedMs = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        changed.EnsureSuccessStatusCode();
        return new(Name, "created", new(Variants / createdMs * 1000, "variants/s", Count: Variants))
        {
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"created in {createdMs:0} ms, every price changed in {changedMs:0} ms"
                ),
            ],
        };
    }

    async Task<Reading> Read(
        Workbench bench,
        (Cluster Cluster, KontorServer Server) shop,
        string what,
        string path,
        CancellationToken stop
    )
    {
        var (bare, shape, url) = (await bench.Bare(), bench.Of(Connections), new Uri(shop.Server.Urls.First()));
        var request = Ask.Get(path);
        byte[] bytes;
        using (var connection = await HttpConnection.Open(url, stop))
            bytes = (await connection.Send(request, stop)).Expect(200).Body.ToArray();
        var figures = await Visits.Run(url, shape, new(Database: shop.Cluster.Clock), _ => request, stop);
        await bare.Keep(Name, bytes, stop);
        return new(Name, $"{what}, {Connections} connections", figures)
        {
            Limits = [new("the same bytes, ready", await bare.Bytes(Name, shape, stop))],
            Notes = [string.Create(CultureInfo.InvariantCulture, $"{bytes.Length / 1024.0:0} KB")],
        };
    }

    static object Product(int dearer) =>
        new
        {
            key = "big",
            slug = "big",
            title = "A thing of many kinds",
            variants = Rows(dearer),
        };

    static IEnumerable<object> Rows(int dearer) =>
        Enumerable
            .Range(0, Variants)
            .Select(i => new
            {
                sku = $"BIG-{i}",
                stock = 10,
                prices = new[] { new { amount = 100 + i + dearer, currency = Goods.Currency } },
            });
}
