using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Journal.Tests;

public sealed class SubscriptionTests(ThrowawayServer server)
{
    readonly ConcurrentQueue<(string Stream, long Version)> handled = [];
    volatile string? failing;

    [Fact]
    public async Task A_failing_event_parks_its_stream_and_the_others_go_on()
    {
        await using var test = await server.NewJournal();
        await using var running = await Running.Start(test, Handler());
        failing = "bad";

        foreach (var stream in (string[])["good", "bad", "good", "bad", "other", "bad"])
            await test.Append(stream);
        await TestJournal.Until(() => running.Subscription.Parked.List(0, 10, default), p => p.Count == 3);
        await TestJournal.Until(() => test.One<long>("select count(*) from copies"), n => n == 3);
        var parked = await running.Subscription.Parked.List(0, 10, default);

        Assert.Equal(
            "good,good,other",
            await test.One<string>("select string_agg(stream, ',' order by sequence) from copies")
        );
        Assert.Equal([1L, 2, 3], parked.Select(p => p.Event.Version));
        Assert.Equal("bad is refused", parked[0].Error);
        Assert.All(parked.Skip(1), p => Assert.Equal((0, Parking.Behind), (p.Attempts, p.Error)));
        Assert.Equal(parked.Select(p => p.Event), await test.Journal.ReadStream("bad", default));
    }

    [Fact]
    public async Task Parked_events_are_tried_again_by_themselves_in_the_order_of_their_stream()
    {
        await using var test = await server.NewJournal();
        await using var running = await Running.Start(test, Handler());
        failing = "bad";
        await test.Append("bad");
        await test.Append("bad");
        await TestJournal.Until(
            () => running.Subscription.Parked.List(0, 10, default),
            p => p is [{ Attempts: > 1 }, _]
        );

        failing = null;
        await test.Append("bad");
        await UntilHandled(3);

        Assert.Equal([("bad", 1L), ("bad", 2), ("bad", 3)], handled);
        await TestJournal.Until(() => test.One<long>("select count(*) from parked"), n => n == 0);
        Assert.Equal(3, await test.One<long>("select count(*) from copies"));
    }

    [Fact]
    public async Task A_replay_makes_a_parked_stream_due_at_once()
    {
        await using var test = await server.NewJournal();
        await using var running = await Running.Start(test, Handler());
        failing = "bad";
        await test.Append("bad");
        await TestJournal.Until(() => running.Subscription.Parked.List(0, 10, default), p => p.Count == 1);
        failing = null;
        await test.Do("update parked set retry_at = clock_timestamp() + interval '1 day'");

        var others = await running.Subscription.Parked.Replay("good", default);
        var due = await running.Subscription.Parked.Replay("bad", default);
        await UntilHandled(1);

        Assert.Equal((0, 1), (others, due));
    }

    [Fact]
    public async Task What_a_failed_handler_wrote_is_not_kept_and_its_batch_neighbours_are()
    {
        await using var test = await server.NewJournal();
        failing = "bad";
        await test.Append("a", "b", "bad", "c");
        await using var running = await Running.Start(test, Handler(writesFirst: true));

        await TestJournal.Until(() => test.One<long>("select count(*) from copies"), n => n == 3);
        await TestJournal.Until(() => test.One<long>("select count(*) from parked"), n => n == 1);

        Assert.Equal("a,b,c", await test.One<string>("select string_agg(stream, ',' order by sequence) from copies"));
        Assert.Equal(4, await test.One<long>("select coalesce(max(sequence), 0) from subscriptions"));
    }

    [Fact]
    public async Task A_second_runner_that_got_through_cannot_do_an_event_twice()
    {
        await using var test = await server.NewJournal();
        var entered = new TaskCompletionSource();
        var letGo = new TaskCompletionSource();
        var runs = 0;
        HandleEvent slow = async (happened, transaction, _) =>
        {
            if (Interlocked.Increment(ref runs) == 1)
            {
                entered.SetResult();
                await letGo.Task;
            }
            await Copy(happened, transaction);
        };
        await using var first = await Running.Start(test, slow);
        await test.Append("a");
        await entered.Task.WaitAsync(TimeSpan.FromMinutes(1));

        // The first runner's lease is lost while its handler is at work; a second one begins.
        await test.Do(
            "update leases set epoch = epoch + 1, expires = clock_timestamp() - interval '1 s' where role like 'subscription:%'"
        );
        await using var second = await Running.Start(test, slow, createsTable: false);
        await TestJournal.Until(
            () => test.One<bool>("select exists (select from pg_locks where not granted)"),
            waits => waits
        );
        letGo.SetResult();
        await test.Append("a");
        await TestJournal.Until(() => test.One<long>("select count(*) from copies"), n => n >= 2);

        Assert.Equal(2, await test.One<long>("select count(*) from copies"));
        Assert.Equal(2, await test.One<long>("select coalesce(max(sequence), 0) from subscriptions"));
    }

