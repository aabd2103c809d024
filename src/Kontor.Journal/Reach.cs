namespace Kontor.Journal;

/// <summary>How far a reader in this process has come with a journal, so that it can say, without a query, whether it has
/// applied what a position stands for. One writes; any thread asks.</summary>
/// <remarks>
/// A writer's position is an insertion id, which is no place in the order. So the ids that were applied are kept, above a
/// low-water mark: at or below it all is applied, once the head is reached at which that mark was true. What is not known
/// counts as not applied.
/// </remarks>
public sealed class Reach(string topic)
{
    /// <summary>Silence after which what is held may be older than what stands.</summary>
    public static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(3);

    /// <summary>Ids kept; a transaction that writes for hours holds the mark so long. Forgotten ids count as not applied.</summary>
    const int MostKept = 1_000_000;

    readonly Lock sync = new();
    readonly HashSet<long> applied = [];
    readonly Bell moved = new();
    JournalHead? awaited;
    string incarnation = "";
    long sequence;
    long mark;
    long heard;
    volatile bool isLost = true;

    public string Topic => topic;

    /// <summary>The last sequence applied.</summary>
    public long Sequence
    {
        get
        {
            lock (sync)
                return sequence;
        }
    }

    /// <summary>Where it stands, as readers are told it.</summary>
    public Position Position
    {
        get
        {
            lock (sync)
                return incarnation.Length == 0
                    ? Position.Beginning(topic)
                    : new(topic, incarnation, sequence, IsInsertion: false);
        }
    }

    /// <summary>Whether the journal may have gone on unheard: it was never reached, is away, or has said nothing for
    /// <see cref="MostSilence"/>.</summary>
    public bool IsBlind => isLost || TimeProvider.System.GetElapsedTime(Volatile.Read(ref heard)) > MostSilence;

    /// <summary>All is applied that stood in the snapshot in which this head was read.</summary>
    public void Begin(JournalHead head)
    {
        lock (sync)
        {
            applied.Clear();
            awaited = null;
            (incarnation, sequence, mark) = (head.Incarnation, head.Sequence, head.Mark);
        }
        Heard();
    }

    /// <summary>The events of a batch have taken effect, or it brought none.</summary>
    public void Applied(EventBatch batch)
    {
        lock (sync)
        {
            if (incarnation != batch.Incarnation)
            {
                // Ids of what the old one lost are given again.
                applied.Clear();
                (incarnation, awaited, mark) = (batch.Incarnation, null, 0);
            }
            foreach (var happened in batch.Events)
                applied.Add(happened.Id);
            if (batch.Events.Count > 0)
                sequence = batch.Events[^1].Sequence;
            // The first that is still to be reached, or a reader that is always behind would never move its mark.
            awaited ??= batch.Head;
            if (awaited is { } head && sequence >= head.Sequence)
            {
                awaited = null;
                Raise(head.Mark);
            }
            if (applied.Count > MostKept)
                applied.Clear();
        }
        Heard();
    }

    /// <summary>The journal does not answer.</summary>
    public void Lost() => isLost = true;

    /// <summary>Whether what the position stands for is applied.</summary>
    public bool Has(Position position)
    {
        if (position.Number == 0)
            return true;
        lock (sync)
            return position.Topic == topic
                && position.Incarnation == incarnation
                && (
                    position.IsInsertion
                        ? position.Number <= mark || applied.Contains(position.Number)
                        : position.Number <= sequence
                );
    }

    /// <summary>Waits until it is applied.</summary>
    /// <returns>Whether it is.</returns>
    public async Task<bool> Wait(Position position, TimeSpan patience, CancellationToken stop)
    {
        if (Has(position))
            return true;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(patience);
        while (true)
        {
            var next = moved.Next;
            if (Has(position))
                return true;
            await next.WaitAsync(enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
            if (enough.IsCancellationRequested)
                return Has(position);
        }
    }

    void Raise(long to)
    {
        if (to <= mark)
            return;
        mark = to;
        applied.RemoveWhere(id => id <= to);
    }

    void Heard()
    {
        Volatile.Write(ref heard, TimeProvider.System.GetTimestamp());
        isLost = false;
        moved.Ring();
    }
}
