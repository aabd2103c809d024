namespace Kontor.Journal;

/// <summary>Where a position stands in the journal of today.</summary>
public abstract record ResolvedPosition
{
    /// <summary>Start after this sequence.</summary>
    public sealed record After(long Sequence) : ResolvedPosition;

    /// <summary>The position lies beyond the fork of a newer incarnation: start after the fork and forget the rest.</summary>
    public sealed record Reset(long Fork) : ResolvedPosition;

    /// <summary>Committed, and not numbered within the time allowed.</summary>
    public sealed record NotYet : ResolvedPosition;

    /// <summary>Another journal's, or one that this journal never gave.</summary>
    public sealed record Unknown : ResolvedPosition;
}

public sealed partial class EventJournal
{
    /// <summary>Finds the sequence to start after.</summary>
    /// <param name="patience">How long a write position may wait until its event is numbered.</param>
    public async Task<ResolvedPosition> Resolve(Position position, TimeSpan patience, CancellationToken stop)
    {
        if (position.Topic != Topic)
            return new ResolvedPosition.Unknown();
        if (position.Number == 0)
            return new ResolvedPosition.After(0);

        var (lives, head) = await LivesAndHead(stop);
        var life = lives.FirstOrDefault(l => l.Name == position.Incarnation);
        if (life is null)
            return new ResolvedPosition.Unknown();

        // The chain: what lies beyond the nearest fork of any later life is not part of today's history.
        var later = lives.Where(l => l.Ordinal > life.Ordinal).Select(l => l.Fork).ToArray();
        if (later.Length == 0)
            return position.IsInsertion ? await Numbered(position.Number, patience, stop)
                : position.Number <= head ? new ResolvedPosition.After(position.Number)
                : new ResolvedPosition.Unknown();

        var shared = later.Min();
        // After a lossy failover insertion ids are given again; only one numbered before the fork is surely the same event.
        var sequence = position.IsInsertion ? (await SequenceOf(position.Number, stop)).Sequence : position.Number;
        return sequence is { } known && known <= shared
            ? new ResolvedPosition.After(known)
            : new ResolvedPosition.Reset(shared);
    }

    async Task<ResolvedPosition> Numbered(long id, TimeSpan patience, CancellationToken stop)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var pace = new Pace(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var ring = Bells.Numbered.Next;
            var (exists, sequence) = await SequenceOf(id, stop);
            if (!exists)
                return new ResolvedPosition.Unknown();
            if (sequence is { } known)
                return new ResolvedPosition.After(known);
            if (TimeProvider.System.GetElapsedTime(begun) >= patience)
                return new ResolvedPosition.NotYet();
            await pace.Wait(ring, stop);
        }
    }

    async Task<(bool Exists, long? Sequence)> SequenceOf(long id, CancellationToken stop)
    {
        await using var find = Database.CreateCommand("select sequence from journal where id = $1");
        find.Parameters.Add(new() { Value = id });
        await using var reader = await find.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return (false, null);
        return (true, reader.IsDBNull(0) ? null : reader.GetInt64(0));
    }

    async Task<(IReadOnlyList<Incarnation> Lives, long Head)> LivesAndHead(CancellationToken stop)
    {
        IReadOnlyList<Incarnation> lives;
        await using (var connection = await Database.OpenConnectionAsync(stop))
            lives = await Incarnations.All(connection, stop);
        return (lives, (await Head(stop)).Sequence);
    }
}
