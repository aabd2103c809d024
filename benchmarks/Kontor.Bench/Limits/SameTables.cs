using System.Diagnostics;
using Kontor.Bench.Report;
using Npgsql;

namespace Kontor.Bench.Limits;

/// <summary>The least that an import into the catalogue's own tables can do: COPY into tables without a log, then one merge into
/// tables made like them, with every index. It checks nothing, keeps no journal, and the rows are ready in a file.</summary>
static class SameTables
{
    /// <summary>Each with the name that its rows have once.</summary>
    static readonly (string Table, string Once)[] Tables =
    [
        ("products", "key"),
        ("variants", "sku"),
        ("slugs", "slug"),
    ];

    const string Make = """
        drop schema if exists bench cascade;
        create schema bench;
        create table bench.products (like catalog.products including all);
        create table bench.variants (like catalog.variants including all);
        create table bench.slugs (like catalog.slugs including all);
        alter table bench.variants add foreign key (product) references bench.products on delete cascade;
        alter table bench.slugs add foreign key (product) references bench.products on delete cascade;
        """;

    /// <summary>Rows per second, of the products whose keys begin so.</summary>
    public static async Task<Figures> Run(string owner, string begins, string folder, CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(owner) { CommandTimeout = 0 }.ConnectionString
        );
        await using var connection = await source.OpenConnectionAsync(stop);
        await Execute(connection, Make, stop);
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (table, _) in Tables)
        {
            var named = columns[table] = await Columns(connection, table, stop);
            await Execute(
                connection,
                $"create unlogged table bench.staged_{table} as select {named} from catalog.{table} limit 0",
                stop
            );
            await Write(connection, table, (named, begins), PathOf(folder, table), stop);
        }
        var begun = Stopwatch.GetTimestamp();
        foreach (var (table, _) in Tables)
            await Copy(connection, table, columns[table], PathOf(folder, table), stop);
        foreach (var (table, once) in Tables)
            await Execute(
                connection,
                $"insert into bench.{table} ({columns[table]}) select {columns[table]} from bench.staged_{table} on conflict ({once}) do nothing",
                stop
            );
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await using var count = new NpgsqlCommand("select count(*) from bench.products", connection);
        var rows = (long)(await count.ExecuteScalarAsync(stop))!;
        await Execute(connection, "drop schema bench cascade", stop);
        return new(rows / took, "rows/s", Count: rows);
    }

    /// <summary>Those that are not made of others.</summary>
    static async Task<string> Columns(NpgsqlConnection connection, string table, CancellationToken stop)
    {
        await using var ask = new NpgsqlCommand(
            """
            select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
            where table_schema = 'catalog' and table_name = $1 and is_generated = 'NEVER'
            """,
            connection
        );
        ask.Parameters.Add(new() { Value = table });
        return (string)(await ask.ExecuteScalarAsync(stop))!;
    }

    static async Task Write(
        NpgsqlConnection connection,
        string table,
        (string Columns, string Begins) rows,
        string path,
        CancellationToken stop
    )
    {
        var own = table == "products" ? "id" : "product";
        await using var file = File.Create(path);
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy (select {rows.Columns} from catalog.{table} where {own} in (select id from catalog.products where key like '{rows.Begins}%')) to stdout (format binary)",
            stop
        );
        await copy.CopyToAsync(file, stop);
    }

    static async Task Copy(
        NpgsqlConnection connection,
        string table,
        string columns,
        string path,
        CancellationToken stop
    )
    {
        await using var file = File.OpenRead(path);
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy bench.staged_{table} ({columns}) from stdin (format binary)",
            stop
        );
        await file.CopyToAsync(copy, stop);
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    static string PathOf(string folder, string table) => Path.Combine(folder, $"{table}.copy");
}
