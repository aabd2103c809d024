using System.Text;
using System.Text.Json;
using Kontor.Catalog.Options;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Http;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace Kontor.Catalog.Exports;

/// <summary>What is to be written out.</summary>
/// <param name="Type">Only products of this type; null: of all.</param>
/// <param name="Category">Only products that stand in it; null: all.</param>
/// <param name="Google">What a feed for Google says beside; only for that form.</param>
public sealed record ExportWanted(
    ExportFormat Format,
    string? Type = null,
    string? Category = null,
    GoogleTerms? Google = null
);

/// <summary>In which form.</summary>
public enum ExportFormat
{
    /// <summary>A line of JSON for each product, as POST takes it.</summary>
    Ndjson,

    /// <summary>A row for each variant.</summary>
    Csv,

    /// <summary>The same as a workbook.</summary>
    Xlsx,

    /// <summary>A feed for the Google Merchant Center: RSS 2.0.</summary>
    Google,
}

/// <summary>Writes the catalogue out as it is at one moment, in memory that does not grow with it.</summary>
public sealed class ProductExport(CatalogDatabase database)
{
    /// <summary>What a cell of a workbook holds.</summary>
    const int MaxCell = 32_767;

    const int FlushedAt = 64 * 1024;

    /// <summary>The mapping file that reads an export back; one of a part is no sign that the rest is gone.</summary>
    public static string MappingOf(ExportFormat format) =>
        format == ExportFormat.Ndjson
            ? """{ "supplier": "export", "maxLossPercent": 100 }"""
            : $$"""{ "supplier": "export", "maxLossPercent": 100, "files": [{ "format": "{{Word(format)}}", "product": "exported" }] }""";

    public static string Word(ExportFormat format) => JsonNamingPolicy.CamelCase.ConvertName(format.ToString());

    public static (string ContentType, string Ending) FileOf(ExportFormat format) =>
        format switch
        {
            ExportFormat.Ndjson => ("application/x-ndjson", "ndjson"),
            ExportFormat.Csv => ("text/csv; charset=utf-8", "csv"),
            ExportFormat.Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            _ => ("application/rss+xml", "xml"),
        };

    /// <summary>The rule: Google's feed needs more than the catalogue has.</summary>
    public static Result<ExportWanted> Wanted(
        ExportFormat format,
        string? type,
        string? category,
        (string? Currency, string? Link, string? Images) google
    )
    {
        if (format != ExportFormat.Google)
            return new ExportWanted(format, type, category);
        var terms = new GoogleTerms(google.Currency ?? "", google.Link ?? "", google.Images ?? "");
        var faults = terms.Faults().ToDictionary(one => one.Path, one => new[] { one.Reason }, StringComparer.Ordinal);
        return faults.Count > 0
            ? Refusals.ValidationFailed with
            {
                Errors = faults,
            }
            : new ExportWanted(format, type, category, terms);
    }

    /// <summary>Writes it. What is beyond the limits of a form is refused before the first byte.</summary>
    public async Task<Rejection?> Write(ExportWanted wanted, Func<System.IO.Stream> open, CancellationToken stop)
    {
        await using var snapshot = await ExportSnapshot.Open(database, wanted, stop);
        if (wanted.Format == ExportFormat.Google)
            await GoogleFeed.Write(snapshot, wanted.Google!, open(), stop);
        else if (wanted.Format == ExportFormat.Ndjson)
            await Lines(snapshot, open(), stop);
        else if (await snapshot.Columns(stop) is var columns && columns.Names.Count > ExportColumns.Most)
            return Rejections.ExportTooWide;
        else if (wanted.Format == ExportFormat.Csv)
            await Csv(snapshot, columns, open(), stop);
        else
            await Xlsx(snapshot, columns, open(), stop);
        return null;
    }

    static async Task Lines(ExportSnapshot snapshot, System.IO.Stream into, CancellationToken stop)
    {
        await foreach (var product in snapshot.Read(PriceContext.Base, stop))
        {
            await into.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(Line.Of(product), KontorJson.Options), stop);
            await into.WriteAsync("\n"u8.ToArray(), stop);
        }
    }

    /// <summary>With a byte order mark, by which spreadsheets know UTF-8.</summary>
    static async Task Csv(ExportSnapshot snapshot, ExportColumns columns, System.IO.Stream into, CancellationToken stop)
    {
        var text = new StringBuilder("\uFEFF").AppendJoin(',', columns.Names).Append("\r\n");
        await foreach (var product in snapshot.Read(PriceContext.Base, stop))
        foreach (var row in columns.Rows(product))
        {
            text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
            if (text.Length > FlushedAt)
                await Flush();
        }
        await Flush();

        async Task Flush()
        {
            await into.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), stop);
            text.Clear();
        }
    }

    static string Cell(string? text) =>
        text is null ? ""
        : text.AsSpan().ContainsAny(",\"\r\n;") || text[0] is ' ' or '\'' || char.IsWhiteSpace(text[^1])
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;

    /// <summary>By way of a file: a workbook is written with looks back, and not by who must not block.</summary>
    static async Task Xlsx(
        ExportSnapshot snapshot,
        ExportColumns columns,
        System.IO.Stream into,
        CancellationToken stop
    )
    {
        var path = Path.Combine(Path.GetTempPath(), $"kontor-export-{Path.GetRandomFileName()}");
        await using var book = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            FlushedAt,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous
        );
        await MiniExcel.SaveAsAsync(
            book,
            Sheet(),
            sheetName: "products",
            configuration: new OpenXmlConfiguration { TableStyles = TableStyles.None, EnableConvertByteArray = false },
            cancellationToken: stop
        );
        book.Position = 0;
        await book.CopyToAsync(into, stop);

        async IAsyncEnumerable<IDictionary<string, object?>> Sheet()
        {
            await foreach (var product in snapshot.Read(PriceContext.Base, stop))
            foreach (var row in columns.Rows(product))
                yield return columns
                    .Names.Zip(row)
                    .ToDictionary(
                        cell => cell.First,
                        cell => cell.Second is { Length: <= MaxCell } text ? (object)text : null,
                        StringComparer.Ordinal
                    );
        }
    }

    /// <summary>A product as POST /api/v1/products takes it.</summary>
    sealed record Line(
        string Key,
        string Type,
        string Title,
        string Slug,
        string? Description,
        IReadOnlyList<string> Categories,
        IReadOnlyDictionary<string, JsonElement> Attributes,
        ProductPublication? Publication,
        string? Body,
        Seo? Seo,
        IReadOnlyDictionary<string, Translation>? Translations,
        IReadOnlyList<ProductOption> Options,
        IReadOnlyList<VariantRequest> Variants
    )
    {
        public static Line Of(ExportedProduct product)
        {
            var view = product.View;
            return new(
                view.Key,
                view.Type,
                view.Title,
                view.Slug,
                view.Description,
                view.Categories,
                view.Attributes,
                view.Publication,
                view.Body,
                view.Seo,
                view.Translations,
                view.Options,
                [
                    .. view.Variants.Select(variant => new VariantRequest(
                        variant.Sku,
                        variant.Prices,
                        product.OnHand.TryGetValue(variant.Sku, out var pieces) ? pieces : null,
                        variant.Attributes,
                        variant.Options is { Count: > 0 } options ? options : null
                    )),
                ]
            );
        }
    }
}
