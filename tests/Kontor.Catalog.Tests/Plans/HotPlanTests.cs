using System.Diagnostics;
using System.Text.RegularExpressions;
using Kontor.Catalog.Stock;
using Kontor.Catalog.Tests.Prices;
using Npgsql;

namespace Kontor.Catalog.Tests.Plans;

/// <summary>How the hot statements are run where there is much: the statements are those that the door asked, as it asked
/// them, planned once for all values.</summary>
[Trait("Kind", "slow")]
public sealed partial class HotPlanTests(Shop shop, ITestOutputHelper output) : IClassFixture<Shop>
{
    static readonly string[] Big =
    [
        "products",
        "variants",
        "prices",
        "price_rows",
        "stock",
        "stock_movements",
        "product_categories",
        "product_media",
        "deliveries",
        "delivery_lines",
        "reservations",
        "reservation_lines",
        "slugs",
    ];

    const string Page = """
        query($after: String) {
          products(first: 100, after: $after, country: "SE", quantity: 5) { nodes {
            media { key } variants { sku prices { amount } availability stock(first: 2) { onHand } }
            productType { title } inCategories { title parentCategory { key } } allVariants(first: 5) { nodes { sku } }
          } }
        }
        """;

    [Fact]
    public async Task With_a_hundred_thousand_of_each_no_hot_statement_scans_a_big_table()
    {
        await Fill();
        var clerk = shop.Clerk;

        await Plans("a product by slug", await clerk.Get("/api/v1/products/plan-7?country=SE&quantity=5"));
        await Plans("a page of products", await clerk.Get("/api/v1/products?limit=100&channel=web&currency=EUR"));
        await Plans("a page of a category", await clerk.Get("/api/v1/products?limit=100&category=plan-7"));
        await Plans("variants of a product", await clerk.Get("/api/v1/products/plan-7/variants?country=SE"));
        var next = (await clerk.Get("/api/v1/products/plan-1/variants?limit=1")).Is(200);
        await Plans("more variants", await clerk.Get($"/api/v1/products/plan-1/variants?after={next.Next}&limit=500"));
        await Plans("a page by GraphQL", await clerk.Post("/graphql", new { query = Page }));
        await Plans("the whole tree", await clerk.Get("/api/v1/category-tree"));
        await Plans("a part of the tree", await clerk.Get("/api/v1/category-tree?root=plan-7&channel=web"));
        await Plans("availability", await clerk.Get("/api/v1/variants/PLAN-7/availability"));
        await Plans("availability explained", await clerk.Get("/api/v1/variants/PLAN-7/availability/explain"));
        await Plans("prices of a variant", await clerk.Get("/api/v1/prices?sku=PLAN-7"));
        await Plans("deliveries", await clerk.Get("/api/v1/deliveries?limit=100"));
        await Plans("deliveries of a state", await clerk.Get("/api/v1/deliveries?limit=100&state=received"));
        await Plans("a delivery", await clerk.Get("/api/v1/deliveries/plan-7"));
        await Plans("pictures", await clerk.Get("/api/v1/products/plan-7/media"));
    }

    [Fact]
    public async Task Nor_does_an_offer_a_reservation_or_the_verdict_on_a_type()
    {
        await Fill();
        string[] skus = [.. Enumerable.Range(1, 50).Select(i => $"PLAN-{i}")];

        var offered = await shop.Clerk.Post(
            "/api/v1/offers",
            new
            {
                currency = "EUR",
                country = "SE",
                skus,
            }
        );
        await Plans("offers", offered.Is(200));
        var check = """{"title":"Plan","attributes":[{"key":"size","kind":"number","required":true,"max":5}]}""";
        await Plans("a verdict", (await shop.Clerk.Post("/api/v1/product-types/plan-7/check", check)).Is(200));
        await Plans(
            "the desk",
            await Settled(),
            "enable_seqscan",
            "enable_bitmapscan",
            "enable_hashjoin",
            "enable_mergejoin"
        );
    }

