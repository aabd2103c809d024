using System.Text;
using Kontor.Catalog.Imports.Runs;
using Kontor.Imports;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;
using NpgsqlTypes;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>The parts of products that a run has staged: written as they come, read ordered by key.</summary>
static class StagedParts
{
    /// <summary>Parts that are read at once, and the most that one product may have.</summary>
    public const int MostParts = 10_000;

    const int ClearedAtOnce = 50_000;

    public static async Task Add(Work work, Guid run, IReadOnlyCollection<Draft> parts, CancellationToken stop)
    {
        if (parts.Count == 0)
            return;
        await using var copy = await work.Connection.BeginBinaryImportAsync(
            "copy import_parts (run, key, file, line, product) from stdin (format binary)",
            stop
        );
        foreach (var part in parts)
        {
            await copy.StartRowAsync(stop);
            await copy.WriteAsync(run, NpgsqlDbType.Uuid, stop);
            await copy.WriteAsync(part.Key, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(part.At.File, NpgsqlDbType.Integer, stop);
            await copy.WriteAsync(part.At.Line, NpgsqlDbType.Bigint, stop);
            await copy.WriteAsync(Encoding.UTF8.GetString(part.Product.Span), NpgsqlDbType.Text, stop);
        }
        await copy.CompleteAsync(stop);
    }

    /// <summary>Forgets what rows of a table a run has, in short transactions: a long one holds up all followers.</summary>
    public static async Task Clear(CatalogDatabase database, string table, Guid run, CancellationToken stop)
    {
        int gone;
        do
        {
            await using var clear = database
                .Source.CreateCommand(
                    $"delete from {table} where ctid = any(array(select ctid from {table} where run = $1 limit {ClearedAtOnce}))"
                )
                .With(run);
            gone = await clear.ExecuteNonQueryAsync(stop);
        } while (gone == ClearedAtOnce);
    }

    /// <summary>The next products behind where the run is, whole, in the order of their keys; none at the end.</summary>
    /// <param name="limit">So many products at most.</param>
    public static async Task<IReadOnlyList<LaidProduct>> Next(
        CatalogDatabase database,
        ImportRun run,
        int limit,
        CancellationToken stop
    )
    {
        // As many as so many products have in the mean; those of one that has many are read in a second go.
        var mean = Math.Max(
            1,
            (double)(run.Counts.Rows - run.Counts.Faulty - run.Counts.Skipped) / Math.Max(1, run.Counts.Products)
        );
        var most = (int)Math.Min(MostParts, mean * limit + 1);
        var (parts, keyed) = await Read(database, run, most, stop);
        if (keyed.Count == 1 && parts == most && most < MostParts)
            (parts, keyed) = await Read(database, run, most = MostParts, stop);
        var isCut = keyed.Count == 1 && parts == MostParts;
        // The last one may go on behind what was read; one that is alone there has as many parts as any may have.
        if (parts == most && keyed.Count > 1)
            keyed.RemoveAt(keyed.Count - 1);
        return
        [
            .. keyed.Take(limit).Select(one => LaidProduct.Of(run.Terms.Supplier, [.. one]) with { IsCut = isCut }),
        ];
    }

    static async Task<(int Parts, List<IGrouping<string, Draft>> Keyed)> Read(
        CatalogDatabase database,
        ImportRun run,
        int most,
        CancellationToken stop
    )
    {
        var parts = await database
            .Source.CreateCommand(
                $"""
                select key, file, line, product from import_parts where run = $1 and key > $2
                order by run, key, file, line limit {most}
                """
            )
            .With(run.Id, run.Position)
            .Rows(Of, stop);
        return (parts.Count, [.. parts.GroupBy(part => part.Key, StringComparer.Ordinal)]);
    }

    static Draft Of(NpgsqlDataReader row) =>
        new(row.GetString(0), new(row.GetInt32(1), row.GetInt64(2)), Encoding.UTF8.GetBytes(row.GetString(3)));
}
