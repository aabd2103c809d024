using System.Globalization;
using System.Text;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Imports;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>The rows of a file that an import kept out, as they were read: to be corrected, and imported with the same mapping.</summary>
static class DownloadRows
{
    public static void Map(IEndpointRouteBuilder imports) =>
        imports
            .MapGet("/{import}/quarantine/rows/{place}", Handle)
            .WithName("downloadImportRows")
            .WithSummary(
                "The rows of a file that did not come in, as NDJSON to correct and import again with the same mapping"
            )
            .RequireScope(Scopes.ImportsRun)
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
            .Refuses(Rejections.ImportNotFound);

    static async Task<IResult> Handle(string import, string place, CatalogDatabase database, CancellationToken stop)
    {
        if (
            !ImportView.IdOf(import).Is(out var id, out _)
            || !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        )
            return new Refusal(Rejections.ImportNotFound);
        var files = await RunTable.Files(database, id, stop);
        return files.FirstOrDefault(file => file.Place == at) is { } sent
            ? Results.Stream(
                body => Write(database, id, at, body, stop),
                "application/x-ndjson",
                Kontor.Imports.Quarantine.SourceOf(sent.Name) is null
                    ? sent.Name + Kontor.Imports.Quarantine.Ending
                    : sent.Name
            )
            : new Refusal(Rejections.ImportNotFound);
    }

    static async Task Write(CatalogDatabase database, Guid run, int file, System.IO.Stream body, CancellationToken stop)
    {
        await using var into = new Kontor.Imports.Quarantine(body);
        await using var find = database
            .Source.CreateCommand(
                """
                select line, field, value, code, message, hint, fatal, source from import_faults
                where run = $1 and file = $2 and step = $3 and source is not null order by line, at
                """
            )
            .With(run, file, StageFiles.Step);
        await using var reader = await find.ExecuteReaderAsync(stop);
        MappedRow? row = null;
        List<RowFault> faults = [];
        while (await reader.ReadAsync(stop))
        {
            var at = new RowAt(file, reader.GetInt64(0));
            var source = Encoding.UTF8.GetBytes(reader.GetString(7));
            if (row is null || row.At != at || !row.Source.Span.SequenceEqual(source))
            {
                await Kept();
                row = new(at, null, faults = [], source);
            }
            faults.Add(
                new(
                    at,
                    Text(reader, 1),
                    Text(reader, 2),
                    reader.GetString(3),
                    reader.GetString(4),
                    Text(reader, 5),
                    reader.GetBoolean(6)
                )
            );
        }
        await Kept();

        // A row that came in without one of its values is no row to correct here: it would come in twice.
        Task Kept() =>
            row is not null && faults.Any(fault => fault.IsFatal) ? into.Write(row, stop) : Task.CompletedTask;
    }

    static string? Text(Npgsql.NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
