using Kontor.Journal;

namespace Kontor.Platform.Caching;

/// <summary>A body in memory, and until when and which positions it answers.</summary>
public sealed class Kept
{
    // What an entry costs beside its bytes: itself, its place in the tables, its tags.
    const int OwnBytes = 400;
    const int TagBytes = 150;

    byte[]? stale;

    /// <param name="begun">When the load began, by the machine's clock: what lasts is counted from there.</param>
    internal Kept(BodyKey key, Body body, JournalHead head, TimeProvider clock, long begun)
    {
        (Key, Body, Head, AsOf) = (key, body, head, head.Sequence);
        Until = After(body.Lasts);
        Ends = After(body.Shown);

        // What is a hundred years away does not fit into a count of nanoseconds, and does not matter.
        long After(TimeSpan? span) =>
            span is { TotalDays: < 36_500 } known
                ? begun + (long)(known.TotalSeconds * clock.TimestampFrequency)
                : long.MaxValue;
    }

    public BodyKey Key { get; }

    public Body Body { get; }

    public JournalHead Head { get; }

    /// <summary>The last sequence at which it is known to be right: its head's, or later where another cache vouches for it.</summary>
    internal long AsOf { get; init; }

    /// <summary>Machine time from which it has to be read anew.</summary>
    internal long Until { get; }

    /// <summary>Machine time from which nobody may see it.</summary>
    internal long Ends { get; }

    /// <summary>Asked for since the hand of the clock passed it.</summary>
    internal bool WasUsed { get; set; }

    internal long Weight => Body.Bytes.Length + OwnBytes + Key.Bytes + TagBytes * Body.Tags.Count;

    /// <summary>Whether everything up to the position is in it, whatever was evicted since.</summary>
    internal bool Covers(Position position) =>
        position.Number == 0
        || (
            position.Incarnation == Head.Incarnation
            && position.Number <= (position.IsInsertion ? Head.Mark : Head.Sequence)
        );

    /// <summary>The answer with <c>meta.stale</c>: its last member is <c>meta</c>, an object that is not empty.</summary>
    internal ReadOnlyMemory<byte> Stale
    {
        get
        {
            if (stale is { } known)
                return known;
            var bytes = Body.Bytes.Span;
            if (!bytes.EndsWith("}}"u8) || bytes[^3] == (byte)'{')
                throw new InvalidOperationException($"{Key} is no whole answer.");
            return stale = [.. bytes[..^2], .. ",\"stale\":true}}"u8];
        }
    }
}
