using System.Text;
using Kontor.Imports;
using Kontor.Platform.Http;
using Npgsql;
using NpgsqlTypes;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>What was not taken of a feed, and why.</summary>
/// <param name="Key">The product's, where it could be read.</param>
/// <param name="Field">The field of the feed, or the path in the product.</param>
/// <param name="IsFatal">The row, or the product, did not come in; otherwise it came in without this value.</param>
/// <param name="Source">The row as it was read.</param>
sealed record Quarantined(
    RowAt At,
    string? Key,
    string? Field,
    string? Value,
    string Code,
    string Message,
    string? Hint,
    bool IsFatal,
    string? Source
)
{
    public static Quarantined Of(RowFault fault, MappedRow row) =>
        new(
            fault.At,
            row.Key,
            fault.Column,
            fault.Value,
            fault.Code,
            fault.Message,
            fault.Hint,
            fault.IsFatal,
            row.Source.IsEmpty ? null : Encoding.UTF8.GetString(row.Source.Span)
        );

    /// <summary>Of a file that could not be read to its end.</summary>
    public static Quarantined Of(FeedBroken broken) =>
        new(
            new(broken.File, broken.Line),
            null,
            null,
            null,
            broken.Code,
            $"{broken.Name} cannot be read beyond this place: {broken.Message}",
            "Have the file sent anew, whole. What was read of it can be loaded; nothing is withdrawn.",
            IsFatal: true,
            null
        );

    /// <summary>Of what is odd about a file, and keeps no row out.</summary>
    public static Quarantined Of(FeedNotice notice) =>
        new(
            new(notice.File, 0),
            null,
            null,
            null,
            notice.Code,
            $"{notice.Name}: {notice.Message}",
            null,
            IsFatal: false,
            null
        );
}

/// <summary>Reads and writes the rows in quarantine.</summary>
static class Quarantine
{
    /// <param name="step">The step that found them, which forgets them where it begins anew.</param>
    public static async Task Add(
        Work work,
        Guid run,
        string step,
        IReadOnlyCollection<Quarantined> rows,
        CancellationToken stop
    )
    {
        if (rows.Count == 0)
            return;
        await using var copy = await work.Connection.BeginBinaryImportAsync(
            """
            copy import_faults (run, file, line, key, field, value, code, message, hint, fatal, step, source)
            from stdin (format binary)
            """,
            stop
        );
        foreach (var row in rows)
        {
            await copy.StartRowAsync(stop);
            await copy.WriteAsync(run, NpgsqlDbType.Uuid, stop);
            await copy.WriteAsync(row.At.File, NpgsqlDbType.Integer, stop);
            await copy.WriteAsync(row.At.Line, NpgsqlDbType.Bigint, stop);
            foreach (var text in (string?[])[row.Key, row.Field, row.Value, row.Code, row.Message, row.Hint])
                await Text(copy, text, stop);
            await copy.WriteAsync(row.IsFatal, NpgsqlDbType.Boolean, stop);
            await Text(copy, step, stop);
            await Text(copy, row.Source, stop);
        }
        await copy.CompleteAsync(stop);
    }

    /// <summary>PostgreSQL holds no U+0000.</summary>
    static string Storable(string text) => text.Replace('\0', '\uFFFD');

    static Task Text(NpgsqlBinaryImporter copy, string? text, CancellationToken stop) =>
        text is null ? copy.WriteNullAsync(stop) : copy.WriteAsync(Storable(text), NpgsqlDbType.Text, stop);

    /// <summary>A page of them, from the first found.</summary>
    public static Task<IReadOnlyList<(long Id, Quarantined Row)>> Page(NpgsqlCommand find, CancellationToken stop) =>
        Platform.Data.Sql.Rows(
            find,
            row =>
                (
                    row.GetInt64(0),
                    new Quarantined(
                        new(row.GetInt32(1), row.GetInt64(2)),
                        TextOf(row, 3),
                        TextOf(row, 4),
                        TextOf(row, 5),
                        row.GetString(6),
                        row.GetString(7),
                        TextOf(row, 8),
                        row.GetBoolean(9),
                        TextOf(row, 10)
                    )
                ),
            stop
        );

    public const string PageSql = """
        select at, file, line, key, field, value, code, message, hint, fatal, source from import_faults
        where run = $1 and at > $2 order by at limit $3
        """;

    static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
