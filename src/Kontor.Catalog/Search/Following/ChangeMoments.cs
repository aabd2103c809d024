namespace Kontor.Catalog.Search.Following;

/// <summary>Products that have to be read again at a moment, though nothing happens then: a price begins or is over. Any thread.</summary>
sealed class ChangeMoments
{
    readonly Lock gate = new();
    readonly PriorityQueue<Guid, DateTimeOffset> queue = new();

    /// <summary>The first moment of each; later ones are learned when it is read.</summary>
    readonly Dictionary<Guid, DateTimeOffset> first = [];

    public void Add(IEnumerable<(Guid Product, DateTimeOffset At)> moments)
    {
        lock (gate)
            foreach (var (product, at) in moments)
                if (!first.TryGetValue(product, out var known) || at < known)
                {
                    first[product] = at;
                    queue.Enqueue(product, at);
                }
    }

    /// <summary>Those whose moment has come, at most so many; they are forgotten.</summary>
    public IReadOnlyList<Guid> Due(DateTimeOffset now, int most)
    {
        var due = new HashSet<Guid>();
        lock (gate)
            while (due.Count < most && queue.TryPeek(out var product, out var at) && at <= now)
            {
                queue.Dequeue();
                // One that was moved forward stands in the queue twice.
                if (first.TryGetValue(product, out var known) && known == at)
                {
                    first.Remove(product);
                    due.Add(product);
                }
            }
        return [.. due];
    }
}
