using System.Text;
using System.Text.Json;

namespace Kontor.Imports.Extracting;

/// <summary>The columns of a flat form, in order.</summary>
sealed class Header
{
    readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);

    public Header(IReadOnlyList<string> names)
    {
        Names = [.. names.Select((name, i) => name.Trim() is { Length: > 0 } told ? told : $"column {i + 1}")];
        for (var i = 0; i < Names.Count; i++)
            ordinals.TryAdd(Names[i], i); // Of two columns with one name the first counts.
    }

    public IReadOnlyList<string> Names { get; }

    public int Find(string name) => ordinals.GetValueOrDefault(name, -1);

    /// <summary>Where each field stands, by its index; below 0 where nowhere.</summary>
    public int[] Places(IReadOnlyList<Field> fields) => [.. fields.Select(field => Find(field.Steps[0].Name))];
}

/// <summary>A row of delimited text. Its fields become text only where they are asked for.</summary>
sealed class DelimitedRow(Header header, int[] places) : FeedRow
{
    DelimitedRecord record = new();
    ReadOnlyMemory<byte> bytes;

    public override IEnumerable<string> Names => header.Names;

    public DelimitedRow Set(long line, DelimitedRecord fields, ReadOnlyMemory<byte> whole)
    {
        (Line, record, bytes) = (line, fields, whole);
        return this;
    }

    public override string? Text(Field field) => At(places[field.Index]);

    public override string? TextOf(string name) => At(header.Find(name));

    public override void AddAll(Field field, List<string> values)
    {
        if (Text(field) is { } value)
            values.Add(value);
    }

    public override IEnumerable<FeedRow> Each(Field field) => [];

    public override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (var i = 0; i < Math.Min(header.Names.Count, record.FieldCount); i++)
            json.WriteString(header.Names[i], Raw(record, i, bytes.Span));
        json.WriteEndObject();
    }

    string? At(int place)
    {
        if (place < 0 || place >= record.FieldCount)
            return null;
        var (_, length, _) = record[place];
        return length == 0 ? null : Whole(Raw(record, place, bytes.Span));
    }

    /// <summary>The text of a field; bytes that are none become U+FFFD.</summary>
    public static string Raw(DelimitedRecord record, int place, ReadOnlySpan<byte> bytes)
    {
        var (start, length, hasDoubled) = record[place];
        var text = Encoding.UTF8.GetString(bytes.Slice(start, length));
        return hasDoubled ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }
}

/// <summary>A row whose cells are text already: of a workbook.</summary>
sealed class CellRow(Header header, int[] places) : FeedRow
{
    IReadOnlyList<string?> cells = [];

    public override IEnumerable<string> Names => header.Names;

    public CellRow Set(long line, IReadOnlyList<string?> values)
    {
        (Line, cells) = (line, values);
        return this;
    }

    public override string? Text(Field field) => At(places[field.Index]);

    public override string? TextOf(string name) => At(header.Find(name));

    public override void AddAll(Field field, List<string> values)
    {
        if (Text(field) is { } value)
            values.Add(value);
    }

    public override IEnumerable<FeedRow> Each(Field field) => [];

    public override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (var i = 0; i < header.Names.Count; i++)
            json.WriteString(header.Names[i], i < cells.Count ? cells[i] ?? "" : "");
        json.WriteEndObject();
    }

    string? At(int place) => place < 0 || place >= cells.Count ? null : Whole(cells[place]);
}
