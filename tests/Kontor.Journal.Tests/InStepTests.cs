using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Journal.Tests;

public sealed class InStepTests(ThrowawayServer server)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task It_loads_what_stands_and_applies_what_comes_once_more_where_it_failed()
    {
        await using var test = await server.NewJournal();
        using var stop = new CancellationTokenSource();
        var numbering = new Sequencer(test.Journal, NullLogger<Sequencer>.Instance).Run(stop.Token);
        await test.Append("a", "b");
        await test.UntilNumbered(2);
        var list = new List(test.Another()) { FailsAt = 4 };

        var running = list.Run(stop.Token);
        await Applied(list, 2);
        await test.Append("c");
        await Applied(list, 3);
        var id = await test.Append("d");
        var written = new Position("journal", list.Reach.Position.Incarnation, id, IsInsertion: true);
        Assert.True(await list.Reach.Wait(written, Patience, default));

        Assert.Equal(["loaded at 2", "3 c", "broke at 4", "4 d"], list.Seen);
        Assert.False(list.Reach.IsBlind);
        await stop.CancelAsync();
        await Task.WhenAll(running, numbering);
    }

    static Task<long> Applied(List list, long sequence) =>
        TestJournal.Until(() => Task.FromResult(list.Reach.Sequence), reached => reached >= sequence);

    sealed class List(EventJournal journal) : InStep(journal)
    {
        public long FailsAt { get; set; }

        public ConcurrentQueue<string> Seen { get; } = new();

        protected override async Task<JournalHead> Begin(CancellationToken stop)
        {
            var head = await Journal.Head(stop);
            Seen.Enqueue($"loaded at {head.Sequence}");
            return head;
        }

        protected override Task Apply(EventBatch batch, CancellationToken stop)
        {
            foreach (var happened in batch.Events)
                if (happened.Sequence == FailsAt)
                    throw new InvalidOperationException($"broke at {FailsAt}");
                else
                    Seen.Enqueue($"{happened.Sequence} {happened.Stream}");
            return Task.CompletedTask;
        }

        protected override void Broke(Exception fault)
        {
            FailsAt = 0;
            Seen.Enqueue(fault.Message);
        }
    }
}
