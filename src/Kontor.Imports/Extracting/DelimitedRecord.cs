namespace Kontor.Imports.Extracting;

enum RecordState
{
    Whole,

    /// <summary>It goes on behind what is there.</summary>
    Cut,

    /// <summary>Something stands between a closing quote and the next delimiter.</summary>
    BadQuote,
}

/// <summary>Where the fields of one record stand. Fields beyond <see cref="Limits.Columns"/> are counted, not kept.</summary>
/// <remarks>
/// Written here, not taken from a package: those that were looked at end a file at its first stray quote, and keep a place for
/// each of ten million columns.
/// </remarks>
sealed class DelimitedRecord
{
    (int Start, int Length, bool HasDoubled)[] fields = new (int, int, bool)[64];

    public int FieldCount { get; private set; }

    /// <summary>Bytes with the line end.</summary>
    public int Length { get; private set; }

    /// <summary>It was cut inside quotes.</summary>
    public bool IsInQuotes { get; private set; }

    public (int Start, int Length, bool HasDoubled) this[int field] => fields[field];

    public RecordState Read(ReadOnlySpan<byte> text, Dialect dialect, bool isLast)
    {
        (FieldCount, Length, IsInQuotes) = (0, 0, false);
        for (var at = 0; ; )
        {
            int end;
            if (dialect.Quote is { } quote && at < text.Length && text[at] == quote)
            {
                var closed = Close(text, at + 1, quote, out var hasDoubled);
                if (closed < 0)
                {
                    IsInQuotes = true;
                    return RecordState.Cut;
                }
                Add(at + 1, closed - at - 1, hasDoubled);
                end = SkipBlanks(text, closed + 1, dialect);
                if (end < text.Length && text[end] != dialect.Delimiter && !IsEnd(text, end, dialect))
                    return RecordState.BadQuote;
            }
            else
            {
                var length = text[at..].IndexOfAny(dialect.Delimiter, dialect.LineEnd);
                end = length < 0 ? text.Length : at + length;
                Add(at, WithoutReturn(text, at, end, dialect) - at, false);
            }
            if (end >= text.Length)
            {
                Length = text.Length;
                return isLast ? RecordState.Whole : RecordState.Cut;
            }
            if (text[end] != dialect.Delimiter)
            {
                Length = text[end] == dialect.LineEnd ? end + 1 : end + 2;
                return RecordState.Whole;
            }
            at = end + 1;
        }
    }

    /// <summary>Where the closing quote stands; below 0 where there is none.</summary>
    static int Close(ReadOnlySpan<byte> text, int at, byte quote, out bool hasDoubled)
    {
        for (hasDoubled = false; ; at += 2)
        {
            var length = text[at..].IndexOf(quote);
            if (length < 0)
                return -1;
            at += length;
            if (at + 1 >= text.Length || text[at + 1] != quote)
                return at;
            hasDoubled = true;
        }
    }

    /// <summary>Files padded by hand have blanks between a closing quote and the delimiter.</summary>
    static int SkipBlanks(ReadOnlySpan<byte> text, int at, Dialect dialect)
    {
        while (at < text.Length && text[at] == ' ' && dialect.Delimiter != ' ')
            at++;
        return at;
    }

    static bool IsEnd(ReadOnlySpan<byte> text, int at, Dialect dialect) =>
        text[at] == dialect.LineEnd || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] == '\n'));

    static int WithoutReturn(ReadOnlySpan<byte> text, int start, int end, Dialect dialect) =>
        end > start && text[end - 1] == '\r' && dialect.LineEnd == '\n' && (end == text.Length || text[end] == '\n')
            ? end - 1
            : end;

    void Add(int start, int length, bool hasDoubled)
    {
        if (FieldCount < Limits.Columns)
        {
            if (FieldCount == fields.Length)
                Array.Resize(ref fields, fields.Length * 2);
            fields[FieldCount] = (start, length, hasDoubled);
        }
        FieldCount++;
    }
}
