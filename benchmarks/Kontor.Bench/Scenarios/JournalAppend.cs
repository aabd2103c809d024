using System.Diagnostics;
using System.Globalization;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Bench.Scenarios;

/// <summary>What writing an event adds to a transaction like those of a checkout. With and without take turns, transaction
/// by transaction, so that a slow minute slows both.</summary>
sealed class JournalAppend : IScenario
{
    const int Workers = 4;
    const int Statements = 7;

    public string Name => "journal-append";

    public string About => $"what an append adds to a transaction of {Statements} statements, measured in turns";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_append", stop);
        await cluster.Execute(database, Tables, stop);
        await using var source = NpgsqlDataSource.Create(cluster.Service(database, "ordering"));
        var journal = new EventJournal("ordering", source, TimeProvider.System);
        var alone = await Measure(bench, journal, "one event, nobody numbers", stop);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sequencer = new Sequencer(journal, NullLogger<Sequencer>.Instance).Run(over.Token);
        var numbered = await Measure(bench, journal, "one event, the sequencer at work", stop);
        await over.CancelAsync();
        await sequencer;
        var added = alone.Figures.Value;
        return [alone with { Goals = [Goal.AtMost("added", added, 15, " %")] }, numbered];
    }

    async Task<Reading> Measure(Workbench bench, EventJournal journal, string name, CancellationToken stop)
    {
        var from = Stopwatch.GetTimestamp() + (long)(bench.WarmUp.TotalSeconds * Stopwatch.Frequency);
        var until = from + (long)(bench.Length.TotalSeconds * Stopwatch.Frequency);
        var parts = await Task.WhenAll(
            Enumerable.Range(0, Workers).Select(worker => TakeTurns(journal, worker, from, until, stop))
        );
        var without = Latencies.Join(parts.Select(part => part.Without));
        var with = Latencies.Join(parts.Select(part => part.With));
        var added = (with.Mean / without.Mean - 1) * 100;
        var seconds = bench.Length.TotalSeconds;
        return new(Name, name, Figures.Rate(with, seconds) with { Value = added, Unit = "% added" })
        {
            Limits = [new("the same transaction without it", Figures.Rate(without, seconds))],
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"mean {with.Mean:0.000} ms with, {without.Mean:0.000} ms without; {with.Count} transactions of each"
                ),
            ],
            HasRatio = false,
        };
    }

    static async Task<(Latencies With, Latencies Without)> TakeTurns(
        EventJournal journal,
        int worker,
        long from,
        long until,
        CancellationToken stop
    )
    {
        await using var connection = await journal.Database.OpenConnectionAsync(stop);
        var (with, without) = (new Latencies(), new Latencies());
        for (var n = worker; ; n += Workers)
            foreach (var appends in (bool[])[true, false])
            {
                var begun = Stopwatch.GetTimestamp();
                if (begun >= until)
                    return (with, without);
                await Transact(connection, journal, n, appends, stop);
                var took = Stopwatch.GetTimestamp() - begun;
                if (begun >= from)
                    (appends ? with : without).Add(took);
            }
    }

    static async Task Transact(
        NpgsqlConnection connection,
        EventJournal journal,
        int n,
        bool appends,
        CancellationToken stop
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        object[][] values =
        [
            [$"{id}"],
            [n % Carts + 1],
            [id, Lines],
            [id, Sealed],
            [],
            [id],
            [$"{id}", Sealed],
        ];
        foreach (var (sql, parameters) in Sql.Zip(values))
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in parameters)
                command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(stop);
        }
        if (appends)
            await journal.Append(transaction, [new($"order-{id}", "bench.placed.v1", Body, Expected: 0)], stop);
        await transaction.CommitWhole();
        if (appends)
            journal.Signal();
    }

    const int Carts = 10_000;
    static readonly byte[] Sealed = new byte[400];

    static readonly string Lines = $"[{string.Join(',', Enumerable.Repeat(Line, 3))}]";

    static readonly string Body = $$"""{"lines": {{Lines}} }""";

    const string Line = """
        {"sku": "B-0000001", "title": "Grey wool jumper", "quantity": 1, "unitPrice": {"amount": 1999, "currency": "EUR"}}
        """;

    /// <summary>As many statements as the step that submits a checkout and the one that places it, in tables like theirs.
    /// Their own tables would make this scenario change with every feature.</summary>
    static readonly string[] Sql =
    [
        "insert into bench.keys (key) values ($1)",
        "update bench.carts set version = version + 1 where id = $1",
        "insert into bench.orders (id, status, lines) values ($1, 'submitted', $2::jsonb)",
        "insert into bench.checkouts (order_id, contact) values ($1, $2)",
        "select nextval('bench.numbers')",
        "update bench.orders set status = 'placed' where id = $1",
        "update bench.keys set body = $2 where key = $1",
    ];

    static readonly string Tables = $"""
        create schema bench;
        create table bench.keys (key text primary key, body bytea);
        create table bench.carts (id int primary key, version bigint not null default 1);
        insert into bench.carts (id) select generate_series(1, {Carts});
        create table bench.orders (id uuid primary key, status text not null, lines jsonb not null);
        create table bench.checkouts (order_id uuid primary key references bench.orders, contact bytea not null);
        create sequence bench.numbers;
        grant usage on schema bench to kontor_ordering;
        grant all on all tables in schema bench to kontor_ordering;
        grant all on all sequences in schema bench to kontor_ordering
        """;
}
