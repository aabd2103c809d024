using Npgsql;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Statistics of tables that an import makes many times what they were.</summary>
public sealed class GrownTests
{
    [Fact]
    public async Task A_table_that_is_three_times_what_it_was_is_analyzed_once_and_by_the_service_itself()
    {
        await using var imports = await BareImports.Open();
        await using var connection = await imports.Database.Source.OpenConnectionAsync(
            TestContext.Current.CancellationToken
        );

        Assert.Equal(0, await Ask<int>(connection, "select analyze_grown()"));
        await Fill(connection, 900);
        Assert.Equal(0, await Ask<int>(connection, "select analyze_grown()"));
        await Fill(connection, 1_100);
        Assert.Equal(1, await Ask<int>(connection, "select analyze_grown()"));
        Assert.Equal(0, await Ask<int>(connection, "select analyze_grown()"));
        Assert.Equal(
            2_000,
            await Ask<float>(connection, "select reltuples from pg_class where oid = 'import_parts'::regclass")
        );
        await Fill(connection, 3_900);
        Assert.Equal(0, await Ask<int>(connection, "select analyze_grown()"));
        await Fill(connection, 200);
        Assert.Equal(1, await Ask<int>(connection, "select analyze_grown()"));
    }

    /// <summary>A backend tells what it has written about once a second; here, at once.</summary>
    static async Task Fill(NpgsqlConnection connection, int rows)
    {
        await Ask<int>(
            connection,
            $"""
            with filled as (insert into import_parts (run, key, file, line, product)
                select gen_random_uuid(), 'k' || i, 0, i, '' from generate_series(1, {rows}) i returning 1)
            select count(*)::int from filled
            """
        );
        await Ask<object>(connection, "select pg_stat_force_next_flush()::text");
    }

    static async Task<T> Ask<T>(NpgsqlConnection connection, string sql)
    {
        await using var ask = new NpgsqlCommand(sql, connection);
        return (T)(await ask.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
