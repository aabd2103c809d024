using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Kontor.Catalog.Imports.Doors;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Kontor.Platform.Outside;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Schedules;

/// <summary>Makes a schedule, or with PUT and If-Match another of it.</summary>
static class SetSchedule
{
    /// <param name="Mapping">What the file means; names the supplier.</param>
    /// <param name="Source">Where the file is had from.</param>
    /// <param name="Cron">Minute, hour, day, month, day of the week: <c>30 3 * * *</c>.</param>
    /// <param name="TimeZone">In which they are meant: Europe/Berlin.</param>
    /// <param name="Approved">What is planned is loaded without asking, unless the feed is suddenly small.</param>
    /// <param name="AlertAbovePercent">Where more of the products that stood are changed or withdrawn, somebody is told.</param>
    /// <param name="Paused">Nothing is fetched until a change says <c>false</c>; times that pass meanwhile do not come later.</param>
    public sealed record Request(
        [property: Required] JsonElement Mapping,
        [property: Required] ScheduleSource Source,
        [property: Required, StringLength(100)] string Cron,
        [property: StringLength(100)] string TimeZone = "UTC",
        bool Approved = false,
        [property: Range(0, 100)] int AlertAbovePercent = 50,
        bool Paused = false
    );

    public static void Map(IEndpointRouteBuilder imports)
    {
        imports
            .MapPost("/schedules", Handle)
            .WithName("createImportSchedule")
            .WithSummary("Makes an import that comes by itself, from an address or a watched folder")
            .RequireScope(Scopes.ImportsRun)
            .Answers(StatusCodes.Status201Created)
            .Refuses(Refusals.ValidationFailed, Rejections.ImportMappingInvalid, Rejections.SchedulesFull);
        imports
            .MapPut("/schedules/{schedule}", HandleChange)
            .WithName("changeImportSchedule")
            .WithSummary("Changes a schedule; its next file is imported whether it is another or not")
            .RequireScope(Scopes.ImportsRun)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.ImportMappingInvalid,
                Rejections.ScheduleNotFound,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );
    }

    static async Task<Reply<ImportSchedule>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        OpenFeed open,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (!Decide(wanted, open, clock.GetUtcNow()).Is(out var decided, out var wrong))
            return wrong;
        var id = Id<ImportSchedule>.New(clock).Value;
        return await http.Write(database, work => Insert(work, id, wanted, decided, stop), stop);
    }

    static async Task<Reply<ImportSchedule>> HandleChange(
        string schedule,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        OpenFeed open,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!ImportSchedule.IdOf(schedule).Is(out var id, out var none))
            return none;
        if (!Decide(wanted, open, clock.GetUtcNow()).Is(out var decided, out var wrong))
            return wrong;
        return await http.Write(database, work => Change(work, (id, expected), wanted, decided, stop), stop);
    }

    /// <summary>The rule: a mapping that can be used, one source, and a time that comes.</summary>
    internal static Result<(ImportTerms Terms, DateTimeOffset Due)> Decide(
        Request wanted,
        OpenFeed open,
        DateTimeOffset now
    )
    {
        if (!CreateImport.Decide(wanted.Mapping.GetRawText(), open).Is(out var terms, out var wrong))
            return wrong;
        var (address, file) = wanted.Source;
        if (address is null == file is null)
            return Refusals.ValidationFailed.At("source", "An address, or the name of a file.");
        if (address is not null && OutsideDoor.Fault(address) is { } fault)
            return Refusals.ValidationFailed.At("source.address", fault);
        if (file is not null && !FetchedFile.IsName(file))
            return Refusals.ValidationFailed.At("source.file", "The name of a file, 1 to 200 characters, no path.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(wanted.TimeZone, out _))
            return Refusals.ValidationFailed.At("timeZone", "A time zone such as Europe/Berlin.");
        return ImportSchedule.Next(wanted.Cron, wanted.TimeZone, now) is { } due
            ? (terms, due)
            : Refusals.ValidationFailed.At("cron", "Minute, hour, day, month, day of the week: 30 3 * * *");
    }

    static async Task<Reply<ImportSchedule>> Insert(
        Work work,
        Guid id,
        Request wanted,
        (ImportTerms Terms, DateTimeOffset Due) decided,
        CancellationToken stop
    )
    {
        await using var insert = work.Command(
            $"""
            insert into import_schedules (id, mapping, supplier, address, file, cron, time_zone, is_approved, is_paused,
                alert_above_percent, due, created_by, version)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1
            where (select count(*) from import_schedules) < {ImportSchedule.Most}
            """,
            [id, .. Values(wanted, decided), work.Actor ?? "anybody"]
        );
        if (await insert.ExecuteNonQueryAsync(stop) == 0)
            return Rejections.SchedulesFull;
        return Reply<ImportSchedule>.Of(
            (await ImportSchedule.Lock(work, id, stop))!,
            StatusCodes.Status201Created,
            1,
            $"/api/v1/imports/schedules/{id}"
        );
    }

    static async Task<Reply<ImportSchedule>> Change(
        Work work,
        (Guid Id, long? Version) expected,
        Request wanted,
        (ImportTerms Terms, DateTimeOffset Due) decided,
        CancellationToken stop
    )
    {
        if (await ImportSchedule.Lock(work, expected.Id, stop) is not { } standing)
            return Rejections.ScheduleNotFound;
        if (expected.Version is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        // Whoever fetches for it now has lost it: what it brings is of the schedule as it was.
        await using var change = work.Command(
            """
            update import_schedules set mapping = $2, supplier = $3, address = $4, file = $5, cron = $6, time_zone = $7,
                is_approved = $8, is_paused = $9, alert_above_percent = $10, due = $11, taken_until = null, tag = null,
                modified = null, sha256 = null, error = null, error_because = null, version = version + 1
            where id = $1
            """,
            [expected.Id, .. Values(wanted, decided)]
        );
        await change.ExecuteNonQueryAsync(stop);
        return Reply<ImportSchedule>.Of(
            (await ImportSchedule.Lock(work, expected.Id, stop))!,
            version: standing.Version + 1
        );
    }

    static object?[] Values(Request wanted, (ImportTerms Terms, DateTimeOffset Due) decided) =>
        [
            wanted.Mapping.GetRawText(),
            decided.Terms.Supplier,
            wanted.Source.Address,
            wanted.Source.File,
            wanted.Cron,
            wanted.TimeZone,
            wanted.Approved,
            wanted.Paused,
            wanted.AlertAbovePercent,
            decided.Due,
        ];
}
