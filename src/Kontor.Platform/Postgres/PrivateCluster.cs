using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Platform.Postgres;

/// <summary>A PostgreSQL server of Kontor's own: made at the first start, watched, and stopped with this process.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class PrivateCluster : IAsyncDisposable
{
    public const string Superuser = "kontor";
    public const string Database = "kontor";
    const string SocketName = "/.s.PGSQL.5432";

    // The address of a socket holds 108 bytes on Linux and 104 on macOS, with a zero at the end.
    const int LongestSocketPath = 103;
    const long LargestLog = 10_000_000;

    readonly ClusterPlace place;
    readonly ClusterOptions options;
    readonly PostgresBinaries binaries;
    readonly FileStream ownership;
    readonly ILogger log;
    readonly CancellationTokenSource closing = new();
    string socket = "";
    ServerProcess? server;
    Task watch = Task.CompletedTask;

    PrivateCluster(
        ClusterPlace place,
        ClusterOptions options,
        PostgresBinaries binaries,
        FileStream ownership,
        ILogger log
    ) =>
        (this.place, this.options, this.binaries, this.ownership, this.log) = (
            place,
            options,
            binaries,
            ownership,
            log
        );

    /// <summary>Connections as the superuser, to the database kontor. The socket is for this process's user alone.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder
        {
            Host = socket,
            Username = Superuser,
            Database = Database,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;

    /// <summary>The process id of the server running now; another one after it was killed and started again.</summary>
    public int ServerId => server?.Id ?? 0;

    /// <summary>The folder that holds the cluster: in the data folder, or where the data folder's file says.</summary>
    public string Folder => place.Folder;

    /// <exception cref="PostgresUnavailableException">It cannot start; <see cref="ClusterTakenException"/> when another process runs it.</exception>
    public static async Task<PrivateCluster> Start(ClusterOptions options, ILogger log, CancellationToken stop)
    {
        var at = options.IsThrowaway
            ? await ClusterPlace.Throwaway(options.DataFolder, stop)
            : await ClusterPlace.Of(options.DataFolder, stop);
        var programs =
            await PostgresBinaries.Find(options.Binaries, at.Version, stop)
            ?? throw new PostgresUnavailableException(
                at.Version is { } version
                    ? $"The cluster in {at.Folder} was made by PostgreSQL {version}, whose server programs are not on this machine."
                    : $"No PostgreSQL server programs were found. {PostgresBinaries.HowToInstall}"
            );
        var cluster = new PrivateCluster(at, options, programs, Take(at), log);
        try
        {
            await cluster.Begin(stop);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    // The lock goes with the process, whatever ends it.
    static FileStream Take(ClusterPlace at)
    {
        try
        {
            return new FileStream(at.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new ClusterTakenException(at.DataFolder, e);
        }
    }

    async Task Begin(CancellationToken stop)
    {
        if (!Directory.Exists(place.Cluster))
            await Make(stop);
        else if (!File.Exists(place.Mark))
            throw new PostgresUnavailableException(
                $"{place.Cluster} was not made by Kontor and is left alone. Choose another data folder."
            );
        socket = await SocketFolder(stop);
        if (new FileInfo(place.Log) is { Exists: true, Length: > LargestLog } old)
            old.MoveTo(place.Log + ".old", overwrite: true);
        await Run(stop);
        await EnsureDatabase(stop);
        watch = Watch();
    }

    /// <summary>Makes the cluster under another name first, so that a killed initdb leaves nothing half made.</summary>
    async Task Make(CancellationToken stop)
    {
        var unfinished = place.Cluster + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        // C.UTF-8 sorts the same on every Linux and knows the case of every letter; elsewhere ICU's root locale does.
        string[] locale = OperatingSystem.IsLinux()
            ? ["--locale=C.UTF-8"]
            : ["--locale-provider=icu", "--icu-locale=und", "--locale=C"];
        string[] always = ["--encoding=UTF8", "--data-checksums", "--auth-local=trust", "--auth-host=reject"];
        string[] sync = options.IsThrowaway ? ["--no-sync"] : [];
        await ChildProcess.Run(
            binaries.PathOf("initdb"),
            ["-D", unfinished, "-U", Superuser, .. always, .. locale, .. sync],
            place.User,
            stop
        );
        var mark = Path.Combine(unfinished, ClusterPlace.MarkName);
        await File.WriteAllTextAsync(mark, "Kontor made this PostgreSQL cluster.\n", stop);
        Directory.Move(unfinished, place.Cluster);
        LogMade(log, place.Cluster, binaries.Version);
    }

    async Task Run(CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            await Leftovers.Clear(place, binaries, socket, stop);
            server = await ServerProcess.Start(place, binaries, Settings(), options.IsThrowaway, stop);
            if (await IsReady(server, stop))
                return;
            if (attempt == 3)
                throw new PostgresUnavailableException($"PostgreSQL did not start:\n{LastLines()}");
            Leftovers.EndSessions(place);
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
        }
    }

    // Line 8 of the pid file says "ready" once connections are taken.
    async Task<bool> IsReady(ServerProcess started, CancellationToken stop)
    {
        var pidFile = Path.Combine(place.Cluster, "postmaster.pid");
        var waited = Stopwatch.StartNew();
        while (!started.HasExited)
        {
            if (await LinesOf(pidFile, stop) is [var id, _, _, _, _, _, _, var state, ..])
                if (id.Trim() == $"{started.Id}" && state.Trim() == "ready")
                    return true;
            if (waited.Elapsed > options.StartLimit)
                throw new PostgresUnavailableException($"PostgreSQL is not ready after {options.StartLimit}.");
            await Task.Delay(10, stop);
        }
        return false;
    }

    static async Task<string[]> LinesOf(string file, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllLinesAsync(file, stop);
        }
        catch (IOException)
        {
            return [];
        }
    }

    async Task EnsureDatabase(CancellationToken stop)
    {
        var postgres = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(stop);
        await using var find = new NpgsqlCommand($"select 1 from pg_database where datname = '{Database}'", connection);
        if (await find.ExecuteScalarAsync(stop) is not null)
            return;
        await using var make = new NpgsqlCommand($"create database {Database}", connection);
        await make.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Starts the server again when it dies under us. Its socket stays the same, so connections come back.</summary>
    async Task Watch()
    {
        try
        {
            while (true)
            {
                await server!.WaitForExit(closing.Token);
                LogDied(log, server.Id, place.Log);
                while (!await IsBack())
                    await Task.Delay(TimeSpan.FromSeconds(5), closing.Token);
                LogBack(log, server.Id);
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested) { }
    }

    async Task<bool> IsBack()
    {
        try
        {
            await Run(closing.Token);
            return true;
        }
        catch (Exception e) when (!closing.IsCancellationRequested)
        {
            LogNotBack(log, e);
            return false;
        }
    }

    /// <summary>The cluster's folder where its path is short enough, else a new private one in the temporary folder.</summary>
    async Task<string> SocketFolder(CancellationToken stop)
    {
        var note = Path.Combine(place.Folder, "socket-folder");
        if (File.Exists(note))
            Remove((await File.ReadAllTextAsync(note, stop)).Trim());
        if (Encoding.UTF8.GetByteCount(place.Folder + SocketName) <= LongestSocketPath)
            return place.Folder;

        // Made anew each time: a name that could be foretold in a folder open to all could be taken by somebody else.
        var folder = Directory.CreateTempSubdirectory("kontor-").FullName;
        if (Encoding.UTF8.GetByteCount(folder + SocketName) > LongestSocketPath)
            throw new PostgresUnavailableException(
                $"{folder} is too long a path for a socket; set TMPDIR to a short one."
            );
        await File.WriteAllTextAsync(note, folder, stop);
        await place.Own(folder, stop);
        return folder;
    }

    static void Remove(string socketFolder)
    {
        if (
            !Path.GetFileName(socketFolder).StartsWith("kontor-", StringComparison.Ordinal)
            || !Directory.Exists(socketFolder)
        )
            return;
        try
        {
            foreach (var file in Directory.EnumerateFiles(socketFolder, ".s.PGSQL.*"))
                File.Delete(file);
            Directory.Delete(socketFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else has taken the name meanwhile; an empty folder is not worth a failed start.
        }
    }

    string LastLines() =>
        File.Exists(place.Log) ? string.Join('\n', File.ReadLines(place.Log).TakeLast(20)) : "It wrote no log.";

    /// <summary>For the end of the process, where nothing can be awaited: closes the guard's pipe and waits for it.</summary>
    public void StopNow()
    {
        closing.Cancel();
        server?.StopNow();
        ownership.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!closing.IsCancellationRequested)
        {
            await closing.CancelAsync();
            await watch;
            if (server is not null && !await server.Stop())
                await Leftovers.Clear(place, binaries, socket, CancellationToken.None);
            server?.Dispose();
            if (socket != place.Folder)
                Remove(socket);
            await ownership.DisposeAsync();
            closing.Dispose();
        }
    }
}
