using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Bench.Limits;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Npgsql;

namespace Kontor.Bench.Scenarios;

/// <summary>A real feed of 100,000 rows over the API into a shop that serves: its first time, the same again, how soon it is
/// found, and what visitors notice.</summary>
sealed class ImportFeed : IScenario
{
    const double VisitorsPerSecond = 50;
    const int Connections = 16;
    static readonly TimeSpan Watched = TimeSpan.FromSeconds(15);

    public string Name => "import-feed";

    public string About =>
        "100k rows of openfoodfacts over the API, against COPY and merge into the same tables; again; impact";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var feed = Path.Combine(
            Environment.GetEnvironmentVariable("KONTOR_DATA") ?? "",
            "openfoodfacts",
            "products.ndjson.gz"
        );
        if (!File.Exists(feed))
            throw new NotHereException("openfoodfacts is not there; KONTOR_DATA names the folder of real feeds");
        await using var shop = Shop.Prepare();
        await shop.Open(withDemo: false, stop);
        var (goods, map) = await Goods.Write(bench.Scratch, 0, Goods.Count, stop);
        await shop.Import(goods, map, stop);
        using var http = await Staff(shop, stop);
        await Post(http, "/api/v1/product-types", await Sample("type"), stop);

        var first = await Import(http, feed, Mapping("off"), stop);
        var found = await Found(http, stop);
        var told = await Events(shop, stop);
        var again = await Import(http, feed, Mapping("off"), stop);
        var events = await Events(shop, stop) - told;
        var limit = await SameTables.Run(shop.Owner, "off-", bench.Scratch, stop);
        return
        [
            new(Name, "file to committed, all rows new", first)
            {
                Limits = [new("COPY and merge into the same tables", limit)],
                Goals = [Goal.AtLeast("of COPY and merge", first.Value / limit.Value, 0.3)],
                Notes = [$"the server had {shop.Megabytes:0} MB at the end"],
            },
            new(Name, "the same again", again)
            {
                Goals =
                [
                    Goal.AtLeast("times the first", again.Value / first.Value, 3),
                    Goal.AtMost("events of goods", events, 0, ""),
                ],
            },
            new(Name, "from the end to all of it found", new(found, "ms"))
            {
                Goals = [Goal.AtMost("found", found, 5_000, " ms")],
            },
            await Impact(shop, http, feed, stop),
        ];
    }

    async Task<Reading> Impact(Shop shop, HttpClient http, string feed, CancellationToken stop)
    {
        var quiet = await Visit(shop, stop);
        var importing = Import(http, feed, Mapping("two"), stop);
        var busy = await Visit(shop, stop);
        var hadEnded = importing.IsCompleted;
        await importing;
        return new(Name, "visitors while it runs", Figures.Rate(busy, Watched.TotalSeconds))
        {
            Limits = [new("visitors while nothing runs", Figures.Rate(quiet, Watched.TotalSeconds))],
            HasRatio = false, // Of a rate that is given.
            Goals = [Goal.AtMost("p99, times the quiet one", busy.Ms(0.99)!.Value / quiet.Ms(0.99)!.Value, 2, "")],
            Notes = hadEnded ? ["the import had ended before they went"] : [],
        };
    }

    /// <summary>From the first byte sent until the run says that it is done.</summary>
    static async Task<Figures> Import(HttpClient http, string feed, JsonNode mapping, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        var opened = await Post(
            http,
            "/api/v1/imports",
            new JsonObject { ["mapping"] = mapping, ["approved"] = true },
            stop
        );
        var path = $"/api/v1/imports/{opened.GetProperty("id").GetString()}";
        await using (var bytes = File.OpenRead(feed))
        using (var body = new StreamContent(bytes))
        using (var sent = await http.PutAsync(Url($"{path}/files/0?name=products.ndjson.gz"), body, stop))
            sent.EnsureSuccessStatusCode();
        await Post(http, $"{path}/start", new JsonObject(), stop);
        while (true)
        {
            var run = (await http.GetFromJsonAsync<JsonElement>(Url(path), stop)).GetProperty("data");
            var counts = run.GetProperty("counts");
            var state = run.GetProperty("state").GetString();
            if (state == "done")
            {
                var rows = counts.GetProperty("rows").GetInt64();
                return new(rows / Stopwatch.GetElapsedTime(begun).TotalSeconds, "rows/s", Count: rows);
            }
            if (state is "failed" or "cancelled" or "planned")
                throw new InvalidOperationException($"The import is {state}: {run}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        }
    }

    /// <summary>Changes are found in their order: what comes behind the import is found last.</summary>
    static async Task<double> Found(HttpClient http, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        var last = new JsonObject
        {
            ["key"] = "behind-all",
            ["title"] = "Goods behindall",
            ["variants"] = new JsonArray(new JsonObject { ["sku"] = "behind-all" }),
        };
        await Post(http, "/api/v1/products", last, stop);
        while (
            !(await http.GetStringAsync(Url("/api/v1/search?q=behindall&limit=1"), stop)).Contains(
                "\"total\":1",
                StringComparison.Ordinal
            )
        )
            await Task.Delay(TimeSpan.FromMilliseconds(5), stop);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    /// <summary>Of ten, seven look at a product, two search, one turns a page.</summary>
    static async Task<Latencies> Visit(Shop shop, CancellationToken stop)
    {
        var random = new Random(1);
        var plan = Enumerable
            .Range(0, (int)(VisitorsPerSecond * Watched.TotalSeconds))
            .Select(n =>
                (n % 10) switch
                {
                    2 or 7 => SearchGoods.Path(random),
                    5 => "/api/v1/products?limit=20",
                    _ => $"/api/v1/products/{Goods.Slug(random.Next(Goods.Count))}",
                }
            )
            .Select(Ask.Get)
            .ToArray();
        using var pool = await ConnectionPool.Open(shop.Url, Connections, stop);
        var kinds = await OpenLoop.Run(
            VisitorsPerSecond,
            Watched,
            (n, asked) =>
                pool.Use(
                    async connection =>
                    {
                        (await connection.Send(plan[n], asked)).Expect(200);
                        return "visit";
                    },
                    asked
                ),
            stop
        );
        return kinds["visit"];
    }

    static async Task<long> Events(Shop shop, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(shop.Owner);
        await connection.OpenAsync(stop);
        await using var count = new NpgsqlCommand(
            "select count(*) from catalog.journal where type not like 'import.%'",
            connection
        );
        return (long)(await count.ExecuteScalarAsync(stop))!;
    }

    static async Task<HttpClient> Staff(Shop shop, CancellationToken stop)
    {
        var http = new HttpClient { BaseAddress = shop.Url, Timeout = TimeSpan.FromMinutes(10) };
        using var first = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(shop.Folder, "first-credentials.json"), stop)
        );
        using var ask = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", first.RootElement.GetProperty("client_id").GetString()),
            new("client_secret", first.RootElement.GetProperty("client_secret").GetString()),
        ]);
        using var answer = await http.PostAsync(Url("/connect/token"), ask, stop);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.GetProperty("access_token").GetString());
        return http;
    }

    static async Task<JsonElement> Post(HttpClient http, string path, JsonNode body, CancellationToken stop)
    {
        using var answer = await http.PostAsJsonAsync(Url(path), body, stop);
        var said = await answer.Content.ReadAsStringAsync(stop);
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(said).GetProperty("data")
            : throw new InvalidOperationException($"{path}: {said}");
    }

    /// <summary>The repository's own, of another supplier with keys that begin so.</summary>
    static JsonNode Mapping(string supplier) =>
        JsonNode.Parse(
            File.ReadAllText(SamplePath("mapping"))
                .Replace("\"openfoodfacts\"", $"\"{supplier}\"", StringComparison.Ordinal)
                .Replace("off-{", $"{supplier}-{{", StringComparison.Ordinal)
        )!;

    static async Task<JsonNode> Sample(string what) => JsonNode.Parse(await File.ReadAllTextAsync(SamplePath(what)))!;

    static string SamplePath(string what) =>
        Path.Combine(Workbench.Root, "samples", "imports", $"openfoodfacts.{what}.json");

    static Uri Url(string path) => new(path, UriKind.Relative);
}
