using System.Diagnostics.Metrics;
using Kontor.Catalog.Imports.Doors;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Kontor.Platform.Outside;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Imports.Schedules;

/// <summary>Fetches what is due, makes imports of it, and tells when something is odd.</summary>
/// <remarks>
/// 1. Who takes a schedule that is due holds it until a moment, in its row: one process at a time, and another after a death.
/// 2. It is put back with its next time only by who holds it still, in the transaction that starts the import: what somebody has
/// changed or removed meanwhile starts nothing. 3. Times that were missed come once. 4. What became of the import is judged once,
/// by whoever sees it first.
/// </remarks>
sealed class ScheduleRounds(ImportRoom room, OutsideDoor outside, OpenFeed open, IConfiguration configuration)
{
    static readonly Meter Meter = new("Kontor.Imports");
    static readonly Counter<long> Alerts = Meter.CreateCounter<long>(
        "kontor.imports.alerts",
        description: "Scheduled imports that somebody has to look at, by code."
    );

    /// <summary>All that is due now, and all imports that have come to rest.</summary>
    public async Task Round(CancellationToken stop)
    {
        while (await Take(stop) is { } taken)
            await Bring(taken, stop);
        foreach (var watched in await Rested(stop))
            await Judge(watched, stop);
    }

    sealed record Taken(ImportSchedule Schedule, string By, Seen Seen, byte[]? Sha256, DateTimeOffset Until);

    async Task<Taken?> Take(CancellationToken stop)
    {
        var now = room.Clock.GetUtcNow();
        return await room
            .Database.Source.CreateCommand(
                $"""
                update import_schedules set taken_until = $2 where id = (
                    select id from import_schedules
                    where not is_paused and due <= $1 and (taken_until is null or taken_until < $1)
                    order by due, id limit 1 for update skip locked)
                returning {ImportSchedule.Columns}, created_by, tag, modified, sha256, taken_until
                """
            )
            .With(now, now + FetchedFile.Patience + TimeSpan.FromMinutes(5))
            .Row(
                row => new Taken(
                    ImportSchedule.Of(row),
                    row.GetString(16),
                    new(row.IsDBNull(17) ? null : row.GetString(17), row.IsDBNull(18) ? null : row.GetString(18)),
                    row.IsDBNull(19) ? null : row.GetFieldValue<byte[]>(19),
                    row.GetFieldValue<DateTimeOffset>(20)
                ),
                stop
            );
    }

    async Task Bring(Taken taken, CancellationToken stop)
    {
        try
        {
            await using var file = await Fetch(taken, stop);
            if (file is null || taken.Sha256?.AsSpan().SequenceEqual(file.Sha256) == true)
                await room.Write(work => PutBack(work, taken, null, null, stop), stop);
            else
                await Import(taken, file, stop);
        }
        catch (OutsideException failed)
        {
            await Alert(taken, failed.Code, failed.Message, stop);
        }
    }

    async Task<FetchedFile?> Fetch(Taken taken, CancellationToken stop) =>
        taken.Schedule.Source.Address is { } address
            ? await FetchedFile.Of(outside, address, taken.Seen, room.Clock, stop)
            : await FetchedFile.Watched(configuration, taken.Schedule.Source.File!, stop); // One of both, says the table.

    async Task Import(Taken taken, FetchedFile file, CancellationToken stop)
    {
        var mapping = taken.Schedule.Mapping!.Value.GetRawText(); // It was read with the row.
        if (!CreateImport.Decide(mapping, open).Is(out var terms, out var wrong))
        {
            await Alert(taken, wrong.Code, wrong.Detail ?? wrong.Message, stop);
            return;
        }
        var run = CreateImport.New(terms, mapping, taken.Schedule.IsApproved, taken.By, room.Clock);
        await room.Write(
            async work =>
            {
                await RunTable.Insert(work, run, stop);
                return run;
            },
            stop
        );
        if (await ReceivedFiles.Receive(room.Database, run.Id, (0, file.Name), file.Bytes, stop) is { } refused)
        {
            await Alert(taken, refused.Code, refused.Message, stop);
            return;
        }
        await room.Write(
            async work =>
            {
                var isHeld = await PutBack(work, taken, run.Id, file, stop);
                var word = isHeld ? MoveImport.Word.Start : MoveImport.Word.Cancel;
                return await MoveImport.Store(work, run.Id, word, room.Clock, stop);
            },
            stop
        );
    }

