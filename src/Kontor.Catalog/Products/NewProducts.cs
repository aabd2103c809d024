using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Products;

/// <summary>A product to be written, with the id and slug that it will have.</summary>
sealed record NewProduct(Guid Id, Product Product)
{
    public string Slug => Product.Slug!;
}

/// <summary>Brings many products in with few statements, for imports and the demo catalogue.</summary>
static class NewProducts
{
    /// <summary>Inserts products that were checked before, with every event. A key, slug or SKU that came meanwhile
    /// violates its constraint.</summary>
    public static async Task Insert(
        Work work,
        IReadOnlyList<NewProduct> products,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (products.Count == 0)
            return;
        await InsertRows(work, products, clock, stop);
        foreach (var (id, product) in products)
            work.Happened(
                $"product-{id}",
                new ProductCreated(
                    id,
                    product.Key,
                    1,
                    product.Slug!,
                    product.Title,
                    [.. product.Variants.Select(variant => new ProductVariant(variant.Sku, InOrder(variant)))]
                ),
                expected: 0
            );
        var counted = products
            .SelectMany(p => p.Product.Variants)
            .Where(variant => variant.Stock is not null)
            .ToArray();
        await CountStock.Set(
            work,
            [.. counted.Select(variant => variant.Sku)],
            [.. counted.Select(variant => variant.Stock!.Value)],
            clock,
            stop
        );
    }

    static async Task InsertRows(
        Work work,
        IReadOnlyList<NewProduct> products,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var variants = products
            .SelectMany(p => p.Product.Variants.Select((variant, i) => (p.Id, Variant: variant, Place: i + 1)))
            .Select(v => (v.Id, v.Variant, v.Place, Own: Id<Variant>.New(clock).Value))
            .ToArray();
        var prices = variants.SelectMany(v => v.Variant.Prices.Select(price => (v.Own, Price: price))).ToArray();
        var categories = products.SelectMany(p => p.Product.Categories.Select(key => (p.Id, Key: key))).ToArray();
        await using var batch = work.Batch();
        batch.Add(
            """
            insert into products (id, key, type, title, slug, description, version, created_at, updated_at)
            select id, key, type, title, slug, description, 1, $7, $7
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) p(id, key, type, title, slug, description)
            """,
            products.Select(p => p.Id).ToArray(),
            products.Select(p => p.Product.Key).ToArray(),
            products.Select(p => p.Product.Type).ToArray(),
            products.Select(p => p.Product.Title).ToArray(),
            products.Select(p => p.Slug).ToArray(),
            products.Select(p => p.Product.Description).ToArray(),
            clock.GetUtcNow()
        );
        batch.Add(
            """
            insert into product_categories (product, category)
            select w.product, c.id from unnest($1::uuid[], $2::text[]) w(product, key) join categories c on c.key = w.key
            """,
            categories.Select(c => c.Id).ToArray(),
            categories.Select(c => c.Key).ToArray()
        );
        batch.Add(
            """
            insert into variants (id, product, sku, position)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[])
            """,
            variants.Select(v => v.Own).ToArray(),
            variants.Select(v => v.Id).ToArray(),
            variants.Select(v => v.Variant.Sku).ToArray(),
            variants.Select(v => v.Place).ToArray()
        );
        batch.Add(
            "insert into prices (variant, currency, amount) select * from unnest($1::uuid[], $2::text[], $3::bigint[])",
            prices.Select(price => price.Own).ToArray(),
            prices.Select(price => price.Price.Currency).ToArray(),
            prices.Select(price => price.Price.Amount).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
    }

    static IReadOnlyList<Money> InOrder(Variant variant) =>
        [.. variant.Prices.OrderBy(price => price.Currency, StringComparer.Ordinal)];
}
