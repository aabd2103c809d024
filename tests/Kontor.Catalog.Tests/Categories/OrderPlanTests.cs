using Kontor.Catalog.Places;
using Kontor.Catalog.Relations;

namespace Kontor.Catalog.Tests.Categories;

/// <summary>What lists in a category's order, and of what products lead to, ask of a database with many products.</summary>
public sealed class OrderPlanTests(Shop shop) : IClassFixture<Shop>
{
    static readonly string[] Big = ["products", "product_categories", "product_relations"];

    [Fact, Trait("Kind", "slow")]
    public async Task With_a_hundred_thousand_products_no_statement_scans_a_big_table_or_sorts_a_category()
    {
        await Fill();

        foreach (var everything in new[] { true, false })
        {
            var places = new object[] { CategoryOrder.Unplaced, 7 };
            foreach (var place in places)
                await ReadsByIndex(
                    CategoryOrder.Sql,
                    "product_categories_order",
                    "large",
                    place,
                    Guid.Empty,
                    21,
                    DBNull.Value,
                    DBNull.Value,
                    everything
                );
            await ReadsByIndex(
                Relation.Statement(byId: false),
                "product_relations_pkey",
                "plan-7",
                DBNull.Value,
                Relation.Kinds.ToArray(),
                DBNull.Value,
                everything
            );
        }
    }

    async Task ReadsByIndex(string sql, string index, params object[] values)
    {
        foreach (var mode in new[] { "force_custom_plan", "force_generic_plan" })
        {
            await using var connection = await shop.Database.Source.OpenConnectionAsync();
            await using var choose = connection.CreateCommand();
            choose.CommandText = $"set plan_cache_mode = {mode}";
            await choose.ExecuteNonQueryAsync();
            await using var explain = connection.CreateCommand();
            explain.CommandText = $"explain {sql}";
            foreach (var value in values)
                explain.Parameters.Add(new() { Value = value });
            var plan = new List<string>();
            await using var reader = await explain.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
            var whole = string.Join('\n', plan);
            Assert.All(Big, table => Assert.False(plan.Exists(line => line.Contains($"Seq Scan on {table} ")), whole));
            Assert.Contains(index, whole, StringComparison.Ordinal);
            if (index == "product_categories_order")
                Assert.DoesNotContain("Sort", whole, StringComparison.Ordinal);
        }
    }

    async Task Fill()
    {
        await using var fill = shop.Database.Source.CreateCommand(
            """
            with category as (
                insert into categories (id, key, title) select gen_random_uuid(), key, key from unnest('{large,small}'::text[]) key
                returning id
            ), made as (
                insert into products (id, key, type, title, slug, version, created_at, updated_at)
                select gen_random_uuid(), 'plan-' || i, 'default', 'plan ' || i, 'plan-' || i, 1, now(), now()
                from generate_series(1, 100000) i returning id, key
            ), put as (
                insert into product_categories (category, product, position)
                select c.id, m.id, case when n <= 500 then n else 2147483647 end
                from category c cross join (select id, row_number() over () as n from made) m
            )
            insert into product_relations (product, kind, target, position)
            select id, 'related', target, place from (
                select id, place, lead(id, place) over (partition by place order by id) as target
                from made cross join generate_series(1, 3) place
            ) next where target is not null
            """
        );
        fill.CommandTimeout = 0;
        await fill.ExecuteNonQueryAsync();
        foreach (var table in Big)
            await shop.Analyze(table);
    }
}
