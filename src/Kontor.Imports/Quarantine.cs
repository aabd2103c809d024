using System.Text.Encodings.Web;
using System.Text.Json;
using Kontor.Imports.Extracting;

namespace Kontor.Imports;

/// <summary>Rows with fatal faults, as a file that can be corrected and imported with the same mapping: one JSON object a line,
/// the fields as they were read, and what is wrong in <c>_faults</c>.</summary>
/// <remarks>Name the file <c>{name of the source}.quarantine.ndjson</c>: by that the mapping is found, and its form is known.</remarks>
public sealed class Quarantine(Stream into) : IAsyncDisposable
{
    public const string Ending = ".quarantine.ndjson";

    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public long Rows { get; private set; }

    /// <summary>Writes a row that has a fault and its source; others are passed over.</summary>
    public async Task Write(MappedRow row, CancellationToken stop)
    {
        if (row.Source.IsEmpty || row.Draft is not null)
            return;
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            using var source = JsonDocument.Parse(row.Source);
            json.WriteStartObject();
            foreach (var member in source.RootElement.EnumerateObject())
                if (member.Name != "_faults")
                    member.WriteTo(json);
            json.WriteStartArray("_faults"u8);
            foreach (var fault in row.Faults)
                Write(fault, json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        await into.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), stop);
        Rows++;
    }

    public ValueTask DisposeAsync() => into.DisposeAsync();

    /// <summary>The name of the file whose rows are in a quarantine; null of another file.</summary>
    public static string? SourceOf(string name) =>
        name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? name[..^Ending.Length] : null;

    internal static FormWanted FormOf(string name, FormWanted form) =>
        SourceOf(name) is null ? form : new(FeedFormat.Ndjson);

    static void Write(RowFault fault, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("line"u8, fault.At.Line);
        if (fault.Column is { } column)
            json.WriteString("column"u8, column);
        if (fault.Value is { } value)
            json.WriteString("value"u8, value);
        json.WriteString("code"u8, fault.Code);
        json.WriteString("message"u8, fault.Message);
        if (fault.Hint is { } hint)
            json.WriteString("hint"u8, hint);
        json.WriteBoolean("isFatal"u8, fault.IsFatal);
        json.WriteEndObject();
    }
}
