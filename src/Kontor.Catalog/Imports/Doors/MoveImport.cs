using Kontor.Catalog.Imports.Loading;
using Kontor.Catalog.Imports.Plans;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>What a person says to an import: start, approve, cancel, undo. A worker does the rest.</summary>
static class MoveImport
{
    public enum Word
    {
        /// <summary>All files are there.</summary>
        Start,

        /// <summary>The plan may be loaded.</summary>
        Approve,

        /// <summary>No more of it is to be loaded.</summary>
        Cancel,

        /// <summary>What it changed is to be as it was.</summary>
        Undo,
    }

    public static void Map(IEndpointRouteBuilder imports)
    {
        Map(imports, Word.Start, "startImport", "Starts an import whose files have been sent");
        Map(
            imports,
            Word.Approve,
            "approveImport",
            "Approves a plan: it is loaded as far as nobody has changed what it is about"
        );
        Map(imports, Word.Cancel, "cancelImport", "Ends an import early; what it has loaded stands");
        Map(imports, Word.Undo, "undoImport", "Restores what an import has changed, where nobody has changed it since");
    }

    static void Map(IEndpointRouteBuilder imports, Word word, string name, string summary) =>
        imports
            .MapPost(
                $"/{{import}}/{word.ToString().ToLowerInvariant()}",
                (
                    string import,
                    HttpContext http,
                    CatalogDatabase database,
                    TimeProvider clock,
                    CancellationToken stop
                ) => Handle(import, word, http, database, clock, stop)
            )
            .WithName(name)
            .WithSummary(summary)
            .RequireScope(Scopes.ImportsRun)
            .Refuses(Rejections.ImportNotFound, Rejections.ImportStateDiffers);

    static async Task<Reply<ImportView>> Handle(
        string import,
        Word word,
        HttpContext http,
        CatalogDatabase database,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (!ImportView.IdOf(import).Is(out var id, out var none))
            return none;
        var reply = await http.Write(database, work => Store(work, id, word, clock, stop), stop);
        // Nobody is at work on one that was waiting: what it had staged goes here, else with its worker.
        if (word == Word.Cancel && reply.Rejection is null)
            await ReceivedFiles.Clear(database, id, stop);
        return reply;
    }

    internal static async Task<Reply<ImportView>> Store(
        Work work,
        Guid id,
        Word word,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (await RunTable.Lock(work, id, stop) is not { } run)
            return Rejections.ImportNotFound;
        if (!Decide(run, word).Is(out var now, out var rejection))
            return rejection;
        if (word == Word.Approve)
        {
            await using var forget = work.Command(
                "delete from import_faults where run = $1 and step = any($2)",
                id,
                new[] { PlanBatch.Step, LoadBatch.Step }
            );
            await forget.ExecuteNonQueryAsync(stop);
        }
        return ImportView.Of((await RunTable.Move(work, run, now, clock, stop))!);
    }

    /// <summary>The rule: which word is heard in which state.</summary>
    internal static Result<ImportRun> Decide(ImportRun run, Word word)
    {
        var loaded = run.Counts.Loaded;
        return (word, run.State) switch
        {
            (Word.Start, ImportState.Receiving) => run.To(ImportState.Staging),
            (Word.Approve, ImportState.Planned) => run.To(ImportState.Loading) with
            {
                IsApproved = true,
                Counts = run.Counts with
                {
                    Loaded = loaded is null ? null : loaded with { Unchanged = 0, Refused = 0, Moved = 0 },
                },
            },
            (Word.Cancel, _) when !run.HasEnded && run.State != ImportState.Undoing => run.To(ImportState.Cancelled),
            (Word.Undo, ImportState.Done or ImportState.Failed or ImportState.Cancelled) => run.To(ImportState.Undoing),
            _ => Rejections.ImportStateDiffers.Because($"It is {run.State.Word}."),
        };
    }
}
