using System.Diagnostics;
using Kontor.Bench.Limits;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>The second start, as after an upgrade: how long until it answers, and what memory it takes.</summary>
sealed class StartShop : IScenario
{
    const int Connections = 16;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    public string Name => "start";

    public string About => "second start with the demo catalogue: time to live and ready, memory before and after load";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        await using var shop = Shop.Prepare();
        await shop.Open(withDemo: true, stop);
        await shop.Close();

        var begun = Stopwatch.GetTimestamp();
        var live = UntilAnswers(shop.Url, "/health/live", begun, stop);
        var ready = UntilAnswers(shop.Url, "/health/ready", begun, stop);
        await shop.Open(withDemo: true, stop);
        var (liveMs, readyMs) = (await live, await ready);
        var atFirst = shop.Megabytes;
        var request = Ask.Get("/api/v1/products?limit=20");
        await Visits.Run(shop.Url, bench.Of(Connections), shop.Clocks, _ => request, stop);
        var bareMs = await BareStart(shop.Owner, stop);

        var limit = new Limit("bare web server, first answer", new(bareMs, "ms"));
        return
        [
            new(Name, "second start to /health/live", new(liveMs, "ms"))
            {
                Limits = [limit],
                Goals = [Goal.AtMost("live", liveMs, 2_000, " ms")],
            },
            new(Name, "second start to /health/ready", new(readyMs, "ms"))
            {
                Limits = [limit],
                Goals = [Goal.AtMost("ready", readyMs, 3_000, " ms")],
            },
            new(Name, "memory (RSS) when ready, demo catalogue", new(atFirst, "MB"))
            {
                Goals = [Goal.AtMost("memory", atFirst, 250, " MB")],
                Notes = ["PostgreSQL not counted"],
            },
            new(Name, "memory (RSS) after a load of listing pages", new(shop.Megabytes, "MB")),
        ];
    }

    static async Task<double> UntilAnswers(Uri server, string path, long begun, CancellationToken stop)
    {
        var request = Ask.Get(path);
        while (true)
            try
            {
                using var connection = await HttpConnection.Open(server, stop);
                if ((await connection.Send(request, stop)).Status == 200)
                    return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
            catch (Exception closed) when (closed is System.Net.Sockets.SocketException or IOException)
            {
                await Task.Delay(Look, stop);
            }
    }

    static async Task<double> BareStart(string connection, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var bare = await BareProcess.Start(connection, stop);
        await bare.Keep("start", [], stop);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
