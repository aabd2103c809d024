using System.Diagnostics;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Npgsql;
using NpgsqlTypes;

namespace Kontor.Bench.Limits;

/// <summary>The least that an import can do: COPY into a table without a log, then one merge. It checks nothing, keeps no
/// journal and reads no file.</summary>
static class CopyAndMerge
{
    public const string Tables = """
        create unlogged table staged (
            sku text, slug text, title text, description text, amount bigint, currency text, stock bigint
        );
        create table merged (like staged);
        alter table merged add primary key (sku);
        create unique index on merged (slug);
        """;

    const string Merge = """
        insert into merged as m select * from staged
        on conflict (sku) do update set slug = excluded.slug, title = excluded.title, description = excluded.description,
            amount = excluded.amount, currency = excluded.currency, stock = excluded.stock
        where (m.slug, m.title, m.description, m.amount, m.currency, m.stock) is distinct from
            (excluded.slug, excluded.title, excluded.description, excluded.amount, excluded.currency, excluded.stock)
        """;

    /// <summary>Rows per second of one run over so many goods.</summary>
    public static async Task<Figures> Run(NpgsqlDataSource source, int rows, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        var begun = Stopwatch.GetTimestamp();
        await using (var clear = new NpgsqlCommand("truncate staged", connection))
            await clear.ExecuteNonQueryAsync(stop);
        await Copy(connection, rows, stop);
        await using (var merge = new NpgsqlCommand(Merge, connection) { CommandTimeout = 0 })
            await merge.ExecuteNonQueryAsync(stop);
        return new(rows / Stopwatch.GetElapsedTime(begun).TotalSeconds, "rows/s", Count: rows);
    }

    static async Task Copy(NpgsqlConnection connection, int rows, CancellationToken stop)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy staged from stdin binary", stop);
        for (var n = 0; n < rows; n++)
        {
            await copy.StartRowAsync(stop);
            await copy.WriteAsync(Goods.Sku(n), NpgsqlDbType.Text, stop);
            await copy.WriteAsync(Goods.Slug(n), NpgsqlDbType.Text, stop);
            await copy.WriteAsync(Goods.Title(n), NpgsqlDbType.Text, stop);
            await copy.WriteAsync(Goods.Description(n), NpgsqlDbType.Text, stop);
            await copy.WriteAsync(Goods.Price(n), NpgsqlDbType.Bigint, stop);
            await copy.WriteAsync(Goods.Currency, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(1_000_000_000L, NpgsqlDbType.Bigint, stop);
        }
        await copy.CompleteAsync(stop);
    }
}
