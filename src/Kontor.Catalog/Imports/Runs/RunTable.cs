using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>Reads and writes the rows of runs.</summary>
static class RunTable
{
    /// <summary>While a step goes on it is told no more often.</summary>
    static readonly TimeSpan ToldEvery = TimeSpan.FromSeconds(3);

    const string Select = """
        select id, supplier, withdraws, max_loss_percent, max_faults, mapping, is_approved, state, position, counts::text, held,
            held_because, created_by, created_at, updated_at, version
        from import_runs
        """;

    public static async Task<ImportRun?> Find(CatalogDatabase database, Guid id, CancellationToken stop) =>
        await database.Source.CreateCommand($"{Select} where id = $1").With(id).Row(Of, stop);

    /// <summary>The row, locked until the end of the transaction.</summary>
    public static async Task<ImportRun?> Lock(Work work, Guid id, CancellationToken stop) =>
        await work.Command($"{Select} where id = $1 for update", id).Row(Of, stop);

    /// <summary>Newest first, those before a moment and an id.</summary>
    public static Task<IReadOnlyList<ImportRun>> Page(
        CatalogDatabase database,
        Guid? before,
        int limit,
        CancellationToken stop
    ) =>
        database
            .Source.CreateCommand(
                before is null
                    ? $"{Select} order by id desc limit $1"
                    : $"{Select} where id < $2 order by id desc limit $1"
            )
            .With(before is { } last ? [limit, last] : [limit])
            .Rows(Of, stop);

    /// <summary>Those that a worker has something to do for, the oldest first.</summary>
    public static Task<IReadOnlyList<ImportRun>> Active(CatalogDatabase database, CancellationToken stop) =>
        database
            .Source.CreateCommand(
                $"""
                {Select} where state in ('staging', 'planning', 'loading', 'withdrawing', 'undoing')
                order by created_at limit 100
                """
            )
            .Rows(Of, stop);

    /// <summary>Those that were opened before a moment and never started, some at a time.</summary>
    public static Task<IReadOnlyList<ImportRun>> Forsaken(
        CatalogDatabase database,
        DateTimeOffset before,
        CancellationToken stop
    ) =>
        database
            .Source.CreateCommand($"{Select} where state = 'receiving' and created_at < $1 order by id limit 100")
            .With(before)
            .Rows(Of, stop);

    public static async Task Insert(Work work, ImportRun run, CancellationToken stop)
    {
        await using var insert = work.Command(
            """
            insert into import_runs (id, supplier, withdraws, max_loss_percent, max_faults, mapping, is_approved, state, counts,
                created_by, created_at, updated_at, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $11, 1)
            """,
            run.Id,
            run.Terms.Supplier,
            run.Terms.WithdrawMissing,
            run.Terms.MaxLossPercent,
            run.Terms.MaxFaults,
            run.Mapping,
            run.IsApproved,
            Word(run.State),
            Json(run.Counts),
            run.CreatedBy,
            run.CreatedAt
        );
        await insert.ExecuteNonQueryAsync(stop);
        work.Happened(StreamOf(run), Moved(run));
    }

    /// <summary>Writes where the run is now, if nobody else has since it was read; null where somebody has.</summary>
    /// <remarks>Every batch of every step ends with it, in its own transaction: a worker that has lost the run to another,
    /// or to whoever cancelled it, writes nothing.</remarks>
    public static async Task<ImportRun?> Move(
        Work work,
        ImportRun seen,
        ImportRun now,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var time = clock.GetUtcNow();
        var isTold = seen.State != now.State || seen.Held != now.Held || time - seen.UpdatedAt >= ToldEvery;
        var moved = now with { Version = seen.Version + 1, UpdatedAt = isTold ? time : seen.UpdatedAt };
        await using var move = work.Command(
            """
            update import_runs set state = $3, position = $4, counts = $5::jsonb, held = $6, held_because = $7, is_approved = $8,
                updated_at = $9, version = version + 1
            where id = $1 and version = $2
            """,
            now.Id,
            seen.Version,
            Word(now.State),
            now.Position,
            Json(now.Counts),
            now.Held,
            now.HeldBecause,
            now.IsApproved,
            moved.UpdatedAt
        );
        if (await move.ExecuteNonQueryAsync(stop) == 0)
            return null;
        if (isTold)
            work.Happened(StreamOf(now), Moved(now));
        return moved;
    }

    public static Task<IReadOnlyList<ImportFileView>> Files(
        CatalogDatabase database,
        Guid run,
        CancellationToken stop
    ) =>
        database
            .Source.CreateCommand("select place, name, bytes, sha256 from import_files where run = $1 order by place")
            .With(run)
            .Rows(
                row => new ImportFileView(
                    row.GetInt32(0),
                    row.GetString(1),
                    row.GetInt64(2),
                    Convert.ToHexStringLower(row.GetFieldValue<byte[]>(3))
                ),
                stop
            );

    static string StreamOf(ImportRun run) => $"import-{run.Id}";

    static ImportMoved Moved(ImportRun run) => new(run.Id, run.Terms.Supplier, Word(run.State), run.Counts, run.Held);

    static string Json(ImportCounts counts) => JsonSerializer.Serialize(counts, KontorJson.Options);

    static string Word(ImportState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    static ImportRun Of(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            new(row.GetString(1), row.GetBoolean(2), row.GetInt32(3), row.GetInt64(4)),
            row.GetString(5),
            row.GetBoolean(6),
            Enum.Parse<ImportState>(row.GetString(7), ignoreCase: true),
            row.GetString(8),
            JsonSerializer.Deserialize<ImportCounts>(row.GetString(9), KontorJson.Stored)!,
            row.IsDBNull(10) ? null : row.GetString(10),
            row.IsDBNull(11) ? null : row.GetString(11),
            row.GetString(12),
            row.GetFieldValue<DateTimeOffset>(13),
            row.GetFieldValue<DateTimeOffset>(14),
            row.GetInt64(15)
        );
}
