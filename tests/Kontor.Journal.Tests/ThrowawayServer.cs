using System.Diagnostics;
using Kontor.Journal.Tests;
using Kontor.Platform.Postgres;
using Kontor.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(ThrowawayServer))]

namespace Kontor.Journal.Tests;

/// <summary>One PostgreSQL for the test run, gone with it however it ends, and an empty journal for whoever asks.</summary>
public sealed class ThrowawayServer : IAsyncLifetime
{
    /// <summary>The server lives as long as our end of its standard input.</summary>
    const string Guard = """
        "$@" </dev/null >"$LOG" 2>&1 & p=$!; trap 'kill -INT $p 2>/dev/null' TERM INT HUP; read x; kill -INT $p 2>/dev/null; wait $p
        """;

    /// <summary>What a service's role may do in its own journal, and nothing more.</summary>
    const string Grants = """
        grant usage on schema journal to journal_role;
        grant select, insert on journal.journal to journal_role;
        grant update (sequence) on journal.journal to journal_role;
        grant select on sequence journal.journal_id_seq to journal_role;
        grant select, insert, update, delete on journal.streams, journal.head, journal.leases, journal.subscriptions,
            journal.parked, journal.incarnations to journal_role;
        """;

    readonly string folder = Path.Combine(Path.GetTempPath(), $"kontor-journal-{Environment.ProcessId}");
    Process? server;
    int databases;

    public async ValueTask InitializeAsync()
    {
        if (await PostgresBinaries.Find(null, null, CancellationToken.None) is not { } programs)
            return; // Each test that asks for a journal is skipped with the reason.
        var initdb = Start(
            "/bin/sh",
            "-c",
            $"exec {programs.PathOf("initdb")} -D {folder} -U postgres -A trust --no-sync --locale=C.UTF-8 -E UTF8 >/dev/null"
        );
        await initdb.WaitForExitAsync();
        Assert.Equal(0, initdb.ExitCode);
        server = Start(
            "/bin/sh",
            "-c",
            $"LOG={folder}/log; {Guard}",
            "kontor",
            programs.PathOf("postgres"),
            "-D",
            folder,
            "-c",
            "listen_addresses=",
            "-c",
            $"unix_socket_directories={folder}",
            "-c",
            "max_connections=300",
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "full_page_writes=off"
        );
        var until = TimeProvider.System.GetTimestamp();
        while (
            !File.Exists($"{folder}/postmaster.pid")
            || (await File.ReadAllLinesAsync($"{folder}/postmaster.pid")).ElementAtOrDefault(7)?.Trim() != "ready"
        )
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(until) < TimeSpan.FromMinutes(1),
                "PostgreSQL did not start"
            );
            await Task.Delay(50);
        }
        await Run("postgres", "create role journal_role login");
        await Run("postgres", "create database template_journal");
        var assembly = typeof(EventJournal).Assembly;
        using var schema = new StreamReader(
            assembly.GetManifestResourceStream("Kontor.Journal.Schema.0001-journal.sql")!
        );
        await Run(
            "template_journal",
            $"create schema journal; set search_path = journal; {await schema.ReadToEndAsync()} {Grants}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null)
            return;
        NpgsqlConnection.ClearAllPools();
        server.StandardInput.Close();
        await server.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A journal of its own database, reached by a role that may no more than a service's.</summary>
    public async Task<TestJournal> NewJournal()
    {
        Assert.SkipWhen(server is null, TestPostgres.WhyNot);
        var name = $"journal_{Interlocked.Increment(ref databases)}";
        await Run("postgres", $"create database {name} template template_journal");
        return new(Address(name, "journal_role"), Address(name, "postgres"));
    }

    async Task Run(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Address(database, "postgres") + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    string Address(string database, string user) =>
        $"Host={folder};Username={user};Database={database};Search Path=journal;Maximum Pool Size=100;Max Auto Prepare=30;Command Timeout=60";

    static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        if (Environment.UserName == "root")
            start.UserName = "postgres";
        return Process.Start(start)!;
    }
}

/// <summary>A journal under test, and the means to look at it from outside.</summary>
public sealed class TestJournal(string address, string ownerAddress) : IAsyncDisposable
{
    public string Address => address;

    /// <summary>As the service's own role.</summary>
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(address);

    /// <summary>As a superuser who may break things.</summary>
    public NpgsqlDataSource Owner { get; } = NpgsqlDataSource.Create(ownerAddress);

    public EventJournal Journal => field ??= new("journal", Source, TimeProvider.System);

    /// <summary>The same journal as another process sees it: its own bells.</summary>
    public EventJournal Another() => new("journal", Source, TimeProvider.System);

    public async Task<T> One<T>(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        command.CommandTimeout = 300;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> Do(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        command.CommandTimeout = 300;
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Appends one event to each stream, in one committed transaction.</summary>
    public async Task<long> Append(params string[] streams)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var position = await Journal.Append(transaction, [.. streams.Select(s => Event(s))], default);
        await transaction.CommitAsync();
        Journal.Signal();
        return position.Number;
    }

    public static NewEvent Event(string stream, long? expected = null, string body = "{}") =>
        new(stream, "thing.happened.v1", body, expected);

    /// <summary>A connection that leads, to be moved on pass by pass.</summary>
    internal async Task<Led> Lead()
    {
        var connection = await Source.OpenConnectionAsync();
        await using (var pin = new NpgsqlCommand(Sequencer.Pins, connection))
            await pin.ExecuteNonQueryAsync();
        var lease = new Lease(connection, Sequencer.Role);
        var sequencer = new Sequencer(
            Journal,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Sequencer>.Instance
        );
        var numbering = await Until(() => sequencer.Take(lease, default), n => n is not null);
        return new(connection, lease, numbering!);
    }

    /// <summary>Waits for a condition, generously; a test never asserts on time.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> enough)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (enough(seen))
                return seen;
            if (TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromMinutes(3))
                throw new TimeoutException($"Still {seen} after three minutes.");
            await Task.Delay(20);
        }
    }

    public Task<long> UntilNumbered(long count) =>
        Until(() => One<long>("select count(*) from journal where sequence is not null"), n => n >= count);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Owner.DisposeAsync();
    }
}

sealed record Led(NpgsqlConnection Connection, Lease Lease, Numbering Numbering) : IAsyncDisposable
{
    public async Task Passes(int count)
    {
        for (var i = 0; i < count; i++)
            await Numbering.Pass(default);
    }

    /// <summary>Any writing transaction of the cluster holds the mark for its time, autovacuum's too.</summary>
    public Task PassUntilMark(long wanted) =>
        TestJournal.Until(
            async () =>
            {
                await Numbering.Pass(default);
                return Numbering.Mark;
            },
            at => at >= wanted
        );

    public async ValueTask DisposeAsync() => await Connection.DisposeAsync();
}

/// <summary>Tests whose interleaving, or whose load, bears no other test beside it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