    /// <summary>The desk settles for all who wait, outside of their requests: it is asked by itself.</summary>
    async Task<IReadOnlyList<string>> Settled()
    {
        using var desk = Statements.Start();
        using var asked = new Activity("desk").SetParentId(desk.TraceParent).Start();
        var wish = Wish.Of(
            new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), [new("PLAN-7", 1)]),
            ReservationOwner.Checkout
        );

        var settled = await StockBatch.Settle(shop.Database, [wish], 1_000, TimeProvider.System);

        Assert.True(Assert.Single(settled!).Holds);
        return desk.Texts;
    }

    async Task Plans(string what, Answer answer)
    {
        Assert.True(answer.Status == 200, $"{what}: {answer.Text}");
        await Plans(what, answer.Asked);
    }

    async Task Plans(string what, IReadOnlyList<string> asked, params string[] off)
    {
        // A batch is told as one text. What is written is found by what was read and locked before.
        var planned = asked
            .SelectMany(text => text.Split(';'))
            .Select(text => text.Trim())
            .Where(text =>
                text.StartsWith("select", StringComparison.Ordinal)
                || text.StartsWith("with recursive", StringComparison.Ordinal)
            )
            .ToList();
        Assert.NotEmpty(planned);
        foreach (var statement in planned)
            await NoScan(what, statement, off);
    }

    async Task NoScan(string what, string statement, string[] off)
    {
        output.WriteLine($"{what}: {statement[..Math.Min(statement.Length, 60)].ReplaceLineEndings(" ")}");
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await Run(connection, "set plan_cache_mode = force_generic_plan");
        foreach (var way in off)
            await Run(connection, $"set {way} = off");
        var (types, values) = (Types(statement), new List<string>());
        values.AddRange(types.Select(_ => "null"));
        await Run(connection, $"prepare asked{Listed(types)} as {statement}");
        await using var explain = new NpgsqlCommand($"explain execute asked{Listed(values)}", connection);
        var plan = new List<string>();
        await using (var reader = await explain.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
        await Run(connection, "deallocate asked");
        var whole = $"{what}\n{statement}\n{string.Join('\n', plan)}";
        Assert.All(Big, table => Assert.False(plan.Exists(line => line.Contains($"Seq Scan on {table} ")), whole));
    }

    static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var run = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await run.ExecuteNonQueryAsync();
    }

    /// <summary>Those of its parameters: what PostgreSQL finds out, but for a parameter that the statement does not name.</summary>
    static List<string> Types(string statement)
    {
        var named = Parameter()
            .Matches(statement)
            .Select(found => int.Parse(found.Groups["number"].Value, null))
            .ToHashSet();
        return
        [
            .. Enumerable.Range(1, named.DefaultIfEmpty().Max()).Select(n => named.Contains(n) ? "unknown" : "text"),
        ];
    }

    static string Listed(List<string> words) => words.Count == 0 ? "" : $"({string.Join(", ", words)})";

    [GeneratedRegex(@"\$(?<number>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    async Task Fill()
    {
        if (await shop.Query<long>("select count(*) from products") > 0)
            return;
        await shop.Channels("web");
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        foreach (var statement in Much.Split(";\n"))
            await Run(connection, statement);
        foreach (var table in Big.Append("categories").Append("media").Append("product_types").Append("locations"))
            await shop.Analyze(table);
    }

    const string Much = """
        insert into product_types (key, title) select 'plan-' || i, 'Plan' from generate_series(0, 199) i;
        insert into categories (id, key, title) select gen_random_uuid(), 'plan-' || i, 'Plan' from generate_series(0, 499) i;
        insert into products (id, key, type, title, slug, version, created_at, updated_at)
        select gen_random_uuid(), 'plan-' || i, 'plan-' || i % 200, 'plan ' || i, 'plan-' || i, 1, now(), now()
        from generate_series(1, 100000) i;
        insert into variants (id, product, sku, position)
        select gen_random_uuid(), id, upper(key), 1 from products;
        insert into variants (id, product, sku, position)
        select gen_random_uuid(), p.id, 'MANY-' || i, 1 + i from products p, generate_series(1, 5000) i where p.key = 'plan-1';
        insert into prices select id, 'EUR', 100 from variants;
        insert into price_rows (key, variant, currency, amount, country, min_quantity, version)
        select id, id, 'EUR', 1, 'SE', 5, 1 from variants;
        insert into stock (variant, location, on_hand) select id, 'main', 5 from variants;
        insert into product_categories (category, product)
        select c.id, p.id from products p join categories c on c.key = 'plan-' || split_part(p.key, '-', 2)::int % 500;
        insert into media (key, file, digest, width, height, widths, version, created_at, updated_at)
        select key, gen_random_uuid(), '', 1, 1, '{1}', 1, now(), now() from products limit 1000;
        insert into product_media (product, media, position)
        select p.id, m.key, 1 from products p join (select key, row_number() over () - 1 as n from media) m
            on m.n = split_part(p.key, '-', 2)::int % 1000;
        insert into deliveries (id, key, destination, state, version, created_at, updated_at)
        select gen_random_uuid(), 'plan-' || i, 'main', case i % 3 when 0 then 'planned' when 1 then 'underWay' else 'received' end,
            1, now(), now() from generate_series(1, 100000) i;
        insert into delivery_lines (delivery, variant, sku, quantity)
        select d.id, v.id, v.sku, 1 from deliveries d join variants v on v.sku = upper(d.key);
        insert into reservations (id, state, created_at) select id, 'committed', now() from products
        """;
}
