namespace Kontor.Journal;

/// <summary>Keeps something in memory in step with a journal: loads what stands, then applies what happens, batch after
/// batch, for as long as it runs.</summary>
/// <remarks>A journal that is away makes it blind, and it goes on where it stood. A batch that could not be applied comes
/// again. After a fork it loads anew: what it holds may never have happened.</remarks>
public abstract class InStep(EventJournal journal)
{
    static readonly TimeSpan BeforeRetrying = TimeSpan.FromSeconds(1);

    public EventJournal Journal => journal;

    /// <summary>How far it has come.</summary>
    public Reach Reach { get; } = new(journal.Topic);

    /// <summary>Loads what stands.</summary>
    /// <returns>The head read in the snapshot of what was loaded, or in an earlier one.</returns>
    protected abstract Task<JournalHead> Begin(CancellationToken stop);

    /// <summary>Applies what happened, in order. A batch may come again.</summary>
    protected abstract Task Apply(EventBatch batch, CancellationToken stop);

    /// <summary>The journal goes on under another incarnation, and all that was applied is part of it.</summary>
    protected virtual void Renamed(JournalHead standing) { }

    /// <summary>It could not go on, and tries again in a moment.</summary>
    protected abstract void Broke(Exception fault);

    public async Task Run(CancellationToken stop)
    {
        JournalHead? standing = null;
        while (!stop.IsCancellationRequested)
            try
            {
                if (standing is null)
                {
                    standing = await Begin(stop);
                    Reach.Begin(standing);
                }
                await foreach (var batch in new Follower(journal).Look(standing.Incarnation, standing.Sequence, stop))
                {
                    if (batch.Incarnation != standing.Incarnation)
                        Renamed(standing with { Incarnation = batch.Incarnation });
                    if (batch.Events.Count > 0)
                        await Apply(batch, stop);
                    Reach.Applied(batch);
                    standing = new(Reach.Sequence, 0, batch.Incarnation);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (JournalForkedException)
            {
                Reach.Lost();
                standing = null;
            }
            catch (Exception fault)
            {
                // The door of a background task: it must not end while the process lives.
                Reach.Lost();
                Broke(fault);
                await Task.Delay(BeforeRetrying, TimeProvider.System, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }
}
