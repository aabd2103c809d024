using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Imports;

/// <summary>Merges a batch of rows into the catalogue: one transaction, a handful of statements, whatever its size.</summary>
/// <remarks>
/// 1. SKUs that an earlier row of the file had are put aside; those seen stand in a temporary table, so that memory does
/// not grow with the file. 2. What stands is read, and <see cref="MergePlan"/> decides. 3. Products that change are locked
/// in id order and decided on once more. 4. The rows are written, the events appended last. A key, slug or SKU that came
/// meanwhile violates its constraint, and the batch begins anew.
/// </remarks>
sealed class Merge(CatalogDatabase database, TimeProvider clock, ImportMap map)
{
    const int Attempts = 8;

    public static async Task Prepare(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var prepare = new NpgsqlCommand(
            "create temporary table if not exists import_seen (sku text primary key); truncate import_seen",
            connection
        );
        await prepare.ExecuteNonQueryAsync(stop);
    }

    public async Task<MergePlan> Apply(NpgsqlConnection connection, IReadOnlyList<Good> goods, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var work = new Work(database, transaction);
                var plan = await Once(work, goods, stop);
                await work.Append(stop);
                await work.Commit();
                return plan;
            }
            catch (Exception lost) when (attempt < Attempts && IsLostRace(lost))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2 << attempt), clock, stop);
            }
    }

    async Task<MergePlan> Once(Work work, IReadOnlyList<Good> goods, CancellationToken stop)
    {
        var (fresh, repeated) = await PutAside(work, goods, stop);
        var plan = await Plan(work, fresh, stop);
        // Standing goods and taken keys are two reads: what another import created between them has its key taken, and is
        // no stranger's.
        if (plan.Rejected.Exists(row => row.Why.Code == Rejections.KeyTaken.Code))
            plan = await Plan(work, fresh, stop);
        if (plan.Changed.Count + plan.Counted.Count > 0)
        {
            await Lock(
                work,
                [.. plan.Changed.Select(change => change.Good.Sku), .. plan.Counted.Select(good => good.Sku)],
                stop
            );
            plan = await Plan(work, fresh, stop);
        }
        plan.Rejected.AddRange(repeated.Select(good => (good, RowFaults.DuplicateSku)));
        await NewProducts.Insert(work, plan.Created, clock, stop);
        if (plan.Changed.Count > 0)
            await Change(work, plan, stop);
        await CountStock.Set(
            work,
            [.. plan.Counted.Select(good => good.Sku)],
            [.. plan.Counted.Select(good => good.Stock!.Value)],
            clock,
            stop
        );
        return plan;
    }

    async Task<MergePlan> Plan(Work work, IReadOnlyList<Good> goods, CancellationToken stop)
    {
        var standing = await Standings.Read(work, goods, stop);
        var created = goods
            .Where(good => !standing.ContainsKey(good.Sku))
            .ToDictionary(good => good.Sku, _ => Id<Product>.New(clock).Value, StringComparer.Ordinal);
        var plan = new MergePlan(map, await Standings.Facts(work, goods, created, stop));
        foreach (var good in goods)
            if (created.TryGetValue(good.Sku, out var id))
                plan.Create(good, id);
            else
                plan.Change(good, standing[good.Sku]);
        return plan;
    }

    /// <summary>The rows whose SKU no earlier row had, and the others.</summary>
    static async Task<(List<Good> Fresh, List<Good> Repeated)> PutAside(
        Work work,
        IReadOnlyList<Good> goods,
        CancellationToken stop
    )
    {
        await using var see = work.Command(
            "insert into import_seen select distinct unnest($1) on conflict do nothing returning sku",
            goods.Select(good => good.Sku).ToArray()
        );
        var unseen = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await see.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            unseen.Add(reader.GetString(0));
        var fresh = goods.ToLookup(good => unseen.Remove(good.Sku));
        return ([.. fresh[true]], [.. fresh[false]]);
    }

    static async Task Lock(Work work, string[] skus, CancellationToken stop)
    {
        await using var held = work.Command(
            """
            select id from products where id in (select product from variants where sku = any($1)) order by id for update
            """,
            skus
        );
        await held.ExecuteNonQueryAsync(stop);
    }

    async Task Change(Work work, MergePlan plan, CancellationToken stop)
    {
        // Variants of one product may come in one batch: the product is written once, whichever of them it is.
        var products = plan.Changed.DistinctBy(change => change.Was.Product).ToArray();
        var priced = plan.Changed.Where(change => plan.ChangesPrice(change.Good, change.Was)).ToArray();
        var moved = products.Where(change => plan.ChangesCategory(change.Good, change.Was)).ToArray();
        await using var batch = work.Batch();
        batch.Add(
            """
            update products p set title = n.title, slug = n.slug, description = n.description,
                version = p.version + 1, updated_at = $5
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) n(id, title, slug, description)
            where p.id = n.id
            """,
            products.Select(change => change.Was.Product).ToArray(),
            products.Select(change => change.Was.Variants == 1 ? change.Good.Title : change.Was.Title).ToArray(),
            products.Select(change => change.Slug).ToArray(),
            products
                .Select(change =>
                    change.Was.Variants == 1 ? plan.DescriptionOf(change.Good, change.Was) : change.Was.Description
                )
                .ToArray(),
            clock.GetUtcNow()
        );
        AddPrices(batch, [.. priced.Select(change => (change.Was.Variant, change.Good))]);
        AddCategories(batch, [.. moved.Select(change => (change.Was.Product, change.Good))]);
        await batch.ExecuteNonQueryAsync(stop);

        var ids = products.Select(change => change.Was.Product).ToArray();
        foreach (var view in await ProductReader.Of(work.Connection, ids, stop))
            work.Happened($"product-{view.Id}", ProductWriter.Updated(view));
    }

    static void AddPrices(NpgsqlBatch batch, IReadOnlyList<(Guid Variant, Good Good)> priced)
    {
        batch.Add(
            """
            delete from prices p using unnest($1::uuid[], $2::text[], $3::bigint[]) n(variant, currency, amount)
            where p.variant = n.variant and p.currency = n.currency and n.amount is null
            """,
            priced.Select(price => price.Variant).ToArray(),
            priced.Select(price => price.Good.Currency).ToArray(),
            priced.Select(price => price.Good.Price).ToArray()
        );
        batch.Add(
            """
            insert into prices (variant, currency, amount)
            select * from unnest($1::uuid[], $2::text[], $3::bigint[]) n(variant, currency, amount) where amount is not null
            on conflict (variant, currency) do update set amount = excluded.amount where prices.amount <> excluded.amount
            """,
            priced.Select(price => price.Variant).ToArray(),
            priced.Select(price => price.Good.Currency).ToArray(),
            priced.Select(price => price.Good.Price).ToArray()
        );
    }

    static void AddCategories(NpgsqlBatch batch, IReadOnlyList<(Guid Product, Good Good)> moved)
    {
        // One that the product stays in keeps its place there.
        batch.Add(
            """
            delete from product_categories pc using unnest($1::uuid[], $2::text[]) n(product, key)
            where pc.product = n.product and pc.category is distinct from (select id from categories c where c.key = n.key)
            """,
            moved.Select(m => m.Product).ToArray(),
            moved.Select(m => m.Good.Category).ToArray()
        );
        batch.Add(
            """
            insert into product_categories (product, category)
            select n.product, c.id from unnest($1::uuid[], $2::text[]) n(product, key) join categories c on c.key = n.key
            on conflict do nothing
            """,
            moved.Select(m => m.Product).ToArray(),
            moved.Select(m => m.Good.Category).ToArray()
        );
    }

    static bool IsLostRace(Exception exception) =>
        Writing.IsLostRace(exception)
        || exception
            is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
                or PostgresException { ConstraintName: "no_oversell" or "bundle_has_no_stock" };
}
