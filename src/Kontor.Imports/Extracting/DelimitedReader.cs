using System.Text;

namespace Kontor.Imports.Extracting;

/// <summary>Delimited text in UTF-8: quotes around fields, doubled inside; line ends of either kind, inside quotes too.</summary>
/// <remarks>
/// A row whose quotes do not match is refused alone: reading goes on behind its first line where a quote is never closed, behind
/// the line of the fault where something stands behind a closing quote.
/// </remarks>
sealed class DelimitedReader(Stream utf8, RowForm form, IReadOnlyList<Field> fields) : RowReader
{
    readonly ByteWindow window = new(utf8, Limits.RowBytes);
    readonly DelimitedRecord record = new();
    readonly Dialect dialect = form.Dialect;
    DelimitedRow? row;
    long line = 1;
    int openQuotes;

    public override long At => line;

    public override async ValueTask Start(CancellationToken stop)
    {
        await window.SkipMark(stop);
        var names = form.Columns;
        if (form.HasHeader)
        {
            if (await Read(stop) is { } broken)
                throw new FeedBrokenException("HEADER_MISSING", 1, $"The header cannot be read: {broken.Message}");
            if (record.FieldCount > Limits.Columns)
                throw new FeedBrokenException(
                    "HEADER_MISSING",
                    1,
                    $"The header has more than {Limits.Columns} columns."
                );
            var found = Enumerable.Range(0, record.FieldCount).Select(i => DelimitedRow.Raw(record, i, window.Unread));
            names ??= [.. found];
            Take();
        }
        Header = new(names ?? []);
        row = new(Header, Header.Places(fields));
    }

    public override async ValueTask<FeedRow?> Next(CancellationToken stop)
    {
        window.Take(pending);
        (line, pending) = (line + pendingLines, 0);
        pendingLines = 0;
        while (true)
        {
            if (window.Unread.IsEmpty && !await window.More(stop))
                return null;
            if (await Read(stop) is { } broken)
                return new BrokenRow(broken.Line, new(broken.Code, broken.Message, broken.Hint, broken.Raw));
            if (IsBlank())
            {
                Take();
                continue;
            }
            return Whole();
        }
    }

    int pending;
    int pendingLines;

    FeedRow Whole()
    {
        var header = Header!.Names.Count; // Start has run: Next is called behind it only.
        (pending, pendingLines) = (record.Length, LinesOf(record.Length));
        var surplus = record.FieldCount - header;
        for (var i = header; surplus > 0 && i < Math.Min(record.FieldCount, Limits.Columns); i++)
            if (record[i].Length == 0)
                surplus--;
        if (surplus == 0 || (surplus < 0 && form.Format != FeedFormat.Csv))
            return row!.Set(line, record, window.UnreadMemory[..record.Length]);
        return new BrokenRow(
            line,
            new(
                record.FieldCount > Limits.Columns ? "TOO_MANY_COLUMNS" : "ROW_MALFORMED",
                $"{header} fields are expected, {record.FieldCount} are there.",
                "Look for a delimiter inside a value: a value that has one stands in quotes.",
                Raw(record.Length)
            )
        );
    }

    /// <summary>A line without anything is no row.</summary>
    bool IsBlank() => record.FieldCount == 1 && window.Unread[..record.Length].Trim(" \t\r\n"u8).IsEmpty;

    sealed record Refused(long Line, string Code, string Message, string Hint, string Raw);

    /// <summary>Reads the record that begins here; where it is none, says why and goes behind it.</summary>
    async ValueTask<Refused?> Read(CancellationToken stop)
    {
        while (true)
        {
            var state = record.Read(window.Unread, dialect, window.HasEnded && !window.Unread.IsEmpty);
            if (state == RecordState.Whole)
                return null;
            if (state == RecordState.BadQuote)
                return await Skip(
                    behind: record[Math.Min(record.FieldCount, Limits.Columns) - 1] is var (start, length, _)
                        ? start + length + 1
                        : 0,
                    "QUOTE_UNEXPECTED",
                    "Something stands behind a closing quote.",
                    "A quote inside a quoted value is doubled; where quotes are no quotes in this file, say \"quote\": \"\" in its dialect.",
                    stop
                );
            if (await window.More(stop))
                continue;
            if (window.HasEnded && !record.IsInQuotes)
                continue;
            if (!record.IsInQuotes)
                return await Skip(
                    0,
                    "ROW_TOO_LONG",
                    $"A row has at most {Limits.RowBytes} bytes.",
                    "Look for missing line ends.",
                    stop
                );
            if (++openQuotes > Limits.OpenQuotes)
                throw new FeedBrokenException(
                    "QUOTE_OPEN",
                    line,
                    $"More than {Limits.OpenQuotes} quotes are never closed; say \"quote\": \"\" in the dialect if quotes are no quotes here."
                );
            return await Skip(
                0,
                "QUOTE_OPEN",
                "A quote is never closed.",
                "A quote inside a quoted value is doubled.",
                stop
            );
        }
    }

    /// <summary>Goes behind the next line end from a place on, in bounded memory however far it is.</summary>
    async ValueTask<Refused> Skip(int behind, string code, string message, string hint, CancellationToken stop)
    {
        var refused = new Refused(line, code, message, hint, Raw(Math.Min(window.Unread.Length, 4 * RowBreak.MaxRaw)));
        for (var from = Math.Min(behind, window.Unread.Length); ; from = 0)
        {
            var at = window.Unread[from..].IndexOf(dialect.LineEnd);
            if (at >= 0)
            {
                Take(from + at + 1);
                return refused;
            }
            Take(window.Unread.Length);
            if (!await window.More(stop))
                return refused;
        }
    }

    void Take() => Take(record.Length);

    void Take(int count)
    {
        line += LinesOf(count);
        window.Take(count);
    }

    int LinesOf(int count) => window.Unread[..count].Count(dialect.LineEnd);

    string Raw(int count)
    {
        var text = Encoding.UTF8.GetString(window.Unread[..Math.Min(count, 4 * RowBreak.MaxRaw)]).TrimEnd();
        return text.Length <= RowBreak.MaxRaw ? text : text[..RowBreak.MaxRaw];
    }
}
