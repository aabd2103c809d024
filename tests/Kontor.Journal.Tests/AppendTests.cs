using System.Diagnostics;
using Npgsql;

namespace Kontor.Journal.Tests;

public sealed class AppendTests(ThrowawayServer server)
{
    [Fact]
    public async Task A_stream_that_moved_on_refuses_the_second_writer()
    {
        await using var test = await server.NewJournal();
        await Append(test, TestJournal.Event("order", 0), TestJournal.Event("order", 0));

        var again = await Assert.ThrowsAsync<StreamConflictException>(() =>
            Append(test, TestJournal.Event("order", 0))
        );
        var stale = await Assert.ThrowsAsync<StreamConflictException>(() =>
            Append(test, TestJournal.Event("order", 1))
        );
        await Append(test, TestJournal.Event("order", 2));

        Assert.Equal(("order", "order"), (again.Stream, stale.Stream));
        Assert.Equal([1L, 2, 3], (await test.Journal.ReadStream("order", default)).Select(e => e.Version));
        Assert.Equal(0, (await test.Journal.ReadStream("order", default))[0].Sequence);
    }

    [Fact]
    public async Task A_conflict_in_one_of_several_streams_is_said_as_such_and_leaves_nothing_of_the_others()
    {
        await using var test = await server.NewJournal();
        await Append(test, TestJournal.Event("b", 0));

        var lost = await Assert.ThrowsAsync<StreamConflictException>(() =>
            Append(test, TestJournal.Event("a", 0), TestJournal.Event("b", 0), TestJournal.Event("c"))
        );

        Assert.Equal("b", lost.Stream);
        Assert.Empty(await test.Journal.ReadStream("a", default));
        Assert.Single(await test.Journal.ReadStream("b", default));
        Assert.Empty(await test.Journal.ReadStream("c", default));
    }

    [Fact]
    public async Task Events_of_several_streams_in_one_append_keep_their_order_and_count_on_in_their_streams()
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();
        await test.Append("b", "a");

        await test.Append("a", "b", "a", "c", "a");
        await led.PassUntilMark(7);

        Assert.Equal(
            [("b", 1L), ("a", 1), ("a", 2), ("b", 2), ("a", 3), ("c", 1), ("a", 4)],
            (await test.Journal.Read(0, 10, default)).Events.Select(e => (e.Stream, e.Version))
        );
    }

    [Fact]
    public async Task Streams_named_in_reversed_orders_do_not_deadlock()
    {
        await using var test = await server.NewJournal();
        await test.Append("a", "b", "c");

        async Task Write(string[] streams)
        {
            for (var i = 0; i < 100; i++)
                await test.Append(streams);
        }
        await Task.WhenAll(
            Write(["a", "b", "c"]),
            Write(["c", "b", "a"]),
            Write(["b", "a", "c"]),
            Write(["c", "a", "b"])
        );

        Assert.Equal(401, (await test.Journal.ReadStream("b", default)).Count);
    }

    [Fact]
    public async Task An_append_is_one_round_trip_whatever_it_holds()
    {
        await using var test = await server.NewJournal();
        await using var connection = await test.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var first = new NpgsqlCommand("select 1", connection, transaction))
            await first.ExecuteScalarAsync();
        var sent = 0;
        var here = new Activity("append").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = started => sent += started.TraceId == here.TraceId ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);

        var events = Enumerable.Range(0, 20).Select(i => TestJournal.Event($"stream-{i % 7}")).ToArray();
        await test.Journal.Append(transaction, events, default);

        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task A_rolled_back_append_leaves_only_unused_ids()
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();
        await using (var connection = await test.Source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await transaction.SaveAsync("before");
            await test.Journal.Append(transaction, [TestJournal.Event("a", 0)], default);
            await transaction.RollbackAsync("before");
            await test.Journal.Append(transaction, [TestJournal.Event("a", 0)], default);
            await transaction.CommitAsync();
        }
        await led.PassUntilMark(2);

        Assert.Equal(1, led.Numbering.Head);
        Assert.Equal(
            [(2L, 1L, 1L)],
            (await test.Journal.Read(0, 10, default)).Events.Select(e => (e.Id, e.Sequence, e.Version))
        );
    }

    static async Task Append(TestJournal test, params NewEvent[] events)
    {
        await using var connection = await test.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await test.Journal.Append(transaction, events, default);
        await transaction.CommitAsync();
    }
}
