using System.Globalization;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace Kontor.Imports.Extracting;

/// <summary>The rows of one sheet of a workbook; dates as ISO 8601, numbers with a point.</summary>
sealed class XlsxReader(Stream workbook, RowForm form, IReadOnlyList<Field> fields) : RowReader
{
    IEnumerator<IDictionary<string, object?>>? rows;
    CellRow? row;
    long line;

    public override long At => line;

    public override ValueTask Start(CancellationToken stop)
    {
        rows = Open();
        var names = form.Columns;
        if (form.HasHeader)
        {
            if (!MoveOn())
                throw new FeedBrokenException("HEADER_MISSING", 1, "The sheet is empty.");
            names ??= [.. Cells().Select(cell => cell ?? "")];
        }
        Header = new(names ?? []);
        if (Header.Names.Count > Limits.Columns)
            throw new FeedBrokenException("HEADER_MISSING", 1, $"The sheet has more than {Limits.Columns} columns.");
        row = new(Header, Header.Places(fields));
        return ValueTask.CompletedTask;
    }

    public override ValueTask<FeedRow?> Next(CancellationToken stop)
    {
        while (MoveOn())
        {
            stop.ThrowIfCancellationRequested();
            var cells = Cells();
            if (cells.TrueForAll(cell => cell is null))
                continue;
            return new(row!.Set(line, cells)); // Start has run: Next is called behind it only.
        }
        return new((FeedRow?)null);
    }

    public override void Dispose()
    {
        rows?.Dispose();
        base.Dispose();
    }

    IEnumerator<IDictionary<string, object?>> Open()
    {
        try
        {
            var found = MiniExcel.Query(
                workbook,
                useHeaderRow: false,
                sheetName: form.Sheet,
                excelType: ExcelType.XLSX,
                configuration: new OpenXmlConfiguration { IgnoreEmptyRows = false, EnableSharedStringCache = true }
            );
            return found.Cast<IDictionary<string, object?>>().GetEnumerator();
        }
        catch (Exception broken) when (IsOfFile(broken))
        {
            throw Broken(broken);
        }
    }

    bool MoveOn()
    {
        try
        {
            line++;
            return rows!.MoveNext();
        }
        catch (Exception broken) when (IsOfFile(broken))
        {
            throw Broken(broken);
        }
    }

    /// <summary>What the package throws at what is no workbook is of many types; machinery (memory, cancellation, disk) is not
    /// among these.</summary>
    static bool IsOfFile(Exception thrown) =>
        thrown
            is InvalidDataException
                or System.Xml.XmlException
                or FormatException
                or InvalidOperationException
                or ArgumentException
                or NullReferenceException
                or KeyNotFoundException
                or IndexOutOfRangeException
                or OverflowException;

    FeedBrokenException Broken(Exception broken) =>
        new("FILE_MALFORMED", line, $"The workbook cannot be read: {broken.Message}", broken);

    List<string?> Cells() => [.. rows!.Current.Values.Select(Text)];

    static string? Text(object? cell) =>
        cell switch
        {
            null => null,
            string text => text.Length == 0 ? null : text,
            bool truth => truth ? "true" : "false",
            // A double's shortest form is the decimal that was typed, up to 15 digits.
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            DateTime day when day.TimeOfDay == TimeSpan.Zero => day.ToString(
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture
            ),
            DateTime moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => cell.ToString(),
        };
}
