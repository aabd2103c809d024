using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Catalog;
using Kontor.Host.Serving;
using Kontor.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Bench.Scenarios;

/// <summary>From a commit's acknowledgement until one client of the stream holds the event, at 1,000 events a second in
/// transactions of two, as a checkout's steps have one or two.</summary>
/// <remarks>Server, writers and client are this process, so that one clock measures both ends.</remarks>
sealed class StreamToClient : IScenario
{
    const int PerSecond = 1_000;
    const int PerTransaction = 2;
    const int Connections = 16;
    const string Number = "\"n\":";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "stream";

    public string About => "commit to one Server-Sent Events client at 1,000 events/s, two a transaction";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_stream", stop);
        await using var server = await cluster.Serve(database, stop);
        var warmUp = PerTransaction * (int)(bench.WarmUp.TotalSeconds * PerSecond / PerTransaction);
        var total = warmUp + PerTransaction * (int)(bench.Length.TotalSeconds * PerSecond / PerTransaction);
        var (committed, seen) = (new long[total], new long[total]);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var lines = await Listen(http, server, await server.FirstToken(http, stop), stop);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(bench.WarmUp + bench.Length + Patience);
        var reading = Read(lines, seen, late.Token);
        var commits = await Commit(server, committed, stop);
        await reading;

        var delays = new Latencies();
        for (var n = warmUp; n < total; n++)
            delays.Add(Math.Max(0, seen[n] - committed[n]));
        var bareMs = await bench.BareP99(Connections);
        var took = Stopwatch.GetElapsedTime(committed[warmUp], committed[^1]).TotalSeconds;
        return
        [
            new(Name, "commit to client", Figures.Rate(delays, took))
            {
                Goals =
                [
                    Goal.AtLeast("events a second", (total - warmUp) / took, PerSecond * 0.97),
                    Goal.P99(delays.Ms(0.99)!.Value, 25, bareMs),
                ],
                Notes =
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the transactions themselves: p50 {commits.Ms(0.5):0.0} ms, p99 {commits.Ms(0.99):0.0} ms from when they were due; p99 of the bare endpoint: {bareMs:0.0} ms"
                    ),
                ],
            },
        ];
    }

    static async Task<StreamReader> Listen(HttpClient http, KontorServer server, string token, CancellationToken stop)
    {
        using var ask = new HttpRequestMessage(
            HttpMethod.Get,
            $"{server.Urls.First()}/api/v1/stream?topics=catalog&after=catalog:0"
        );
        ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        ask.Headers.Accept.ParseAdd("text/event-stream");
        var answer = await http.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead, stop);
        answer.EnsureSuccessStatusCode();
        return new(await answer.Content.ReadAsStreamAsync(stop));
    }

    /// <summary>Notes when each event came, until the last has.</summary>
    static async Task Read(StreamReader lines, long[] seen, CancellationToken stop)
    {
        for (var left = seen.Length; left > 0; )
        {
            var line = await lines.ReadLineAsync(stop) ?? throw new InvalidOperationException("The stream was closed.");
            if (!line.StartsWith("data:", StringComparison.Ordinal) || NumberIn(line) is not { } n)
                continue;
            seen[n] = Stopwatch.GetTimestamp();
            left--;
        }
    }

    static int? NumberIn(string line)
    {
        var at = line.IndexOf(Number, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var digits = line.AsSpan(at + Number.Length).TrimStart();
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }

    static async Task<Latencies> Commit(KontorServer server, long[] committed, CancellationToken stop)
    {
        var journal = server.Services.GetRequiredService<CatalogDatabase>().Journal;
        var kinds = await OpenLoop.Run(
            PerSecond / (double)PerTransaction,
            TimeSpan.FromSeconds(committed.Length / (double)PerSecond),
            async (nth, asked) =>
            {
                var numbers = Enumerable.Range(nth * PerTransaction, PerTransaction).ToArray();
                await using var connection = await journal.Database.OpenConnectionAsync(asked);
                await using var transaction = await connection.BeginTransactionAsync(asked);
                await journal.Append(transaction, [.. numbers.Select(Ticked)], asked);
                await transaction.CommitWhole();
                var now = Stopwatch.GetTimestamp();
                foreach (var n in numbers)
                    committed[n] = now;
                journal.Signal();
                return "commit";
            },
            stop
        );
        return kinds["commit"];
    }

    static NewEvent Ticked(int n) =>
        new($"bench-{n}", "bench.ticked.v1", $$"""{"n": {{n}}, "note": "{{Note}}"}""", Expected: 0);

    static readonly string Note = new('x', 300);
}
