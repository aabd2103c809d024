using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Imports.Plans;
using Kontor.Catalog.Imports.Runs;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>Lists imports, shows one with how far it is, and its plan page by page.</summary>
static class ListImports
{
    public static void Map(IEndpointRouteBuilder imports)
    {
        imports
            .MapGet("", Handle)
            .WithName("listImports")
            .WithSummary("Lists imports, the newest first")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(Refusals.InvalidCursor);
        imports
            .MapGet("/{import}", HandleOne)
            .WithName("getImport")
            .WithSummary("Shows an import: its state, its counts, its files")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(Rejections.ImportNotFound);
        imports
            .MapGet("/{import}/plan", HandlePlan)
            .WithName("getImportPlan")
            .WithSummary("Shows what an import will do, product by product, with before and after")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(Rejections.ImportNotFound, Refusals.InvalidCursor);
    }

    static async Task<Reply<IReadOnlyList<ImportView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        Guid? before = null;
        if (last.Length > 0)
            if (Guid.TryParseExact(last, "D", out var id))
                before = id;
            else
                return Refusals.InvalidCursor;
        var found = await RunTable.Page(database, before, limit + 1, stop);
        Result<Page<ImportView>> page = found
            .Select(run => ImportView.Of(run))
            .ToList()
            .ToPage(limit, one => one.Id.ToString());
        return page.ToReply();
    }

    static async Task<Reply<ImportView>> HandleOne(string import, CatalogDatabase database, CancellationToken stop) =>
        ImportView.IdOf(import).Is(out var id, out var none) && await RunTable.Find(database, id, stop) is { } run
            ? ImportView.Of(run, await RunTable.Files(database, id, stop))
            : none ?? Rejections.ImportNotFound;

    static async Task<Reply<IReadOnlyList<PlanRow>>> HandlePlan(
        string import,
        CatalogDatabase database,
        CancellationToken stop,
        [AllowedValues(null, "created", "changed", "unchanged", "withdrawn", "refused")] string? kind = null,
        [Range(1, 100)] int limit = 20,
        string? after = null
    )
    {
        if (!ImportView.IdOf(import).Is(out var id, out var none))
            return none;
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        if (await RunTable.Find(database, id, stop) is null)
            return Rejections.ImportNotFound;
        PlanKind? only = kind is null ? null : Enum.Parse<PlanKind>(kind, ignoreCase: true);
        Result<Page<PlanRow>> page = (await PlanRows.Page(database, id, only, last, limit + 1, stop)).ToPage(
            limit,
            row => row.Key
        );
        return page.ToReply();
    }
}
