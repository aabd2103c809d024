using System.Runtime.CompilerServices;
using Sylvan.Data.Csv;

namespace Kontor.Catalog.Imports;

/// <summary>Delimited text: quotes around fields, doubled inside; line ends of either kind, inside quotes too.</summary>
sealed class CsvFeed : Feed
{
    readonly CsvDataReader? rows;
    readonly int[] ordinals;
    readonly List<string> missing = [];

    CsvFeed(FileStream file, TextReader text, CsvDataReader? rows, ImportMap map)
        : base(file, text)
    {
        this.rows = rows;
        Header = rows is null ? [] : Enumerable.Range(0, rows.FieldCount).Select(i => rows.GetName(i).Trim()).ToList();
        ordinals = [.. map.Columns.Select(column => Header.IndexOf(column))];
        missing.AddRange(map.Columns.Where((_, i) => ordinals[i] < 0));
    }

    public override IReadOnlyCollection<string> NeverSeen => missing;

    /// <summary>The columns that the file has, as its first line names them.</summary>
    public List<string> Header { get; }

    public static async Task<CsvFeed> Open(FileStream file, TextReader text, ImportMap map, CancellationToken stop)
    {
        var options = new CsvDataReaderOptions
        {
            Delimiter = map.Delimiter,
            HasHeaders = true,
            BufferSize = 64 * 1024,
            MaxBufferSize = MaxRow,
        };
        try
        {
            return new(file, text, await CsvDataReader.CreateAsync(text, options, stop), map);
        }
        catch (CsvMissingHeadersException)
        {
            return new(file, text, null, map);
        }
        catch (Exception broken) when (broken is FormatException or InvalidDataException)
        {
            throw new FeedBrokenException(1, Reason(broken), broken);
        }
    }

    public override async IAsyncEnumerable<FeedRow> Rows([EnumeratorCancellation] CancellationToken stop)
    {
        if (rows is null)
            yield break;
        for (var (line, lines) = (2L, 0L); await Next(rows, line, stop); line += lines)
        {
            lines = Math.Max(1, rows.GetRawRecordSpan().Count('\n'));
            if (rows.RowFieldCount == rows.FieldCount)
                yield return new(line, [.. ordinals.Select(rows.GetString)]);
            else if (rows.RowFieldCount > 1 || rows.GetString(0).Length > 0) // A blank line is no row.
                yield return new(
                    line,
                    [],
                    RowFaults.Malformed.Because(
                        $"{rows.FieldCount} fields are expected, {rows.RowFieldCount} are there."
                    )
                );
        }
    }

    static async Task<bool> Next(CsvDataReader rows, long line, CancellationToken stop)
    {
        try
        {
            return await rows.ReadAsync(stop);
        }
        catch (Exception broken) when (broken is FormatException or InvalidDataException)
        {
            throw new FeedBrokenException(line, Reason(broken), broken);
        }
    }

    static string Reason(Exception broken) =>
        broken switch
        {
            CsvRecordTooLargeException => $"a row is longer than {MaxRow} characters; perhaps a quote is never closed.",
            CsvFormatException => "a quoted field is not closed, or something follows its closing quote.",
            InvalidDataException => "the compressed file is damaged, cut off or several archives in one.",
            _ => "it is not delimited text of this form.",
        };

    public override async ValueTask DisposeAsync()
    {
        if (rows is not null)
            await rows.DisposeAsync();
        await base.DisposeAsync();
    }
}
