using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kontor.Bench.Load;
using Kontor.Platform.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Bench.Rig;

/// <summary><c>kontor serve</c> in a process of its own, on a data folder of its own, with its private PostgreSQL.</summary>
sealed class Shop : IAsyncDisposable
{
    static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["RateLimits__Enabled"] = "false", // A few clients act for thousands.
    };

    RunningProgram? program;
    PostgresAccess? database;
    int postmaster;

    Shop(string folder, Uri url) => (Folder, Url) = (folder, url);

    public string Folder { get; }

    public Uri Url { get; }

    public double Megabytes => program!.Megabytes;

    /// <summary>Connects as the owner of the shop's database.</summary>
    public string Owner => database!.OwnerConnectionString;

    public Clocks Clocks => new(new(program!.Id, withChildren: false), new(postmaster, withChildren: true));

    /// <summary>A folder and a free address; nothing runs yet.</summary>
    public static Shop Prepare() => new(Folders.New(), new($"http://127.0.0.1:{FreePort()}"));

    /// <summary>Starts it; ready when it returns.</summary>
    public async Task Open(bool withDemo, CancellationToken stop)
    {
        string[] arguments = ["serve", "--data", Folder, "--urls", Url.ToString(), "--json"];
        program = await RunningProgram.Start(
            Workbench.Kontor,
            withDemo ? arguments : [.. arguments, "--empty"],
            Settings,
            stop
        );
        // An empty configuration: the cluster is the one in the folder, whatever this shell is configured for.
        database = await PostgresAccess.Open(
            Folder,
            new ConfigurationBuilder().Build(),
            PostgresUse.Command,
            NullLogger.Instance,
            stop
        );
        await using var connection = new NpgsqlConnection(Owner);
        await connection.OpenAsync(stop);
        postmaster = CpuClock.ParentOf(connection.ProcessID) ?? 0;
    }

    /// <summary>Ends it as an operator would: no recovery awaits the next start.</summary>
    public async Task Close()
    {
        NpgsqlConnection.ClearAllPools(); // What stood in them would be dead at the next start.
        if (database is not null)
            await database.DisposeAsync();
        if (program is not null)
            await program.DisposeAsync();
        (database, program) = (null, null);
    }

    public Task<string> Import(string feed, string map, CancellationToken stop) =>
        RunningProgram.Finish(
            Workbench.Kontor,
            ["import", feed, "--map", map, "--yes", "--data", Folder, "--json"],
            Settings,
            stop
        );

    /// <summary>The answer to a GET, for a bare endpoint that is to write the same bytes.</summary>
    public async Task<byte[]> Answer(string path, CancellationToken stop)
    {
        using var connection = await HttpConnection.Open(Url, stop);
        return (await connection.Send(Ask.Get(path), stop)).Expect(200).Body.ToArray();
    }

    public static JsonElement Data(HttpAnswer answer) =>
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("data");

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Folders.Remove(Folder);
    }

    /// <summary>A port that is free now and, below the range that the system hands out, stays so.</summary>
    static int FreePort()
    {
        var random = new Random();
        while (true)
        {
            var port = random.Next(20_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}

/// <summary>Temporary folders that PostgreSQL's own user may enter.</summary>
static class Folders
{
    const int Tries = 200;

    public static string New()
    {
        var folder = Directory.CreateTempSubdirectory("kontor-bench-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        return folder;
    }

    /// <summary>A server that was killed writes on for a moment.</summary>
    public static async Task Remove(string folder)
    {
        for (var tries = 0; Directory.Exists(folder); tries++)
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (tries < Tries)
            {
                await Task.Delay(50, CancellationToken.None);
            }
    }
}
