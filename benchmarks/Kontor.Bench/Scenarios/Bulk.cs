using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kontor.Bench.Limits;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Npgsql;

namespace Kontor.Bench.Scenarios;

/// <summary>Many products over HTTP: every line new, then every line as it stands.</summary>
sealed class Bulk : IScenario
{
    const int Rows = 20_000;

    public string Name => "bulk";

    public string About => "lines/s of POST /products/bulk, against COPY and merge of the same rows";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_bulk", stop);
        await cluster.Execute(database, CopyAndMerge.Tables, stop);
        await using var plain = NpgsqlDataSource.Create(cluster.Owner(database));
        await using var server = await cluster.Serve(database, stop);
        using var http = new HttpClient { BaseAddress = new(server.Urls.First()), Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await server.FirstToken(http, stop));
        var lines = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, Rows).Select(Line)));
        var created = await Send(http, lines, "created", stop);
        var unchanged = await Send(http, lines, "unchanged", stop);
        return
        [
            new(Name, "all lines new, one request", created)
            {
                Limits = [new("COPY and merge, all new", await CopyAndMerge.Run(plain, Rows, stop))],
            },
            new(Name, "no line changes anything, one request", unchanged)
            {
                Limits = [new("COPY and merge, none changed", await CopyAndMerge.Run(plain, Rows, stop))],
            },
        ];
    }

    static async Task<Figures> Send(HttpClient http, byte[] lines, string expected, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        using var body = new ByteArrayContent(lines);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await http.PostAsync(new Uri("/api/v1/products/bulk", UriKind.Relative), body, stop);
        var told = await answer.Content.ReadAsStringAsync(stop);
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var sum = told.TrimEnd('\n').Split('\n')[^1];
        using var counted = JsonDocument.Parse(sum);
        return answer.IsSuccessStatusCode && counted.RootElement.GetProperty(expected).GetInt32() == Rows
            ? new(Rows / took, "rows/s", Count: Rows)
            : throw new InvalidOperationException($"Not all {Rows} lines were {expected}: {sum}");
    }

    static string Line(int n) =>
        JsonSerializer.Serialize(
            new
            {
                key = Goods.Sku(n),
                slug = Goods.Slug(n),
                title = Goods.Title(n),
                description = Goods.Description(n),
                variants = new[]
                {
                    new
                    {
                        sku = Goods.Sku(n),
                        stock = 1_000_000_000,
                        prices = new[] { new { amount = Goods.Price(n), currency = Goods.Currency } },
                    },
                },
            }
        );
}
