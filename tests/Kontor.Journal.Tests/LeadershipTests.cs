using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Journal.Tests;

public sealed class LeadershipTests(ThrowawayServer server)
{
    [Fact]
    public async Task A_second_contender_waits_and_takes_over_at_once_when_the_leaders_backend_is_gone()
    {
        await using var test = await server.NewJournal();
        await using var first = await test.Lead();
        await using var connection = await test.Source.OpenConnectionAsync();
        var lease = new Lease(connection, Sequencer.Role);

        var early = await lease.Take(null, default);
        await test.Do($"select pg_terminate_backend({first.Connection.ProcessID}, 5000)");
        var late = await lease.Take(null, default);

        Assert.Equal((false, true, 2L), (early, late, lease.Epoch));
    }

    [Fact]
    public async Task A_leader_frozen_inside_its_numbering_is_ended_and_does_no_harm()
    {
        await using var test = await server.NewJournal();
        await test.Append("a", "b", "c");
        await using var frozen = await test.Lead();
        var found = await frozen.Numbering.Find(default);
        var written = await frozen.Numbering.Write(found, default);

        // Its lease runs out while it holds the head row's lock.
        await test.Do("update leases set expires = clock_timestamp() - interval '1 s'");
        await using var next = await test.Lead();
        await next.Passes(3);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => frozen.Numbering.Commit(written!, found, default));
        Assert.Equal(3, next.Numbering.Head);
        Assert.Empty(await test.Journal.Check(default));
    }

    [Fact]
    public async Task A_deposed_leader_whose_connection_lives_on_writes_nothing()
    {
        await using var test = await server.NewJournal();
        await test.Append("a");
        await using var old = await test.Lead();
        var found = await old.Numbering.Find(default);
        await test.Do("update leases set epoch = epoch + 1; update head set epoch = epoch + 1");

        await Assert.ThrowsAsync<DeposedException>(() => old.Numbering.Write(found, default));
        Assert.False(await old.Lease.Renew(default));
    }

    [Fact]
    public async Task A_numbering_whose_commit_is_in_doubt_is_not_done_twice_under_one_epoch()
    {
        await using var test = await server.NewJournal();
        await test.Append("a", "b", "c");
        await using var lost = await test.Lead();
        var head = await ReadHead(test);
        var found = await lost.Numbering.Find(default);
        var written = await lost.Numbering.Write(found, default);
        await using var anew = await test.Source.OpenConnectionAsync();

        var again = new Numbering(anew, lost.Lease.Epoch, head).Pass(default);
        await TestJournal.Until(
            () => test.One<bool>("select exists (select from pg_locks where not granted)"),
            waits => waits
        );
        await lost.Numbering.Commit(written!, found, default);

        await Assert.ThrowsAsync<DeposedException>(() => again);
        Assert.Equal(
            "1,2,3",
            await test.One<string>("select string_agg(sequence::text, ',' order by id) from journal")
        );
        Assert.Equal(3, await test.One<long>("select head from head"));
    }

    [Fact]
    public async Task Rows_that_another_numbered_are_never_numbered_again()
    {
        await using var test = await server.NewJournal();
        await test.Append("a", "b", "c");
        await using var led = await test.Lead();
        var found = await led.Numbering.Find(default);
        await test.Do("update journal set sequence = 77 where id = 2");

        await Assert.ThrowsAsync<DeposedException>(() => led.Numbering.Write(found, default));
        await led.Connection.CloseAsync();

        Assert.Equal(77, await test.One<long>("select sum(sequence)::bigint from journal"));
    }

    [Fact]
    public async Task A_stopped_sequencer_hands_over_and_the_next_one_goes_on()
    {
        await using var test = await server.NewJournal();
        using var stopFirst = new CancellationTokenSource();
        var first = new Sequencer(test.Journal, NullLogger<Sequencer>.Instance).Run(stopFirst.Token);
        await test.Append("a");
        await test.UntilNumbered(1);
        var other = test.Another();
        using var stopSecond = new CancellationTokenSource();
        var second = new Sequencer(other, NullLogger<Sequencer>.Instance).Run(stopSecond.Token);

        await stopFirst.CancelAsync();
        await first;
        await test.Append("a");
        await test.UntilNumbered(2);

        Assert.True(other.Bells.Leads);
        Assert.False(test.Journal.Bells.Leads);
        await stopSecond.CancelAsync();
        await second;
    }

    [Fact]
    public async Task Work_runs_in_one_process_at_a_time_and_moves_when_its_holder_stops()
    {
        await using var test = await server.NewJournal();
        var (at, most, turns) = (0, 0, 0);
        async Task Work(CancellationToken stop)
        {
            most = Math.Max(most, Interlocked.Increment(ref at));
            Interlocked.Increment(ref turns);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref at);
        }
        using var stopFirst = new CancellationTokenSource();
        using var stopSecond = new CancellationTokenSource();
        var first = new Leadership(test.Source, "timers", NullLogger.Instance).Run(Work, stopFirst.Token);
        await TestJournal.Until(() => Task.FromResult(turns), n => n == 1);
        var second = new Leadership(test.Source, "timers", NullLogger.Instance).Run(Work, stopSecond.Token);

        await stopFirst.CancelAsync();
        await first;
        await TestJournal.Until(() => Task.FromResult(turns), n => n == 2);
        await stopSecond.CancelAsync();
        await second;

        Assert.Equal((1, 0), (most, at));
    }

    static async Task<HeadRow> ReadHead(TestJournal test)
    {
        await using var read = test.Source.CreateCommand("select ctid, head, mark from head");
        await using var reader = await read.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(reader.GetFieldValue<NpgsqlTypes.NpgsqlTid>(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
