using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Kontor.Journal;

namespace Kontor.Platform.Stream;

/// <summary>Where one client stands in one topic: all events up to and with <see cref="Sequence"/> were written to it.</summary>
sealed class Seat
{
    const int LongestNumber = 20;
    byte[] prefix;

    public Seat(LiveFeed feed, string incarnation, long sequence)
    {
        (Feed, Incarnation, Sequence) = (feed, incarnation, sequence);
        prefix = PrefixOf(feed, incarnation);
    }

    public LiveFeed Feed { get; }

    public string Incarnation { get; private set; }

    public long Sequence { get; private set; }

    /// <summary>Whether it reads from memory what comes; otherwise from the journal what was.</summary>
    public bool IsLive { get; set; }

    public bool IsLagging { get; set; }

    /// <summary>The client came with a position beyond a fork and must be told first.</summary>
    public bool BeginsWithReset { get; init; }

    public Position Position => new(Feed.Topic, Incarnation, Sequence, IsInsertion: false);

    /// <summary>Steps on by one event; anything but the next one is a bug, and must not reach a client.</summary>
    public void Step(long sequence)
    {
        if (sequence != Sequence + 1)
            throw new JournalGapException(Feed.Topic, Sequence + 1, sequence);
        Sequence = sequence;
    }

    public void MoveTo(string incarnation, long sequence)
    {
        (Incarnation, Sequence) = (incarnation, sequence);
        prefix = PrefixOf(Feed, incarnation);
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write(prefix);
        Utf8Formatter.TryFormat(Sequence, output.GetSpan(LongestNumber), out var digits);
        output.Advance(digits);
    }

    static byte[] PrefixOf(LiveFeed feed, string incarnation) =>
        Encoding.ASCII.GetBytes($"{feed.Topic}:{incarnation}.");
}
