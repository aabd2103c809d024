using System.Text.Json;
using Cronos;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Imports.Schedules;

/// <summary>Where a schedule has its file from: one of both.</summary>
/// <param name="Address">An https address in the public internet.</param>
/// <param name="File">The name of a file in the folder that the operator lets be watched (Imports:Watched).</param>
public sealed record ScheduleSource(string? Address = null, string? File = null);

/// <summary>An import that comes by itself.</summary>
/// <param name="Cron">Minute, hour, day, month, day of the week.</param>
/// <param name="TimeZone">In which they are meant: Europe/Berlin.</param>
/// <param name="IsApproved">What is planned is loaded without asking, unless the feed is suddenly small.</param>
/// <param name="IsPaused">Nothing is fetched until a change says otherwise.</param>
/// <param name="AlertAbovePercent">Where more of the products that stood are changed or withdrawn, somebody is told.</param>
/// <param name="Due">When it comes next.</param>
/// <param name="LastImport">The last that it made.</param>
/// <param name="FetchedAt">When its file was last looked at.</param>
/// <param name="Error">The code of what was last wrong: ADDRESS_REFUSED, FETCH_FAILED, FEED_EMPTY …; absent where nothing was.</param>
/// <param name="ErrorBecause">The same for a person.</param>
/// <param name="Mapping">What the file means; not in lists.</param>
public sealed record ImportSchedule(
    Guid Id,
    string Supplier,
    ScheduleSource Source,
    string Cron,
    string TimeZone,
    bool IsApproved,
    bool IsPaused,
    int AlertAbovePercent,
    DateTimeOffset Due,
    Guid? LastImport,
    DateTimeOffset? FetchedAt,
    string? Error,
    string? ErrorBecause,
    long Version,
    JsonElement? Mapping = null
)
{
    public const int Most = 1_000;

    /// <summary>The next time behind a moment; null where there is none, as of February 30.</summary>
    public static DateTimeOffset? Next(string cron, string zone, DateTimeOffset after) =>
        CronExpression.TryParse(cron, CronFormat.Standard, out var expression)
        && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var place)
            ? expression.GetNextOccurrence(after, place)
            : null;

    internal const string Columns =
        "id, supplier, address, file, cron, time_zone, is_approved, is_paused, alert_above_percent, due, last_run, fetched_at, "
        + "error, error_because, version, mapping";

    internal const string Select = $"select {Columns} from import_schedules";

    internal static ImportSchedule Of(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.GetString(1),
            new(Text(row, 2), Text(row, 3)),
            row.GetString(4),
            row.GetString(5),
            row.GetBoolean(6),
            row.GetBoolean(7),
            row.GetInt32(8),
            row.GetFieldValue<DateTimeOffset>(9),
            row.IsDBNull(10) ? null : row.GetGuid(10),
            row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
            Text(row, 12),
            Text(row, 13),
            row.GetInt64(14),
            JsonSerializer.Deserialize<JsonElement>(row.GetString(15))
        );

    internal static Result<Guid> IdOf(string schedule) =>
        Guid.TryParseExact(schedule, "D", out var id) ? id : Rejections.ScheduleNotFound;

    /// <summary>The row, locked until the end of the transaction.</summary>
    internal static Task<ImportSchedule?> Lock(Work work, Guid id, CancellationToken stop) =>
        work.Command($"{Select} where id = $1 for update", id).Row(Of, stop);

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
