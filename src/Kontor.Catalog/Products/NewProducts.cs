using Kontor.Catalog.Options;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Products;

/// <summary>A product to be written, with the id and slug that it will have.</summary>
/// <param name="Typed">Its attributes as its type, held in the same transaction, has read them; null where it has none.</param>
sealed record NewProduct(Guid Id, Product Product, TypedProduct? Typed = null)
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
        await InsertUnique(work, products, stop);
        await Publishing.Set(
            work,
            [.. products.Where(p => p.Product.Publication is not null).Select(p => (p.Id, p.Product.Publication!))],
            stop
        );
        foreach (var (id, product, _) in products)
            work.Happened(
                $"product-{id}",
                new ProductCreated(
                    id,
                    product.Key,
                    1,
                    product.Slug!,
                    product.Title,
                    [.. product.Variants.Select(variant => new ProductVariant(variant.Sku, InOrder(variant)))],
                    product.Publication,
                    product.Texts.Titles
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
            .SelectMany(p => p.Product.Variants.Select((variant, i) => (p.Id, p.Typed, Variant: variant, Place: i + 1)))
            .Select(v => (v.Id, v.Typed, v.Variant, v.Place, Own: Id<Variant>.New(clock).Value))
            .ToArray();
        var prices = variants.SelectMany(v => v.Variant.Prices.Select(price => (v.Own, Price: price))).ToArray();
        var categories = products.SelectMany(p => p.Product.Categories.Select(key => (p.Id, Key: key))).ToArray();
        await using var batch = work.Batch();
        AddProducts(batch, products, clock);
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
            insert into variants (id, product, sku, position, attributes, attributes_next, options)
            select id, product, sku, position, coalesce(attributes::jsonb, '{}'), next::jsonb, options::jsonb
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[])
                v(id, product, sku, position, attributes, next, options)
            """,
            variants.Select(v => v.Own).ToArray(),
            variants.Select(v => v.Id).ToArray(),
            variants.Select(v => v.Variant.Sku).ToArray(),
            variants.Select(v => v.Place).ToArray(),
            variants.Select(v => v.Typed?.VariantJson(v.Place - 1)).ToArray(),
            variants.Select(v => v.Typed?.VariantNextJson(v.Place - 1)).ToArray(),
            variants.Select(v => Axes.Json(v.Variant.Options)).ToArray()
        );
        batch.Add(
            "insert into prices (variant, currency, amount) select * from unnest($1::uuid[], $2::text[], $3::bigint[])",
            prices.Select(price => price.Own).ToArray(),
            prices.Select(price => price.Price.Currency).ToArray(),
            prices.Select(price => price.Price.Amount).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
    }

    static void AddProducts(NpgsqlBatch batch, IReadOnlyList<NewProduct> products, TimeProvider clock) =>
        batch.Add(
            """
            insert into products
                (id, key, type, title, slug, description, version, created_at, updated_at, attributes, attributes_next, generation, texts,
                    options)
            select id, key, type, title, slug, description, 1, $7, $7, coalesce(attributes::jsonb, '{}'), next::jsonb, generation,
                texts::jsonb, options::jsonb
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $8::text[], $9::text[], $10::bigint[],
                    $11::text[], $12::text[])
                p(id, key, type, title, slug, description, attributes, next, generation, texts, options)
            """,
            products.Select(p => p.Id).ToArray(),
            products.Select(p => p.Product.Key).ToArray(),
            products.Select(p => p.Product.Type).ToArray(),
            products.Select(p => p.Product.Title).ToArray(),
            products.Select(p => p.Slug).ToArray(),
            products.Select(p => p.Product.Description).ToArray(),
            clock.GetUtcNow(),
            products.Select(p => p.Typed?.Json).ToArray(),
            products.Select(p => p.Typed?.NextJson).ToArray(),
            products.Select(p => p.Typed?.Type.Generation ?? 0).ToArray(),
            products.Select(p => p.Product.Texts.Json()).ToArray(),
            products.Select(p => Axes.Json(p.Product.Options)).ToArray()
        );

    /// <summary>A value that another product has violates its constraint, as a SKU does.</summary>
    public static async Task InsertUnique(Work work, IReadOnlyList<NewProduct> products, CancellationToken stop)
    {
        var values = products
            .Where(p => p.Typed is not null)
            .SelectMany(p => AttributeWriter.Unique(p.Typed!).Select(value => (New: p, p.Typed!.Type, Value: value)))
            .ToArray();
        if (values.Length == 0)
            return;
        await using var insert = work.Command(
            """
            insert into unique_values (type, generation, attribute, value, product, variant)
            select n.type, n.generation, n.attribute, n.value, n.product, v.id
            from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::text[])
                n(type, generation, attribute, value, product, sku)
            left join variants v on v.sku = n.sku
            order by 1, 2, 3, 4
            """,
            values.Select(v => v.Type.Key).ToArray(),
            values.Select(v => v.Value.Generation).ToArray(),
            values.Select(v => v.Value.Attribute).ToArray(),
            values.Select(v => v.Value.Text).ToArray(),
            values.Select(v => v.New.Id).ToArray(),
            values.Select(v => v.Value.Variant is { } i ? v.New.Product.Variants[i].Sku : null).ToArray()
        );
        await insert.ExecuteNonQueryAsync(stop);
    }

    static IReadOnlyList<Money> InOrder(Variant variant) =>
        [.. variant.Prices.OrderBy(price => price.Currency, StringComparer.Ordinal)];
}
