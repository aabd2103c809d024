using Kontor.Catalog.Inventory;
using Npgsql;

namespace Kontor.Catalog.Tests.Inventory;

/// <summary>How the lists of a warehouse are read where there is much: by index, whatever page it is.</summary>
public sealed class PlanTests(Shop shop) : IClassFixture<Shop>
{
    const string Some = """
        insert into products (id, key, type, title, slug, version, created_at, updated_at)
        values ('00000000-0000-7000-8000-000000000001', 'plan', 'default', 'Plan', 'plan', 1, now(), now());
        insert into locations (key, title) select 'plan-' || i, 'Plan' from generate_series(1, 20) i;
        insert into variants (id, product, sku, position)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, '00000000-0000-7000-8000-000000000001', 'PLAN-' || i, i
        from generate_series(1, 5000) i;
        insert into stock (variant, location, on_hand)
        select v.id, l.key, 5 from variants v, locations l where v.sku like 'PLAN-%' and l.key like 'plan-%'
        """;

    [Fact]
    [Trait("Kind", "slow")]
    public async Task No_list_reads_a_whole_table_of_a_hundred_thousand_rows()
    {
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await Run(connection, Some);
        foreach (var table in new[] { "stock", "stock_movements", "variants" })
            await shop.Analyze(table);
        await Run(connection, "set plan_cache_mode = force_generic_plan");

        foreach (var sku in new[] { null, "PLAN-7" })
        foreach (var place in new[] { null, "plan-7" })
        {
            var filters = string.Concat(new[] { sku, place }.OfType<string>().Select(filter => $", '{filter}'"));
            var types = string.Concat(new[] { sku, place }.OfType<string>().Select(_ => ", text"));
            var levels = await Plan(
                connection,
                $"(uuid, text, int{types}) as {ListLevels.Select(sku, place)}",
                $"('00000000-0000-7000-8000-000000000100', 'plan-3', 51{filters})"
            );
            var movements = await Plan(
                connection,
                $"(bigint, int{types}) as {ListMovements.Select(sku, place)}",
                $"(50000, 51{filters})"
            );

            foreach (var plan in new[] { levels, movements })
            {
                Assert.DoesNotContain("Seq Scan on stock", plan, StringComparison.Ordinal);
                Assert.DoesNotContain("Seq Scan on variants", plan, StringComparison.Ordinal);
                Assert.Contains("Index", plan, StringComparison.Ordinal);
            }
        }
    }

    static async Task<string> Plan(NpgsqlConnection connection, string statement, string values)
    {
        await Run(connection, $"prepare asked {statement}");
        await using var explain = new NpgsqlCommand($"explain execute asked {values}", connection);
        var lines = new List<string>();
        await using (var reader = await explain.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                lines.Add(reader.GetString(0));
        await Run(connection, "deallocate asked");
        return string.Join('\n', lines);
    }

    static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var run = new NpgsqlCommand(sql, connection);
        await run.ExecuteNonQueryAsync();
    }
}
