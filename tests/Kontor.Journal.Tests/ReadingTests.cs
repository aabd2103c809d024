using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Journal.Tests;

public sealed class ReadingTests(ThrowawayServer server)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_follower_gets_what_was_and_then_what_comes_in_order()
    {
        await using var test = await server.NewJournal();
        using var stop = new CancellationTokenSource();
        var running = new Sequencer(test.Journal, NullLogger<Sequencer>.Instance).Run(stop.Token);
        await test.Append("a", "b");
        await test.UntilNumbered(2);
        var read = new List<RecordedEvent>();
        async Task Follow()
        {
            await foreach (var happened in new Follower(test.Another()).Events(1, stop.Token))
            {
                read.Add(happened);
                if (read.Count == 4)
                    break;
            }
        }

        var following = Follow();
        await test.Append("c");
        await test.Append("d", "e");
        await following.WaitAsync(Patience);

        Assert.Equal([(2L, "b"), (3, "c"), (4, "d"), (5, "e")], read.Select(e => (e.Sequence, e.Stream)));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_hole_is_an_error_and_never_passed_over()
    {
        await using var test = await server.NewJournal();
        await Numbered(test, 5);
        await test.Do("delete from journal where sequence = 3");

        await Assert.ThrowsAsync<JournalGapException>(() => test.Journal.Read(0, 10, default));

        var findings = await test.Journal.Check(default);
        Assert.Contains(findings, f => f.Rule == "dense" && f.What.Contains("3..3", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Rule == "stream");
    }

    [Theory]
    [InlineData("update head set head = 6", "head")]
    [InlineData("update journal set sequence = null where id = 2", "mark")]
    [InlineData("update streams set version = 9", "stream")]
    [InlineData("update streams set last_id = 1", "stream")]
    [InlineData("delete from streams", "stream")]
    [InlineData(
        "update journal set sequence = 99 where id = 1; update journal set sequence = 1 where id = 2; update journal set sequence = 2 where id = 1",
        "order"
    )]
    public async Task The_check_finds_what_was_broken(string breakage, string rule)
    {
        await using var test = await server.NewJournal();
        await Numbered(test, 5);
        Assert.Empty(await test.Journal.Check(default));

        await test.Do(breakage);

        Assert.Contains(await test.Journal.Check(default), f => f.Rule == rule);
    }

    [Fact]
    public async Task Positions_resolve_to_the_sequence_to_start_after()
    {
        await using var test = await server.NewJournal();
        await Numbered(test, 3);
        var here = (await test.Journal.Head(default)).Incarnation;

        Assert.Equal(new ResolvedPosition.After(0), await Resolve(test, Position.Beginning("journal")));
        Assert.Equal(new ResolvedPosition.After(2), await Resolve(test, new("journal", here, 2, false)));
        Assert.Equal(new ResolvedPosition.After(3), await Resolve(test, new("journal", here, 3, true)));
        Assert.Equal(new ResolvedPosition.Unknown(), await Resolve(test, new("journal", here, 4, false)));
        Assert.Equal(new ResolvedPosition.Unknown(), await Resolve(test, new("journal", here, 4, true)));
        Assert.Equal(new ResolvedPosition.Unknown(), await Resolve(test, new("journal", "0badc0de", 1, false)));
        Assert.Equal(new ResolvedPosition.Unknown(), await Resolve(test, new("catalog", here, 1, false)));
    }

    [Fact]
    public async Task A_write_position_waits_until_its_event_is_numbered()
    {
        await using var test = await server.NewJournal();
        var here = (await test.Journal.Head(default)).Incarnation;
        var id = await test.Append("a");
        var written = new Position("journal", here, id, IsInsertion: true);

        Assert.Equal(new ResolvedPosition.NotYet(), await test.Journal.Resolve(written, TimeSpan.Zero, default));
        var waiting = test.Journal.Resolve(written, Patience, default);
        await using (var led = await test.Lead())
            await led.Passes(1);

        Assert.Equal(new ResolvedPosition.After(1), await waiting);
    }

    [Theory]
    [InlineData("update head set system_identifier = '1'")]
    [InlineData("update head set timeline = timeline + 1")]
    public async Task Another_server_or_timeline_begins_an_incarnation_at_the_head_found(string change)
    {
        await using var test = await server.NewJournal();
        var first = await Numbered(test, 5);
        await test.Do(change);

        var second = await Numbered(test, 2);
        var third = await Numbered(test, 1);

        Assert.NotEqual(first, second);
        Assert.Equal(second, third);
        Assert.Equal(5, await test.One<long>("select fork from incarnations where ordinal = 2"));
        Assert.Equal(8, (await test.Journal.Head(default)).Sequence);
    }

    [Fact]
    public async Task A_position_beyond_the_nearest_fork_of_its_chain_is_reset_to_it()
    {
        await using var test = await server.NewJournal();
        var first = await Numbered(test, 10);
        var second = await Begin(test, 8);
        await Numbered(test, 4);
        await Begin(test, 6);
        await Numbered(test, 1);

        Assert.Equal(new ResolvedPosition.After(6), await Resolve(test, new("journal", first, 6, false)));
        Assert.Equal(new ResolvedPosition.Reset(6), await Resolve(test, new("journal", first, 7, false)));
        Assert.Equal(new ResolvedPosition.Reset(6), await Resolve(test, new("journal", first, 9, false)));
        Assert.Equal(new ResolvedPosition.After(5), await Resolve(test, new("journal", second, 5, false)));
        Assert.Equal(new ResolvedPosition.Reset(6), await Resolve(test, new("journal", second, 12, false)));
        Assert.Equal(new ResolvedPosition.After(3), await Resolve(test, new("journal", first, 3, true)));
        Assert.Equal(new ResolvedPosition.Reset(6), await Resolve(test, new("journal", first, 10, true)));
    }

    [Fact]
    public async Task A_follower_beyond_the_fork_is_told_and_one_before_it_goes_on()
    {
        await using var test = await server.NewJournal();
        var first = await Numbered(test, 5);
        await Begin(test, 3);
        var follower = new Follower(test.Journal);

        var told = await Assert.ThrowsAsync<JournalForkedException>(() => First(follower, first, 5));
        var goneOn = await First(follower, first, 2);

        Assert.Equal(3, told.Fork);
        Assert.Equal(3, goneOn.Events[0].Sequence);
        Assert.Equal(told.Incarnation, goneOn.Incarnation);
    }

    static async Task<EventBatch> First(Follower follower, string incarnation, long after)
    {
        using var stop = new CancellationTokenSource(Patience);
        await foreach (var batch in follower.Follow(incarnation, after, stop.Token))
            return batch;
        throw new InvalidOperationException("A follower ended by itself.");
    }

    static Task<ResolvedPosition> Resolve(TestJournal test, Position position) =>
        test.Journal.Resolve(position, TimeSpan.Zero, default);

    /// <summary>Numbers some events, the mark included, and says in which incarnation.</summary>
    static async Task<string> Numbered(TestJournal test, int events)
    {
        long last = 0;
        for (var i = 0; i < events; i++)
            last = await test.Append("s");
        await using var led = await test.Lead();
        await led.PassUntilMark(last);
        await led.Lease.Release();
        return (await test.Journal.Head(default)).Incarnation;
    }

    /// <summary>What a restore to an earlier place leaves behind: the events after the fork are gone.</summary>
    static async Task<string> Begin(TestJournal test, long fork)
    {
        await test.Do($"delete from journal where sequence > {fork}; update head set head = {fork}");
        await using var connection = await test.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var begun = await Incarnations.Begin(transaction, default);
        await transaction.CommitAsync();
        Assert.Equal(fork, begun.Fork);
        return begun.Name;
    }
}
