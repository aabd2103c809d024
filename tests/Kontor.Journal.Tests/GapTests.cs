using Npgsql;

namespace Kontor.Journal.Tests;

/// <summary>While a long writing transaction somewhere in the cluster holds the mark.</summary>
[Collection(Alone.Name)]
public sealed class GapTests(ThrowawayServer server)
{
    [Fact]
    public async Task Events_that_commit_late_are_found_in_the_gaps_and_before_their_effects()
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();
        await using var holder = await Hold(test);
        await using var late = await Open.Append(test, "late");
        await test.Append("early");
        await led.Passes(3);

        await late.Commit();
        await test.Append("late");
        await led.Passes(1);

        Assert.Equal(0, led.Numbering.Mark);
        Assert.Equal(0, led.Numbering.Gaps);
        var events = (await test.Journal.Read(0, 10, default)).Events;
        Assert.Equal(["early", "late", "late"], events.Select(e => e.Stream));
        Assert.Equal([2L, 1L, 3L], events.Select(e => e.Id));
    }

    [Fact]
    public async Task Too_many_gaps_widen_the_look_and_the_mark_narrows_it_again()
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();
        await using var holder = await Hold(test);
        await using var late = await Open.Append(test, "late");
        for (var i = 0; i < Numbering.MaxGaps / 20 + 5; i++)
        {
            await using (await Open.Append(test, [.. Enumerable.Range(0, 20).Select(n => $"undone-{n}")])) { }
            await test.Append("done");
            await led.Passes(1);
        }
        Assert.True(led.Numbering.IsWide);

        await late.Commit();
        await led.Passes(1);
        var head = led.Numbering.Head;
        await holder.Commit();
        var last = await test.Append("done");
        await led.PassUntilMark(last);
        await led.Passes(1);

        Assert.Equal((Numbering.MaxGaps / 20) + 6, head);
        Assert.False(led.Numbering.IsWide);
        Assert.Equal(0, led.Numbering.Gaps);
        Assert.Empty(await test.Journal.Check(default));
    }

    [Fact]
    public async Task A_new_leader_begins_at_the_mark_and_finds_what_the_old_one_left()
    {
        await using var test = await server.NewJournal();
        await using var holder = await Hold(test);
        await using var late = await Open.Append(test, "late");
        await using (var old = await test.Lead())
        {
            for (var i = 0; i < 30; i++)
                await test.Append("early");
            await old.Passes(2);
            await old.Lease.Release();
        }

        await using var next = await test.Lead();
        await next.Passes(1);
        var gaps = next.Numbering.Gaps;
        await late.Commit();
        await next.Passes(1);

        Assert.Equal((1, 0, 31L), (gaps, next.Numbering.Gaps, next.Numbering.Head));
        Assert.Equal(1, (await test.Journal.Read(30, 10, default)).Events.Single().Id);
    }

    [Fact]
    public async Task A_journal_numbered_far_above_its_mark_is_walked_page_by_page()
    {
        await using var test = await server.NewJournal();
        await test.Do("insert into streams (id, version, last_id) values ('s', 5000, 5000)");
        await test.Do(
            """
            insert into journal (stream, version, type, time, body, sequence)
            select 's', g, 't', clock_timestamp(), '{}', g from generate_series(1, 4999) g;
            insert into journal (stream, version, type, time, body) values ('s', 5000, 't', clock_timestamp(), '{}');
            update head set head = 4999
            """
        );
        await using var led = await test.Lead();

        var passes = 0;
        while ((await led.Numbering.Pass(default)).More)
            passes++;

        Assert.Equal((5, 5000L), (passes, led.Numbering.Head));
        Assert.Empty(await test.Journal.Check(default));
    }

    /// <summary>A transaction that wrote something elsewhere in the cluster and stays open.</summary>
    static async Task<Open> Hold(TestJournal test)
    {
        var connection = await test.Owner.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var write = new NpgsqlCommand("select pg_current_xact_id()::text", connection, transaction);
        await write.ExecuteScalarAsync();
        return new(connection, transaction);
    }
}
