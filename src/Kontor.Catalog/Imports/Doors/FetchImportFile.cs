using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Schedules;
using Kontor.Catalog.Imports.Staging;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Kontor.Platform.Outside;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>Takes a file of an import from an address.</summary>
static class FetchImportFile
{
    /// <param name="Address">An https address in the public internet.</param>
    public sealed record Request([property: Required, StringLength(2_000)] string Address);

    public static void Map(IEndpointRouteBuilder imports) =>
        imports
            .MapPost("/{import}/files/{place}/fetch", Handle)
            .WithName("fetchImportFile")
            .WithSummary("Takes a file of an import from an https address, at most 2 GiB")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.ImportNotFound,
                Rejections.ImportStateDiffers,
                Rejections.ImportFileTooLarge,
                Rejections.ImportNotFetched
            );

    static async Task<Reply<ImportView>> Handle(
        string import,
        string place,
        Request wanted,
        CatalogDatabase database,
        OutsideDoor outside,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (!ImportView.IdOf(import).Is(out var id, out var none))
            return none;
        if (
            !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at >= ReceivedFiles.MostFiles
        )
            return Refusals.ValidationFailed.At("place", $"0 to {ReceivedFiles.MostFiles - 1}.");
        if (OutsideDoor.Fault(wanted.Address) is { } fault)
            return Refusals.ValidationFailed.At("address", fault);
        if (await RunTable.Find(database, id, stop) is not { } run)
            return Rejections.ImportNotFound;
        if (run.State != ImportState.Receiving)
            return Rejections.ImportStateDiffers.Because($"It is {run.State.Word}.");
        try
        {
            // Not as it was seen: there is always a file, or a reason.
            await using var file = await FetchedFile.Of(outside, wanted.Address, null, clock, stop);
            return
                file is not null
                && await ReceivedFiles.Receive(database, id, (at, file.Name), file.Bytes, stop) is { } refused
                ? refused
                : ImportView.Of(run, await RunTable.Files(database, id, stop));
        }
        catch (OutsideException failed)
        {
            return Rejections.ImportNotFetched.Because($"{failed.Code}: {failed.Message}");
        }
    }
}
