using System.Runtime.CompilerServices;

namespace Kontor.Journal;

/// <summary>A source of a service's events: its journal, or its stream over the network.</summary>
public interface IEventFeed
{
    string Topic { get; }

    /// <summary>All events after a sequence, in order and without a hole, then live ones; ends only by a stop.</summary>
    /// <param name="incarnation">The incarnation that <paramref name="after"/> was read in; empty: the current one.</param>
    /// <exception cref="JournalForkedException">The place lies beyond the fork where a newer incarnation began.</exception>
    IAsyncEnumerable<EventBatch> Follow(string incarnation, long after, CancellationToken stop);
}

/// <summary>The reader holds events that the journal no longer has: what lies after the fork never happened.</summary>
public sealed class JournalForkedException(string topic, string incarnation, long fork)
    : Exception($"The journal of {topic} began anew after {fork} as {incarnation}.")
{
    public string Incarnation => incarnation;

    public long Fork => fork;
}

/// <summary>Reads a journal in this process: what was, then what comes, woken by the sequencer.</summary>
public sealed class Follower(EventJournal journal) : IEventFeed
{
    static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(1);

    public string Topic => journal.Topic;

    public async IAsyncEnumerable<EventBatch> Follow(
        string incarnation,
        long after,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        await foreach (var batch in Look(incarnation, after, stop))
            if (batch.Events.Count > 0)
                yield return batch;
    }

    /// <summary>The same with each look that found nothing, at least one in a little more than a second: who hears of it
    /// knows that there was nothing to hear.</summary>
    public async IAsyncEnumerable<EventBatch> Look(
        string incarnation,
        long after,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        var pace = new Pace(IdlePoll);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var ring = journal.Bells.Numbered.Next;
            var batch = await journal.Read(after, EventJournal.MaxRead, stop);
            if (batch.Incarnation != incarnation)
            {
                if (incarnation.Length > 0)
                    await CheckFork(incarnation, after, stop);
                incarnation = batch.Incarnation;
            }
            if (batch.Events.Count > 0)
            {
                after = batch.Events[^1].Sequence;
                pace.Worked();
            }
            yield return batch;
            if (batch.Events.Count < EventJournal.MaxRead)
                await pace.Wait(ring, stop);
        }
    }

    /// <summary>The same, event by event.</summary>
    public async IAsyncEnumerable<RecordedEvent> Events(long after, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var batch in Follow("", after, stop))
        foreach (var happened in batch.Events)
            yield return happened;
    }

    async Task CheckFork(string incarnation, long after, CancellationToken stop)
    {
        var place = new Position(Topic, incarnation, after, IsInsertion: false);
        var resolved = await journal.Resolve(place, TimeSpan.Zero, stop);
        if (resolved is not ResolvedPosition.After)
            throw new JournalForkedException(
                Topic,
                (await journal.Head(stop)).Incarnation,
                resolved is ResolvedPosition.Reset reset ? reset.Fork : 0
            );
    }
}
