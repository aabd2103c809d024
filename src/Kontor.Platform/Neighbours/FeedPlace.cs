using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Kontor.Journal;

namespace Kontor.Platform.Neighbours;

/// <summary>One message of a stream as it came over the line.</summary>
sealed record FeedMessage(string Type, string? Position, string Data);

/// <summary>How far a neighbour's stream has been read, in which incarnation.</summary>
sealed class FeedPlace(string topic, string incarnation, long after)
{
    /// <summary>The neighbour may write as fast as we read: a reader that is far behind takes it in bites.</summary>
    const int MaxBatch = 500;

    string incarnation = incarnation;
    long after = after;

    /// <summary>What the stream is asked to go on from.</summary>
    public string Position { get; private set; } =
        new Position(topic, after == 0 ? "" : incarnation, after, IsInsertion: false).ToString();

    /// <summary>The messages as batches of events, until the connection ends.</summary>
    /// <exception cref="JournalForkedException">The neighbour's journal began anew before this place.</exception>
    public async IAsyncEnumerable<EventBatch> Batches(
        ChannelReader<FeedMessage> arrived,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        while (await arrived.WaitToReadAsync(stop))
        {
            var events = new List<RecordedEvent>();
            while (events.Count < MaxBatch && arrived.TryRead(out var message))
                if (Take(message) is { } happened)
                    events.Add(happened);
            if (events.Count > 0)
                yield return new(incarnation, events);
        }
    }

    /// <summary>Moves on by one message; null where it is no event.</summary>
    RecordedEvent? Take(FeedMessage message)
    {
        using var json = JsonDocument.Parse(message.Data);
        if (message.Type == Stream.ControlFrame.Reset)
            throw new JournalForkedException(
                topic,
                json.RootElement.GetProperty("incarnation").GetString()!, // A reset has both.
                json.RootElement.GetProperty("fork").GetInt64()
            );
        var happened = message.Type == "message" ? Read(json.RootElement) : null;
        if (Journal.Position.TryParse(message.Position, out var stands))
        {
            Expect(happened, stands.Value);
            (incarnation, after, Position) = (stands.Value.Incarnation, stands.Value.Number, message.Position!);
        }
        return happened;
    }

    /// <summary>Dense, or it is not this journal's stream: reading on would hide a lost event.</summary>
    void Expect(RecordedEvent? happened, Position stands)
    {
        if (happened is not null && (happened.Sequence != after + 1 || stands.Number != happened.Sequence))
            throw new JournalGapException(topic, after + 1, happened.Sequence);
    }

    static RecordedEvent Read(JsonElement told) =>
        new(
            Id: 0, // The neighbour's own affair: it stands in no stream.
            long.Parse(told.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture),
            told.GetProperty("partitionkey").GetString()!,
            told.GetProperty("streamversion").GetInt64(),
            told.GetProperty("type").GetString()!,
            told.GetProperty("time").GetDateTimeOffset(),
            told.GetProperty("data").GetRawText()
        );
}
