using Npgsql;

namespace Kontor.Journal.Tests;

/// <summary>Why the sequencer is as it is: each simpler rule is run through one interleaving and loses an event; ours is
/// run through the same one.</summary>
[Collection(Alone.Name)]
public sealed class WrongRulesTests(ThrowawayServer server)
{
    [Fact]
    public async Task A_reader_of_ids_loses_what_commits_late_and_ours_does_not()
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();
        List<long> naive = [];
        List<string> ours = [];
        async Task Look()
        {
            naive.AddRange(
                await test.One<long[]>(
                    $"select coalesce(array_agg(id order by id), '{{}}') from journal where id > {naive.LastOrDefault()}"
                )
            );
            await led.Passes(2);
            ours.AddRange((await test.Journal.Read(ours.Count, 100, default)).Events.Select(e => e.Stream));
        }

        await using var slow = await Open.Append(test, "slow");
        await using (var quick = await Open.Append(test, "quick"))
            await quick.Commit();
        await Look();
        await slow.Commit();
        await Look();

        Assert.Equal([2L], naive);
        Assert.Equal(["quick", "slow"], ours);
    }

    [Theory]
    [InlineData("xmax", 2, 0)]
    [InlineData("own", 0, 2)]
    public async Task A_mark_by_the_snapshots_xmax_passes_an_open_append(string rule, long mark, long numbered)
    {
        await using var test = await server.NewJournal();
        await using var sequencer = await SimpleSequencer.Start(test, rule);

        // Two appends are open, ids drawn: nothing above them has completed, so xmax lies at or below their xids.
        await using (var later = await Open.Append(test, "later"))
        await using (var earlier = await Open.Append(test, "earlier"))
        {
            await sequencer.PassUntilMark(mark);
            await sequencer.Passes(5);
            await earlier.Commit();
            await later.Commit();
        }
        await sequencer.PassUntilMark(2);

        Assert.Equal(numbered, await sequencer.Numbered());
    }

    [Fact]
    public async Task Ours_holds_the_mark_while_an_append_is_open()
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();

        await using (var later = await Open.Append(test, "later"))
        await using (var earlier = await Open.Append(test, "earlier"))
        {
            await led.Passes(5);
            Assert.Equal(0, led.Numbering.Mark);
            await earlier.Commit();
            await led.Passes(5);
            Assert.Equal((1L, 0L), (led.Numbering.Head, led.Numbering.Mark));
            await later.Commit();
        }
        await led.PassUntilMark(2);

        Assert.Equal(2, led.Numbering.Head);
        Assert.Empty(await test.Journal.Check(default));
    }

    [Theory]
    [InlineData("raw", 0)]
    [InlineData("own", 1)]
    public async Task The_last_value_of_an_untouched_identity_loses_the_first_event(string rule, long numbered)
    {
        await using var test = await server.NewJournal();
        await using var sequencer = await SimpleSequencer.Start(test, rule);
        await sequencer.PassUntilMark(rule == "raw" ? 1 : 0);

        await test.Append("first");
        await sequencer.PassUntilMark(1);

        Assert.Equal(numbered, await sequencer.Numbered());
    }

    [Fact]
    public async Task Ours_numbers_the_first_event_of_a_new_journal()
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();
        await led.Passes(5);

        await test.Append("first");
        await led.PassUntilMark(1);

        Assert.Equal(1, led.Numbering.Head);
    }

    [Theory]
    [InlineData("", "4,5,6")]
    [InlineData("and coalesce(j.sequence, 0) = 0", "1,2,3")]
    public async Task Without_the_guard_a_commit_in_doubt_is_numbered_again(string guard, string sequences)
    {
        await using var test = await server.NewJournal();
        await test.Append("a", "b", "c");
        await using var lost = await test.Source.OpenConnectionAsync();
        await using var anew = await test.Source.OpenConnectionAsync();
        string Number(int from) => $"update journal j set sequence = {from} + id where id in (1, 2, 3) {guard}";
        const string MoveHead = "update head set head = head + 3 where epoch = 0";

        await using var inDoubt = await lost.BeginTransactionAsync();
        await Do(lost, MoveHead);
        await Do(lost, Number(0));
        await using var second = await anew.BeginTransactionAsync();
        var moving = Do(anew, MoveHead);
        await TestJournal.Until(
            () => test.One<bool>("select exists (select from pg_locks where not granted)"),
            waits => waits
        );
        await inDoubt.CommitAsync();
        await moving;
        var again = await Do(anew, Number(3));
        if (guard.Length == 0 || again == 3)
            await second.CommitAsync();
        else
            await second.RollbackAsync();

        Assert.Equal(
            sequences,
            await test.One<string>("select string_agg(sequence::text, ',' order by sequence) from journal")
        );
    }

    static async Task<int> Do(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }
}

/// <summary>An append whose transaction is open: its insertion id is drawn, and nobody sees it.</summary>
sealed class Open(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public static async Task<Open> Append(TestJournal test, params string[] streams)
    {
        var connection = await test.Source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await test.Journal.Append(transaction, [.. streams.Select(s => TestJournal.Event(s))], default);
        return new(connection, transaction);
    }

    public Task Commit() => transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}

/// <summary>The sequencer with its mark alone, and with a rule of choice in the place of the right one (<c>own</c>).</summary>
sealed class SimpleSequencer(TestJournal test, NpgsqlConnection connection, string rule) : IAsyncDisposable
{
    long mark;
    (long Last, long Xid)? pending;

    public static async Task<SimpleSequencer> Start(TestJournal test, string rule) =>
        new(test, await test.Source.OpenConnectionAsync(), rule);

    public async Task Passes(int count)
    {
        for (var i = 0; i < count; i++)
            await Pass();
    }

    public Task PassUntilMark(long wanted) =>
        TestJournal.Until(
            async () =>
            {
                await Pass();
                return mark;
            },
            at => at >= wanted
        );

    public Task<long> Numbered() => test.One<long>("select count(sequence) from journal");

    async Task Pass()
    {
        var last = await One<long>(rule == "raw" ? "select last_value from journal_id_seq" : Numbering.LastSql);
        var horizon = await One<string>(
            "select pg_snapshot_xmin(s)::text || ' ' || pg_snapshot_xmax(s)::text from pg_current_snapshot() s"
        );
        var (xmin, xmax) = (long.Parse(horizon.Split(' ')[0]), long.Parse(horizon.Split(' ')[1]));
        var ids = await One<long[]>(
            $"select coalesce(array_agg(id order by id), '{{}}') from journal where id > {mark} and sequence is null"
        );
        var next = pending is { } due && xmin >= due.Xid ? due.Last : mark;
        var xid = await One<long>(
            $"update head set head = head + {ids.Length}, mark = {next} returning pg_current_xact_id()::text::bigint"
        );
        var head = await One<long>("select head from head");
        await One<long>(
            $"""
            with numbered as (
                update journal j set sequence = {head - ids.Length} + k.place
                from unnest(array[{string.Join(',', ids)}]::bigint[]) with ordinality as k(id, place)
                where j.id = k.id returning 1
            ) select count(*) from numbered
            """
        );
        if (next != mark)
            (mark, pending) = (next, null);
        pending ??= last > mark ? (last, rule == "xmax" ? xmax : xid) : null;
    }

    async Task<T> One<T>(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
