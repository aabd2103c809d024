using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>Shows what an import did not take, page by page or as a file to correct.</summary>
static class ShowQuarantine
{
    const int AtOnce = 1_000;

    /// <param name="File">Which file of the import, from 0.</param>
    /// <param name="Fatal">The row, or the product, did not come in; otherwise it came in without this value.</param>
    public sealed record QuarantinedRow(
        int File,
        long Line,
        string? Key,
        string? Field,
        string? Value,
        string Code,
        string Message,
        string? Hint,
        bool Fatal,
        string? Source
    );

    public static void Map(IEndpointRouteBuilder imports)
    {
        imports
            .MapGet("/{import}/quarantine", Handle)
            .WithName("getImportQuarantine")
            .WithSummary("Shows what an import did not take, and why")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(Rejections.ImportNotFound, Refusals.InvalidCursor);
        imports
            .MapGet("/{import}/quarantine/download", HandleDownload)
            .WithName("downloadImportQuarantine")
            .WithSummary("The same as one file, CSV or NDJSON")
            .RequireScope(Scopes.ImportsRun)
            .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/x-ndjson")
            .Refuses(Rejections.ImportNotFound);
    }

    static async Task<Reply<IReadOnlyList<QuarantinedRow>>> Handle(
        string import,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null
    )
    {
        if (!ImportView.IdOf(import).Is(out var id, out var none))
            return none;
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var place = 0L;
        if (last.Length > 0 && !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out place))
            return Refusals.InvalidCursor;
        if (await RunTable.Find(database, id, stop) is null)
            return Rejections.ImportNotFound;
        Result<Page<(long Id, QuarantinedRow Row)>> page = (await Page(database, id, place, limit + 1, stop)).ToPage(
            limit,
            one => one.Id.ToString(CultureInfo.InvariantCulture)
        );
        return page.Is(out var found, out var wrong)
            ? Reply<IReadOnlyList<QuarantinedRow>>.Of([.. found.Items.Select(one => one.Row)], next: found.Next)
            : wrong;
    }

    static async Task<IResult> HandleDownload(
        string import,
        CatalogDatabase database,
        CancellationToken stop,
        [AllowedValues("csv", "ndjson")] string format = "csv"
    )
    {
        if (!ImportView.IdOf(import).Is(out var id, out var none))
            return new Refusal(none);
        if (await RunTable.Find(database, id, stop) is null)
            return new Refusal(Rejections.ImportNotFound);
        return Results.Stream(
            body => Write(database, id, format == "csv", body, stop),
            format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
            $"quarantine-{id}.{format}"
        );
    }

    static async Task Write(
        CatalogDatabase database,
        Guid run,
        bool isCsv,
        System.IO.Stream body,
        CancellationToken stop
    )
    {
        if (isCsv)
            await body.WriteAsync("file,line,key,field,value,code,message,hint,fatal,source\r\n"u8.ToArray(), stop);
        for (var last = 0L; await Page(database, run, last, AtOnce, stop) is { Count: > 0 } rows; last = rows[^1].Id)
            foreach (var (_, row) in rows)
                await body.WriteAsync(
                    isCsv
                        ? Encoding.UTF8.GetBytes(Csv(row))
                        : [.. JsonSerializer.SerializeToUtf8Bytes(row, KontorJson.Options), (byte)'\n'],
                    stop
                );
    }

    internal static string Csv(QuarantinedRow row) =>
        string.Join(
            ',',
            (
                (string?[])
                    [
                        row.File.ToString(CultureInfo.InvariantCulture),
                        row.Line.ToString(CultureInfo.InvariantCulture),
                        row.Key,
                        row.Field,
                        row.Value,
                        row.Code,
                        row.Message,
                        row.Hint,
                        row.Fatal ? "true" : "false",
                        row.Source,
                    ]
            ).Select(Cell)
        ) + "\r\n";

    /// <summary>A supplier's text must not be a formula where somebody opens the file in a spreadsheet.</summary>
    static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        return $"\"{Kontor.Imports.Cells.Quoted(text).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    static async Task<IReadOnlyList<(long Id, QuarantinedRow Row)>> Page(
        CatalogDatabase database,
        Guid run,
        long after,
        int limit,
        CancellationToken stop
    )
    {
        var rows = await Quarantine.Page(
            database.Source.CreateCommand(Quarantine.PageSql).With(run, after, limit),
            stop
        );
        return
        [
            .. rows.Select(one =>
                (
                    one.Id,
                    new QuarantinedRow(
                        one.Row.At.File,
                        one.Row.At.Line,
                        one.Row.Key,
                        one.Row.Field,
                        one.Row.Value,
                        one.Row.Code,
                        one.Row.Message,
                        one.Row.Hint,
                        one.Row.IsFatal,
                        one.Row.Source
                    )
                )
            ),
        ];
    }
}
