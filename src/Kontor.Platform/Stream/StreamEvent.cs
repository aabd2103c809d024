using System.Buffers;
using System.Text.Json;
using Kontor.Journal;

namespace Kontor.Platform.Stream;

/// <summary>An event as CloudEvents JSON in UTF-8, made once for all clients.</summary>
/// <param name="Json">Without its last member and the closing brace: the whole position, over all topics of a connection,
/// is each connection's own and is written behind it.</param>
sealed record StreamEvent(long Sequence, ReadOnlyMemory<byte> Json)
{
    static readonly JsonWriterOptions Unclosed = new() { SkipValidation = true };

    /// <param name="born">The incarnation in which the event was numbered. It makes source and id the same for ever,
    /// also after a later incarnation has taken the event over.</param>
    public static StreamEvent Of(string topic, string born, RecordedEvent happened)
    {
        var text = new ArrayBufferWriter<byte>(happened.Body.Length + 512);
        using (var json = new Utf8JsonWriter(text, Unclosed))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, $"{topic}-{born}.{happened.Sequence}");
            json.WriteString("source"u8, $"urn:kontor:{topic}:{born}");
            json.WriteString("type"u8, happened.Type);
            json.WriteString("time"u8, happened.Time.UtcDateTime);
            json.WriteString("sequence"u8, happened.Sequence.ToString("D20"));
            json.WriteString("sequencetype"u8, "Integer"u8);
            json.WriteString("partitionkey"u8, happened.Stream);
            json.WriteNumber("streamversion"u8, happened.Version);
            json.WriteString("datacontenttype"u8, "application/json"u8);
            json.WritePropertyName("data"u8);
            // PostgreSQL made this text from jsonb: it is valid and has no line break, which SSE relies on.
            json.WriteRawValue(happened.Body, skipInputValidation: true);
        }
        return new(happened.Sequence, text.WrittenSpan.ToArray());
    }

    /// <summary>The whole message: the shared part, then the position.</summary>
    public void WriteTo(IBufferWriter<byte> output, ReadOnlySpan<byte> position)
    {
        output.Write(Json.Span);
        output.Write(",\"position\":\""u8);
        output.Write(position);
        output.Write("\"}"u8);
    }
}
