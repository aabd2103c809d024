using System.Text;
using System.Text.Json;

namespace Kontor.Imports.Extracting;

/// <summary>What is told of a file's form beforehand; what is left out is found out.</summary>
/// <param name="Quote">Empty: quotes are text like any other.</param>
sealed record FormWanted(
    FeedFormat? Format = null,
    char? Delimiter = null,
    string? Quote = null,
    string? Encoding = null,
    bool? HasHeader = null,
    IReadOnlyList<string>? Columns = null,
    string? Rows = null,
    string? Sheet = null
);

/// <summary>A file that is unpacked, and whose form and encoding are known.</summary>
/// <param name="Utf8">Its content, in UTF-8 whatever it was.</param>
sealed record OpenedFile(Unpacked File, Stream Utf8, RowForm Form, string Encoding, string? Doubt) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Utf8.DisposeAsync();
        await File.DisposeAsync();
    }

    public RowReader Rows(IReadOnlyList<Field> fields) => RowReader.Of(File, Utf8, Form, fields);

    public static async Task<OpenedFile> Open(
        string name,
        Stream source,
        FormWanted wanted,
        Action<int> count,
        CancellationToken stop
    )
    {
        var file = await Unpacked.Of(name, source, count, stop);
        if (file.Workbook is not null)
            return new(file, Stream.Null, FormOf(FeedFormat.Xlsx, default, wanted, true), "utf-8", null);
        if (file.Sample.IsEmpty)
            throw new FeedBrokenException("FILE_EMPTY", 0, "The file is empty.");
        var encoding = wanted.Encoding ?? Encodings.Detect(file.Sample.Span);
        var isUtf8 = encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        var of =
            Encodings.Of(encoding)
            ?? throw new FeedBrokenException("ENCODING_UNKNOWN", 0, $"'{encoding}' is no encoding.");
        var isXml = (wanted.Format ?? FormatOf(file.Sample.Span, wanted)) == FeedFormat.Xml;
        // XML names its encoding itself, and its reader follows it.
        var utf8 =
            isUtf8 || (isXml && wanted.Encoding is null)
                ? file.Content
                : System.Text.Encoding.CreateTranscodingStream(file.Content, of, new UTF8Encoding(false));
        var sample = isUtf8 ? file.Sample.Span : new UTF8Encoding(false).GetBytes(of.GetString(file.Sample.Span));
        if (sample is [0xef, 0xbb, 0xbf, ..])
            sample = sample[3..];
        var format = wanted.Format ?? FormatOf(sample, wanted);
        return new(
            file,
            utf8,
            FormOf(format, sample, wanted, file.Sample.Length < Limits.SampleBytes),
            encoding,
            DoubtOf(wanted, file.Sample.Span)
        );
    }

    static RowForm FormOf(FeedFormat format, ReadOnlySpan<byte> sample, FormWanted wanted, bool isComplete)
    {
        byte? quote = wanted.Quote switch
        {
            null => (byte)'"',
            "" => null,
            var sign => (byte)sign[0],
        };
        byte? delimiter = wanted.Delimiter is { } told ? (byte)told : null;
        var dialect = format == FeedFormat.Csv ? Dialect.Detect(sample, delimiter, quote, isComplete) : new(0, null);
        return new(
            format,
            dialect,
            wanted.HasHeader ?? wanted.Columns is null,
            wanted.Columns,
            wanted.Rows,
            wanted.Sheet
        );
    }

    static FeedFormat FormatOf(ReadOnlySpan<byte> sample, FormWanted wanted)
    {
        var start = sample.TrimStart(" \t\r\n\uFEFF"u8);
        // In UTF-16 each sign is followed, or led, by a 0.
        start = start.TrimStart("\0\u00ff\u00fe"u8);
        if (start.IsEmpty || wanted.Delimiter is not null)
            return FeedFormat.Csv;
        if (start[0] == '<')
            return FeedFormat.Xml;
        if (start[0] == '[')
            return FeedFormat.Json;
        if (start[0] != '{')
            return FeedFormat.Csv;
        var end = start.IndexOf((byte)'\n');
        return wanted.Rows is null && IsObject(end < 0 ? start : start[..end]) ? FeedFormat.Ndjson : FeedFormat.Json;
    }

    static bool IsObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Text in UTF-8 that is read as something else becomes garbage without any fault: that is worth a word.</summary>
    static string? DoubtOf(FormWanted wanted, ReadOnlySpan<byte> sample) =>
        wanted.Encoding is { } told
        && !told.StartsWith("utf", StringComparison.OrdinalIgnoreCase)
        && sample.ContainsAnyInRange((byte)0x80, (byte)0xff)
        && Encodings.IsUtf8(sample)
            ? $"The mapping says {told}, but the file looks like UTF-8."
            : null;
}
