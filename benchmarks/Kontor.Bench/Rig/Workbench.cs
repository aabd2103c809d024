using System.Collections.Concurrent;
using Kontor.Bench.Limits;
using Kontor.Bench.Load;
using Npgsql;

namespace Kontor.Bench.Rig;

/// <summary>What scenarios measure with. Each thing is started by the first who asks, and all of it ends together.</summary>
/// <param name="seconds">Length of one measurement.</param>
sealed class Workbench(double seconds, CancellationToken stop) : IAsyncDisposable
{
    readonly ConcurrentDictionary<int, Task<double>> bareP99 = new();
    readonly Lazy<string> scratch = new(Folders.New);
    Shop? shop;
    BareProcess? bare;
    Cluster? cluster;

    /// <summary>The repository's folder: the one with the solution in it.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The program, where the build put it: beside this one.</summary>
    public static string Kontor { get; } =
        Path.GetFullPath(
            Path.Combine(
                AppContext.BaseDirectory,
                "..",
                "..",
                "Kontor.Host",
                Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
                "kontor.dll"
            )
        );

    public CancellationToken Stop => stop;

    public TimeSpan Length { get; } = TimeSpan.FromSeconds(seconds);

    /// <summary>Code and caches get this long before anything counts.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Clamp(Length.TotalSeconds / 3, 0.5, 2));

    public Shape Of(int workers) => new(workers, WarmUp, Length);

    /// <summary>A folder for feeds and the like, gone at the end.</summary>
    public string Scratch => scratch.Value;

    /// <summary>A shop with <see cref="Goods.Count"/> goods.</summary>
    public async Task<Shop> Shop()
    {
        if (shop is not null)
            return shop;
        Say($"Opening a shop with {Goods.Count:N0} goods …");
        shop = Rig.Shop.Prepare();
        await shop.Open(withDemo: false, stop);
        var (feed, map) = await Goods.Write(Scratch, 0, Goods.Count, stop);
        await shop.Import(feed, map, stop);
        await using var connection = new NpgsqlConnection(shop.Owner);
        await connection.OpenAsync(stop);
        await using var vacuum = new NpgsqlCommand("vacuum analyze", connection) { CommandTimeout = 0 };
        await vacuum.ExecuteNonQueryAsync(stop); // Else the autovacuum does it in the middle of a measurement.
        return shop;
    }

    /// <summary>A bare web server on the shop's database.</summary>
    public async Task<BareProcess> Bare() => bare ??= await BareProcess.Start((await Shop()).Owner, stop);

    public async Task<Cluster> Cluster()
    {
        if (cluster is not null)
            return cluster;
        Say("Starting PostgreSQL …");
        return cluster = await Rig.Cluster.Start(stop);
    }

    /// <summary>p99 of the bare endpoint in this run, in ms, under as many connections.</summary>
    public Task<double> BareP99(int connections) =>
        bareP99.GetOrAdd(
            connections,
            async count =>
            {
                var server = await Bare();
                await server.Keep("p99", new byte[1024], stop);
                return (await server.Bytes("p99", Of(count), stop)).P99Ms!.Value;
            }
        );

    public static void Say(string text) => Console.Error.WriteLine(text);

    public async ValueTask DisposeAsync()
    {
        if (bare is not null)
            await bare.DisposeAsync();
        if (shop is not null)
            await shop.DisposeAsync();
        if (cluster is not null)
            await cluster.DisposeAsync();
        if (scratch.IsValueCreated)
            await Folders.Remove(scratch.Value);
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kontor.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmarks run inside the repository.");
        return folder.FullName;
    }
}
