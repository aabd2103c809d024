using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Demo;

/// <summary>Fills an empty catalogue with goods to look at, in one transaction: all of them or none.</summary>
public sealed class DemoCatalogue(CatalogDatabase database, TimeProvider clock)
{
    /// <summary>Loads the demo where there is no product yet; says whether it did. Of two processes that start at once
    /// one loads and the other waits and finds it there.</summary>
    public async Task<bool> Load(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        await using var look = work.Batch();
        look.Add("select pg_advisory_xact_lock(hashtextextended('kontor.demo', 0))");
        look.Add("select exists (select from products) or exists (select from categories)");
        await using (var reader = await look.ExecuteReaderAsync(stop))
        {
            await reader.NextResultAsync(stop);
            await reader.ReadAsync(stop);
            if (reader.GetBoolean(0))
                return false;
        }
        await StoreCategories(work, stop);
        await StoreProducts(
            work,
            [.. DemoGoods.All().Select(product => (Id<Product>.New(clock).Value, product))],
            stop
        );
        await work.Append(stop);
        await work.Commit();
        return true;
    }

    async Task StoreCategories(Work work, CancellationToken stop)
    {
        var tree = DemoGoods.Tree;
        await using var insert = work.Command(
            """
            with added as (
                select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) with ordinality as c(id, key, title, parent, place)
            )
            insert into categories (id, key, title, parent, position)
            select c.id, c.key, c.title, p.id, c.place from added c left join added p on p.key = c.parent
            """,
            tree.Select(_ => Id<DemoCategory>.New(clock).Value).ToArray(),
            tree.Select(category => category.Key).ToArray(),
            tree.Select(category => category.Title).ToArray(),
            tree.Select(category => category.Parent).ToArray()
        );
        await insert.ExecuteNonQueryAsync(stop);
        foreach (var category in tree)
            work.Happened(
                $"category-{category.Key}",
                new CategoryCreated(category.Key, category.Title, category.Parent),
                expected: 0
            );
    }

    async Task StoreProducts(Work work, IReadOnlyList<(Guid Id, Product Product)> goods, CancellationToken stop)
    {
        await using var batch = work.Batch();
        batch.Add(
            """
            insert into products (id, key, type, title, slug, description, version, created_at, updated_at)
            select id, key, $6, title, slug, description, 1, $7, $7
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) p(id, key, title, slug, description)
            """,
            goods.Select(g => g.Id).ToArray(),
            goods.Select(g => g.Product.Key).ToArray(),
            goods.Select(g => g.Product.Title).ToArray(),
            goods.Select(g => Product.SlugOf(g.Product.Title)!).ToArray(),
            goods.Select(g => g.Product.Description).ToArray(),
            Product.DefaultType,
            clock.GetUtcNow()
        );
        batch.Add(
            """
            insert into product_categories (category, product)
            select c.id, p.id from unnest($1::uuid[], $2::text[]) p(id, category) join categories c on c.key = p.category
            """,
            goods.SelectMany(g => g.Product.Categories.Select(_ => g.Id)).ToArray(),
            goods.SelectMany(g => g.Product.Categories).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
        await StoreVariants(work, goods, stop);
        foreach (var (id, product) in goods)
            Happened(work, id, product);
    }

    async Task StoreVariants(Work work, IReadOnlyList<(Guid Id, Product Product)> goods, CancellationToken stop)
    {
        var variants = goods
            .SelectMany(g => g.Product.Variants.Select((v, place) => (Product: g.Id, v, place)))
            .ToArray();
        var prices = variants.SelectMany(v => v.v.Prices.Select(price => (v.v.Sku, price))).ToArray();
        await using var batch = work.Batch();
        batch.Add(
            """
            insert into variants (id, product, sku, position)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[])
            """,
            variants.Select(_ => Id<Variant>.New(clock).Value).ToArray(),
            variants.Select(v => v.Product).ToArray(),
            variants.Select(v => v.v.Sku).ToArray(),
            variants.Select(v => v.place + 1).ToArray()
        );
        batch.Add(
            """
            insert into prices (variant, currency, amount)
            select v.id, p.currency, p.amount from unnest($1::text[], $2::text[], $3::bigint[]) p(sku, currency, amount)
            join variants v on v.sku = p.sku
            """,
            prices.Select(p => p.Sku).ToArray(),
            prices.Select(p => p.price.Currency).ToArray(),
            prices.Select(p => p.price.Amount).ToArray()
        );
        batch.Add(
            """
            insert into stock (variant, location, on_hand)
            select v.id, $3, s.on_hand from unnest($1::text[], $2::bigint[]) s(sku, on_hand) join variants v on v.sku = s.sku
            """,
            variants.Select(v => v.v.Sku).ToArray(),
            variants.Select(v => v.v.Stock ?? 0).ToArray(),
            StockLevel.MainLocation
        );
        await batch.ExecuteNonQueryAsync(stop);
    }

    static void Happened(Work work, Guid id, Product product)
    {
        var slug = Product.SlugOf(product.Title)!;
        work.Happened(
            $"product-{id}",
            new ProductCreated(
                id,
                product.Key,
                1,
                slug,
                product.Title,
                [.. product.Variants.Select(variant => new ProductVariant(variant.Sku, variant.Prices))]
            ),
            expected: 0
        );
        foreach (var variant in product.Variants)
            StockLevel.Changed(
                work,
                variant.Sku,
                StockLevel.MainLocation,
                default,
                new StockLevel(variant.Stock ?? 0, 0, 0),
                "counted"
            );
    }
}
