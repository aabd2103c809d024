namespace Kontor.Platform.Caching;

/// <summary>What a second level answered: bodies that may be right, and what it needs to take new ones.</summary>
/// <param name="Asked">Machine time before it was asked.</param>
/// <param name="Generation">Of the second level then; null where it did not answer.</param>
/// <param name="AskedThere">Its own time then, in ms.</param>
public sealed record Tickets(IReadOnlyList<Kept> Found, long Asked, string? Generation, long AskedThere);

/// <summary>Bodies that processes share. It is never waited for long, and never an error.</summary>
public interface ISecondLevel
{
    /// <summary>Those that it has; the shelf judges them as it judges a load.</summary>
    Task<Tickets?> Find(IReadOnlyList<BodyKey> keys, CancellationToken stop);

    /// <summary>Takes a body in the background, if it still may.</summary>
    void Offer(Tickets? tickets, Kept entry);

    /// <summary>Takes evictions in the background, in order.</summary>
    /// <param name="from">All evictions up to this sequence were told before.</param>
    /// <param name="to">The last sequence of these.</param>
    void Evict(string incarnation, long from, long to, IReadOnlyList<Eviction> evictions);
}
