using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>What reading and setting prices asks of a database with many of them.</summary>
public sealed class PricePlanTests(Shop shop) : IClassFixture<Shop>
{
    static readonly string[] Big = ["products", "variants", "prices", "price_rows", "stock"];

    [Fact]
    public async Task A_page_of_a_hundred_products_with_prices_in_context_takes_one_statement()
    {
        var skus = new List<string>();
        for (var i = 0; i < 100; i++)
            skus.Add(await shop.Sold((100, "EUR")));
        (await shop.Staff.Post("/api/v1/categories", new { key = "priced", title = "Priced" })).Is(201);
        await shop.Query<long>(
            """
            with put as (
                insert into product_categories select c.id, p.id from products p cross join categories c
                where p.key = any($1) and c.key = 'priced' returning 1
            ) select count(*) from put
            """,
            (object)skus.ToArray()
        );
        (
            await shop.Clerk.Post(
                AllPrices,
                new
                {
                    prices = skus.SelectMany(sku =>
                        new[] { 1, 5, 10 }.Select(n => new
                        {
                            key = $"{sku}.{n}",
                            sku,
                            price = Eur(n),
                            country = "SE",
                            minQuantity = n,
                        })
                    ),
                }
            )
        ).Is(200);

        var one = (
            await shop.Stranger.Get("/api/v1/products?limit=1&category=priced&country=SE&quantity=5&currency=EUR")
        ).Is(200);
        var many = (
            await shop.Stranger.Get("/api/v1/products?limit=100&category=priced&country=SE&quantity=5&currency=EUR")
        ).Is(200);

        Assert.Equal((1, 1), (one.Statements, many.Statements));
        Assert.Equal(100, many.Data.GetArrayLength());
        Assert.All(
            many.Data.EnumerateArray(),
            product => Assert.Equal([(5, "EUR")], Amounts(product.GetProperty("variants")[0].GetProperty("prices")))
        );
    }

    [Fact, Trait("Kind", "slow")]
    public async Task With_a_hundred_thousand_variants_no_statement_scans_a_big_table()
    {
        await Fill();
        var context = new PriceContext("EUR", "SE", "web", "vip", 5);
        foreach (var known in new[] { context, context with { Currency = null } })
            await ReadsByIndex(
                $"""
                select w.* from variants v cross join lateral ({Winner.Of("v.id", known)}) w
                where v.product in (select id from products where id > $7 order by id limit 100)
                """,
                known,
                Guid.Empty
            );
        await ReadsByIndex(
            ProductReader.Statement(context, Extent.Listed, "p.id > $7 order by p.id limit $8"),
            context,
            Guid.Empty,
            101
        );
        await ReadsByIndex(ProductReader.Statement(context, Extent.One, ProductReader.BySlug), context, "plan-7");
    }

    /// <summary>The plan of a statement, with the values at hand and as one for all values.</summary>
    async Task ReadsByIndex(string sql, PriceContext context, params object[] values)
    {
        foreach (var mode in new[] { "force_custom_plan", "force_generic_plan" })
        {
            await using var connection = await shop.Database.Source.OpenConnectionAsync();
            await using var choose = connection.CreateCommand();
            choose.CommandText = $"set plan_cache_mode = {mode}";
            await choose.ExecuteNonQueryAsync();
            await using var explain = connection.CreateCommand();
            explain.CommandText = $"explain {sql}";
            explain.With(context, values);
            var plan = new List<string>();
            await using var reader = await explain.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));

            var whole = string.Join('\n', plan);
            Assert.All(Big, table => Assert.False(plan.Exists(line => line.Contains($"Seq Scan on {table} ")), whole));
            Assert.Contains("price_rows_ranked", whole, StringComparison.Ordinal);
        }
    }

    async Task Fill()
    {
        await shop.Channels("web");
        await shop.Groups("vip");
        (await shop.Put("/api/v1/price-lists/sale", new { title = "Sale", priority = 1 })).Is(201);
        await using var fill = shop.Database.Source.CreateCommand(
            """
            with made as (
                insert into products (id, key, type, title, slug, version, created_at, updated_at)
                select gen_random_uuid(), 'plan-' || i, 'default', 'plan ' || i, 'plan-' || i, 1, now(), now()
                from generate_series(1, 100000) i returning id, key
            ), variants as (
                insert into variants (id, product, sku, position) select gen_random_uuid(), id, key, 1 from made returning id
            ), based as (
                insert into prices select id, 'EUR', 100 from variants
            ), stocked as (
                insert into stock (variant, location, on_hand) select id, 'main', 1 from variants
            )
            insert into price_rows (key, variant, currency, amount, country, price_list, priority, min_quantity, version)
            select v.id, v.id, 'EUR', 1, 'SE', case when i % 100 = 0 then 'sale' end, case when i % 100 = 0 then 1 end, 1 + i % 10, 1
            from (select id, row_number() over () as i from variants) v
            """
        );
        fill.CommandTimeout = 0;
        await fill.ExecuteNonQueryAsync();
        foreach (var table in Big)
            await shop.Analyze(table);
    }
}
