using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Schedules;

/// <summary>Shows schedules and what became of them last, and ends one.</summary>
static class ListSchedules
{
    public static void Map(IEndpointRouteBuilder imports)
    {
        imports
            .MapGet("/schedules", Handle)
            .WithName("listImportSchedules")
            .WithSummary("Lists schedules of imports, the one that comes next first; there are at most 1,000")
            .RequireScope(Scopes.ImportsRun);
        imports
            .MapGet("/schedules/{schedule}", HandleOne)
            .WithName("getImportSchedule")
            .WithSummary("Shows a schedule of imports, its mapping, and what was last wrong")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(Rejections.ScheduleNotFound);
        imports
            .MapDelete("/schedules/{schedule}", HandleRemove)
            .WithName("removeImportSchedule")
            .WithSummary("Ends a schedule of imports; what it has imported stands")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(Rejections.ScheduleNotFound, Refusals.PreconditionRequired, Refusals.PreconditionFailed);
    }

    static async Task<Reply<IReadOnlyList<ImportSchedule>>> Handle(CatalogDatabase database, CancellationToken stop) =>
        Reply<IReadOnlyList<ImportSchedule>>.Of([
            .. (
                await database
                    .Source.CreateCommand($"{ImportSchedule.Select} order by due, id limit {ImportSchedule.Most}")
                    .Rows(ImportSchedule.Of, stop)
            ).Select(one => one with { Mapping = null }),
        ]);

    static async Task<Reply<ImportSchedule>> HandleOne(
        string schedule,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!ImportSchedule.IdOf(schedule).Is(out var id, out var none))
            return none;
        var found = await database
            .Source.CreateCommand($"{ImportSchedule.Select} where id = $1")
            .With(id)
            .Row(ImportSchedule.Of, stop);
        return found is null ? Rejections.ScheduleNotFound : Reply<ImportSchedule>.Of(found, version: found.Version);
    }

    static async Task<Reply<ImportSchedule>> HandleRemove(
        string schedule,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!ImportSchedule.IdOf(schedule).Is(out var id, out var none))
            return none;
        return await http.Write(database, work => Remove(work, id, expected, stop), stop);
    }

    static async Task<Reply<ImportSchedule>> Remove(Work work, Guid id, long? expected, CancellationToken stop)
    {
        if (await ImportSchedule.Lock(work, id, stop) is not { } standing)
            return Rejections.ScheduleNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        await using var remove = work.Command("delete from import_schedules where id = $1", id);
        await remove.ExecuteNonQueryAsync(stop);
        return standing;
    }
}
