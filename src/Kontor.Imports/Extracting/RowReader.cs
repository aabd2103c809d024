namespace Kontor.Imports.Extracting;

/// <summary>What is told to a reader of rows.</summary>
/// <param name="HasHeader">Of flat forms: their first row names the columns.</param>
/// <param name="Columns">Of flat forms without a header.</param>
/// <param name="Path">Of nested forms: where the rows stand.</param>
/// <param name="Sheet">Of a workbook; its first where left out.</param>
sealed record RowForm(
    FeedFormat Format,
    Dialect Dialect,
    bool HasHeader,
    IReadOnlyList<string>? Columns,
    string? Path,
    string? Sheet
);

/// <summary>Reads the rows of one file, from front to back, with flat memory.</summary>
/// <remarks>What ends the file early is thrown; see <see cref="FeedBrokenException.Of"/>.</remarks>
abstract class RowReader : IDisposable
{
    /// <summary>The columns of a flat form; null of a nested one. Known after <see cref="Start"/>.</summary>
    public Header? Header { get; protected set; }

    /// <summary>The line, or row, that was begun last.</summary>
    public abstract long At { get; }

    public abstract ValueTask Start(CancellationToken stop);

    public virtual void Dispose() { }

    /// <summary>The next row, valid until the next call; null at the end.</summary>
    public abstract ValueTask<FeedRow?> Next(CancellationToken stop);

    public static RowReader Of(Unpacked file, Stream utf8, RowForm form, IReadOnlyList<Field> fields) =>
        form.Format switch
        {
            FeedFormat.Csv => new DelimitedReader(utf8, form, fields),
            FeedFormat.Ndjson => new NdjsonReader(utf8),
            FeedFormat.Json => new JsonReader(utf8, form.Path),
            FeedFormat.Xml => new XmlRowReader(utf8, form.Path),
            _ => new XlsxReader(
                file.Workbook ?? throw new FeedBrokenException("FILE_MALFORMED", 0, "The file is no XLSX workbook."),
                form,
                fields
            ),
        };
}

/// <summary>The form of a file, whatever it is packed in.</summary>
public enum FeedFormat
{
    /// <summary>Delimited text: comma, semicolon, tab, pipe or another sign.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>A JSON document with an array of rows in it.</summary>
    Json,
    Xml,
    Xlsx,
}
