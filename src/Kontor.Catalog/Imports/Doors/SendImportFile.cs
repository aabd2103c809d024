using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>Takes a file of an import as it comes, whatever its size up to the limit; the same place again replaces it.</summary>
static class SendImportFile
{
    public static void Map(IEndpointRouteBuilder imports) =>
        imports
            .MapPut("/{import}/files/{place}", Handle)
            .WithName("sendImportFile")
            .WithSummary(
                "Takes a file of an import: the body, at most 2 GiB; {place} counts from 0, in the mapping's order"
            )
            .RequireScope(Scopes.ImportsRun)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.ImportNotFound,
                Rejections.ImportStateDiffers,
                Rejections.ImportFileTooLarge
            );

    static async Task<Reply<ImportView>> Handle(
        string import,
        string place,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [StringLength(200)] string? name = null
    )
    {
        if (!ImportView.IdOf(import).Is(out var id, out var none))
            return none;
        if (
            !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at >= ReceivedFiles.MostFiles
        )
            return Refusals.ValidationFailed.At("place", $"0 to {ReceivedFiles.MostFiles - 1}.");
        if (await RunTable.Find(database, id, stop) is not { } run)
            return Rejections.ImportNotFound;
        if (run.State != ImportState.Receiving)
            return Rejections.ImportStateDiffers.Because($"It is {run.State.Word}.");
        if (http.Request.ContentLength > ReceivedFiles.MaxBytes)
            return Rejections.ImportFileTooLarge;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = ReceivedFiles.MaxBytes + 1;
        return await ReceivedFiles.Receive(database, id, (at, name ?? place), http.Request.Body, stop) is { } refused
            ? refused
            : ImportView.Of(run, await RunTable.Files(database, id, stop));
    }
}