    [Fact]
    public async Task What_is_not_wanted_is_passed_without_a_write_until_there_is_much_of_it()
    {
        await using var test = await server.NewJournal();
        await using (await Running.Start(test, Handler(), passes: "noise"))
        {
            foreach (var stream in (string[])["noise", "a", "noise", "noise"])
                await test.Append(stream);
            await TestJournal.Until(
                () => test.One<long>("select coalesce(max(sequence), 0) from subscriptions"),
                n => n >= 2
            );
            await test.Append("noise");
            await test.Append("a");
            await TestJournal.Until(
                () => test.One<long>("select coalesce(max(sequence), 0) from subscriptions"),
                n => n >= 6
            );
            for (var i = 0; i < 25; i++)
                await test.Append([.. Enumerable.Repeat("noise", 50)]);
            await TestJournal.Until(
                () => test.One<long>("select coalesce(max(sequence), 0) from subscriptions"),
                n => n > 1_000
            );
        }
        var reached = await test.One<long>("select coalesce(max(sequence), 0) from subscriptions");
        await using var again = await Running.Start(test, Handler(), createsTable: false, passes: "noise");
        await test.Append("a");
        await UntilHandled(3);

        Assert.InRange(reached, 1_001, 1_256);
        Assert.Equal([("a", 1L), ("a", 2), ("a", 3)], handled);
        await TestJournal.Until(() => test.One<long>("select count(*) from copies"), n => n == 3);
    }

    [Fact]
    public async Task A_checkpoint_beyond_the_fork_goes_back_to_it_and_its_owner_is_told()
    {
        await using var test = await server.NewJournal();
        await using (await Running.Start(test, Handler()))
        {
            for (var i = 0; i < 5; i++)
                await test.Append("a");
            await TestJournal.Until(
                () => test.One<long>("select coalesce(max(sequence), 0) from subscriptions"),
                n => n == 5
            );
        }
        await test.Do(
            "delete from journal where sequence > 3; update head set head = 3, mark = 0, system_identifier = '1'"
        );
        long told = 0;

        await using var again = await Running.Start(
            test,
            Handler(),
            createsTable: false,
            onReset: (fork, _, _) =>
            {
                told = fork;
                return Task.CompletedTask;
            }
        );
        await TestJournal.Until(() => Task.FromResult(Interlocked.Read(ref told)), n => n == 3);
        await test.Append("b");
        await TestJournal.Until(
            () => test.One<long>("select coalesce(max(sequence), 0) from subscriptions"),
            n => n == 4
        );

        Assert.Equal("b", handled.Last().Stream);
    }

    HandleEvent Handler(bool writesFirst = false) =>
        async (happened, transaction, _) =>
        {
            if (writesFirst)
                await Copy(happened, transaction);
            if (happened.Stream == failing)
                throw new InvalidOperationException($"{happened.Stream} is refused");
            if (!writesFirst)
                await Copy(happened, transaction);
            handled.Enqueue((happened.Stream, happened.Version));
        };

    static async Task Copy(RecordedEvent happened, NpgsqlTransaction transaction)
    {
        await using var copy = new NpgsqlCommand(
            $"insert into copies values ({happened.Sequence}, '{happened.Stream}')",
            transaction.Connection,
            transaction
        );
        await copy.ExecuteNonQueryAsync();
    }

    Task<int> UntilHandled(int count) => TestJournal.Until(() => Task.FromResult(handled.Count), n => n >= count);

    /// <summary>A sequencer and a subscription that copies each event into a table.</summary>
    sealed class Running(CancellationTokenSource stop, Task work, Subscription subscription) : IAsyncDisposable
    {
        public Subscription Subscription => subscription;

        public static async Task<Running> Start(
            TestJournal test,
            HandleEvent handle,
            bool createsTable = true,
            Func<long, NpgsqlTransaction, CancellationToken, Task>? onReset = null,
            string? passes = null
        )
        {
            if (createsTable)
                await test.Do(
                    "create table copies (sequence bigint, stream text); grant all on copies to journal_role"
                );
            var stop = new CancellationTokenSource();
            var subscription = new Subscription(
                "copies",
                new Follower(test.Journal),
                test.Source,
                handle,
                NullLogger<Subscription>.Instance
            )
            {
                OnReset = onReset,
                Wants = happened => happened.Stream != passes,
            };
            var sequencing = new Sequencer(test.Journal, NullLogger<Sequencer>.Instance).Run(stop.Token);
            return new(stop, Task.WhenAll(sequencing, subscription.Run(stop.Token)), subscription);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await work;
            stop.Dispose();
        }
    }
}