    /// <summary>With its next time; false where somebody else has it now.</summary>
    async Task<bool> PutBack(Work work, Taken taken, Guid? run, FetchedFile? file, CancellationToken stop)
    {
        await using var put = work.Command(
            """
            update import_schedules set due = $3, taken_until = null, fetched_at = $4, error = null, error_because = null,
                last_run = coalesce($5, last_run), is_watched = is_watched or $5 is not null,
                tag = case when $6::bytea is null then tag else $7 end,
                modified = case when $6::bytea is null then modified else $8 end, sha256 = coalesce($6, sha256)
            where id = $1 and taken_until = $2
            """,
            taken.Schedule.Id,
            taken.Until,
            NextOf(taken.Schedule),
            room.Clock.GetUtcNow(),
            run,
            file?.Sha256,
            file?.Tag,
            file?.Modified
        );
        return await put.ExecuteNonQueryAsync(stop) > 0;
    }

    DateTimeOffset NextOf(ImportSchedule schedule) =>
        ImportSchedule.Next(schedule.Cron, schedule.TimeZone, room.Clock.GetUtcNow())
        ?? room.Clock.GetUtcNow().AddYears(1); // A zone that this machine does not know any more.

    Task<bool> Alert(Taken taken, string code, string because, CancellationToken stop) =>
        room.Write(
            async work =>
            {
                await using var tell = work.Command(
                    """
                    update import_schedules set due = $3, taken_until = null, fetched_at = $4, error = $5, error_because = $6
                    where id = $1 and taken_until = $2
                    """,
                    taken.Schedule.Id,
                    taken.Until,
                    NextOf(taken.Schedule),
                    room.Clock.GetUtcNow(),
                    code,
                    because
                );
                var isHeld = await tell.ExecuteNonQueryAsync(stop) > 0;
                if (isHeld)
                    Tell(work, taken.Schedule, null, (code, because));
                return isHeld;
            },
            stop
        );

    Task<IReadOnlyList<ImportSchedule>> Rested(CancellationToken stop) =>
        room
            .Database.Source.CreateCommand(
                $"""
                {ImportSchedule.Select} where is_watched and last_run in (
                    select id from import_runs where state in ('planned', 'done', 'undone', 'failed', 'cancelled'))
                """
            )
            .Rows(ImportSchedule.Of, stop);

    async Task Judge(ImportSchedule watched, CancellationToken stop)
    {
        if (await RunTable.Find(room.Database, watched.LastImport!.Value, stop) is not { } run) // It joined by it.
            return;
        var odd = Verdict(run, watched.AlertAbovePercent);
        await room.Write(
            async work =>
            {
                // What was not loaded is worth another try, though it be the same file.
                await using var judge = work.Command(
                    """
                    update import_schedules set is_watched = false, error = $3, error_because = $4,
                        tag = case when $5 then null else tag end, modified = case when $5 then null else modified end,
                        sha256 = case when $5 then null else sha256 end
                    where id = $1 and last_run = $2 and is_watched
                    """,
                    watched.Id,
                    run.Id,
                    odd?.Code,
                    odd?.Because,
                    run.State is ImportState.Failed or ImportState.Cancelled
                );
                if (await judge.ExecuteNonQueryAsync(stop) > 0 && odd is { } told)
                    Tell(work, watched, run.Id, told);
                return true;
            },
            stop
        );
    }

    /// <summary>The rule: what a person has to hear of; null where all is as usual. What comes new is no surprise.</summary>
    internal static (string Code, string Because)? Verdict(ImportRun run, int alertAbovePercent)
    {
        if (run.Held is { } held)
            return (held, run.HeldBecause ?? "");
        if (run.State == ImportState.Failed)
            return ("IMPORT_FAILED", "The import has failed.");
        var sums = run.Counts.Loaded ?? run.Counts.Planned ?? new();
        var moved = sums.Changed + sums.Withdrawn;
        var stood = moved + sums.Unchanged;
        return stood > 0 && moved * 100 > stood * alertAbovePercent
            ? (
                "FEED_UNUSUAL",
                $"{moved} of {stood} products are changed or withdrawn; more than {alertAbovePercent} % is told."
            )
            : null;
    }

    static void Tell(Work work, ImportSchedule schedule, Guid? run, (string Code, string Because) odd)
    {
        Alerts.Add(1, new KeyValuePair<string, object?>("code", odd.Code));
        work.Happened(
            $"import-schedule-{schedule.Id}",
            new ImportAlerted(schedule.Id, schedule.Supplier, run, odd.Code, odd.Because)
        );
    }
}
