using System.Diagnostics;
using System.Globalization;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Bench.Scenarios;

/// <summary>Two writers append 20,000 events a second in batches of 1,000: does the sequencer keep up?</summary>
sealed class Sequencing : IScenario
{
    const int Writers = 2;
    const int Batch = 1_000;
    const int PerSecond = 20_000;

    /// <summary>What stands without a number may not grow beyond half a second's worth.</summary>
    const long MostBehind = PerSecond / 2;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    static readonly string Body = $$"""{"note": "{{new string('x', 440)}}"}""";

    public string Name => "sequencing";

    public string About => "20,000 events/s in batches of 1,000, against bare inserts of 1,000 rows";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_sequencing", stop);
        await using var source = NpgsqlDataSource.Create(cluster.Service(database, "ordering"));
        var journal = new EventJournal("ordering", source, TimeProvider.System);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sequencer = new Sequencer(journal, NullLogger<Sequencer>.Instance).Run(over.Token);
        var paced = await Measure(bench, journal, "paced", isPaced: true, stop);
        var flatOut = await Measure(bench, journal, "flat out", isPaced: false, stop);
        await over.CancelAsync();
        await sequencer;
        var limit = new Limit(
            $"bare inserts of {Batch} rows, {Writers} connections, no numbers",
            await Insert(bench, cluster, database, stop)
        );
        return [paced with { Limits = [limit] }, flatOut with { Limits = [limit] }];
    }

    async Task<Reading> Measure(
        Workbench bench,
        EventJournal journal,
        string name,
        bool isPaced,
        CancellationToken stop
    )
    {
        var before = (await journal.Head(stop)).Sequence;
        var appended = 0L;
        var begun = Stopwatch.GetTimestamp();
        var until = begun + (long)(bench.Length.TotalSeconds * Stopwatch.Frequency);
        using var written = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var looking = Lags(journal, () => before + Interlocked.Read(ref appended), written.Token);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(Write));
        var writing = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var atEnd = before + appended - (await journal.Head(stop)).Sequence;
        await written.CancelAsync();
        var lags = await looking;
        while ((await journal.Head(stop)).Sequence < before + appended)
            await Task.Delay(TimeSpan.FromMilliseconds(2), stop);
        var all = Stopwatch.GetElapsedTime(begun).TotalSeconds;

        // The first half may still be warming up.
        var behind = lags.Skip(lags.Count / 2).Append(atEnd).Max();
        return Say(name, isPaced, new(appended, writing, all, behind, atEnd));

        async Task Write(int writer)
        {
            for (var n = 0L; ; n++)
            {
                if (isPaced)
                    await OpenLoop.Until(
                        begun + (n * Writers + writer) * Stopwatch.Frequency * Batch / PerSecond,
                        stop
                    );
                if (Stopwatch.GetTimestamp() >= until)
                    return;
                await Append(journal, $"bench-{name}-{writer}-{n}", stop);
                Interlocked.Add(ref appended, Batch);
            }
        }
    }

    Reading Say(string name, bool isPaced, Course course) =>
        new(Name, $"numbered, {name}", new(course.Appended / course.All, "events/s", Count: course.Appended))
        {
            Goals = isPaced
                ?
                [
                    Goal.AtLeast("appended a second", course.Appended / course.Writing, PerSecond * 0.97),
                    Goal.AtMost("behind", course.Behind, MostBehind, " events"),
                ]
                : [],
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"appended {course.Appended / course.Writing:N0}/s; most behind in the second half {course.Behind:N0} events, {course.AtEnd:N0} at the end, all numbered {(course.All - course.Writing) * 1000:0} ms later"
                ),
            ],
        };

    /// <param name="Writing">Seconds until the last append.</param>
    /// <param name="All">Seconds until the last event had its number.</param>
    /// <param name="Behind">Most events that stood without a number, once warm.</param>
    /// <param name="AtEnd">Those after the last append.</param>
    sealed record Course(long Appended, double Writing, double All, long Behind, long AtEnd);

    static async Task Append(EventJournal journal, string stream, CancellationToken stop)
    {
        await using var connection = await journal.Database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var events = Enumerable.Repeat(new NewEvent(stream, "bench.noted.v1", Body, Expected: 0), Batch).ToArray();
        await journal.Append(transaction, events, stop);
        await transaction.CommitWhole();
        journal.Signal();
    }

    /// <summary>Every 100 ms, how many events stand without a number.</summary>
    static async Task<IReadOnlyList<long>> Lags(EventJournal journal, Func<long> appended, CancellationToken over)
    {
        var lags = new List<long>();
        while (!over.IsCancellationRequested)
        {
            var written = appended();
            try
            {
                lags.Add(Math.Max(0, written - (await journal.Head(over)).Sequence));
                await Task.Delay(Look, over);
            }
            catch (OperationCanceledException)
            {
                // The writers have ended.
            }
        }
        return lags;
    }

    static async Task<Figures> Insert(Workbench bench, Cluster cluster, string database, CancellationToken stop)
    {
        await cluster.Execute(
            database,
            "create table bench_events (id bigint generated always as identity primary key, body jsonb not null)",
            stop
        );
        await using var source = NpgsqlDataSource.Create(cluster.Owner(database));
        var bodies = Enumerable.Repeat(Body, Batch).ToArray();
        var figures = await ClosedLoop.Run(
            bench.Of(Writers),
            new(Database: cluster.Clock),
            (_, _) =>
                Task.FromResult<Step>(async asked =>
                {
                    await using var insert = source.CreateCommand(
                        "insert into bench_events (body) select b::jsonb from unnest($1::text[]) b"
                    );
                    insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = bodies });
                    return await insert.ExecuteNonQueryAsync(asked) == Batch;
                }),
            stop
        );
        return figures with { Value = figures.Value * Batch, Unit = "events/s" };
    }
}
