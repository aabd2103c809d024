using Kontor.Catalog.Options;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Products;

/// <summary>Writes the parts of a product that creating and changing share.</summary>
static class ProductWriter
{
    /// <summary>How often a slug is made for a product that asks for none, where others take it in the same moment.</summary>
    public const int SlugAttempts = 3;

    /// <summary>Those of some slugs that a product has or had.</summary>
    public const string SlugsTaken =
        "select slug from products where slug = any($1) union select slug from slugs where slug = any($1)";

    /// <summary>The slug to store: the one asked for, or one made from title and key that nobody has.</summary>
    public static async Task<string> ChooseSlug(Work work, Guid id, Product product, CancellationToken stop)
    {
        if (product.Slug is { } asked)
            return asked;
        string[] candidates = Candidates(id, product);
        await using var taken = work.Command(SlugsTaken, (object)candidates);
        var found = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await taken.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(reader.GetString(0));
        return candidates.First(candidate => !found.Contains(candidate));
    }

    /// <summary>From the fairest to the one that is certainly free.</summary>
    public static string[] Candidates(Guid id, Product product)
    {
        var title = Product.SlugOf(product.Title);
        var key = Product.SlugOf(product.Key);
        var tail = $"p-{id:N}";
        string[] fair = [title ?? "", $"{title}-{key}".Trim('-')];
        return [.. fair.Where(slug => slug.Length is > 0 and <= 100 && Product.IsSlug(slug)), tail];
    }

    /// <summary>The product of an id or slug, which nobody else changes meanwhile; null where there is none.</summary>
    public static async Task<(Guid Id, string Type)?> Lock(Work work, string name, CancellationToken stop)
    {
        var byId = Guid.TryParseExact(name, "D", out var id);
        await using var find = work.Command(
            byId
                ? "select id, type from products where id = $1 for update"
                : "select id, type from products where slug = $1 for update",
            byId ? id : name
        );
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? (reader.GetGuid(0), reader.GetString(1)) : null;
    }

    /// <summary>Replaces the categories; a refusal when one does not exist.</summary>
    public static async Task<Rejection?> SetCategories(
        Work work,
        Guid product,
        IReadOnlyList<string> keys,
        CancellationToken stop
    )
    {
        await using var batch = work.Batch();
        batch.Add(
            """
            delete from product_categories where product = $1
            and category not in (select id from categories where key = any($2))
            """,
            product,
            keys.ToArray()
        );
        batch.Add(
            """
            insert into product_categories (category, product)
            select id, $1 from categories where key = any($2) on conflict do nothing
            """,
            product,
            keys.ToArray()
        );
        batch.Add(
            "select key from unnest($1) key where key not in (select key from categories) limit 1",
            (object)keys.ToArray()
        );
        return await batch.ExecuteScalarAsync(stop) is string missing
            ? Rejections.UnknownCategory.Because($"'{missing}' does not exist.")
            : null;
    }

    /// <summary>Makes the product's variants the given ones: new SKUs come, known ones take their prices and count,
    /// others go unless pieces of them are held.</summary>
    public static async Task<Rejection?> SetVariants(
        Work work,
        Guid product,
        IReadOnlyList<Variant> variants,
        TypedProduct typed,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var skus = variants.Select(variant => variant.Sku).ToArray();
        await using var batch = work.Batch();
        batch.Add("delete from variants where product = $1 and sku <> all($2)", product, skus);
        batch.Add(
            """
            insert into variants (id, product, sku, position, attributes, attributes_next, options)
            select id, $1, sku, place, attributes::jsonb, next::jsonb, options::jsonb
            from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
                with ordinality as v(id, sku, attributes, next, options, place)
            on conflict (sku) do update set position = excluded.position, attributes = excluded.attributes,
                attributes_next = excluded.attributes_next, options = excluded.options
            where variants.product = excluded.product
            """,
            product,
            skus.Select(_ => Id<Variant>.New(clock).Value).ToArray(),
            skus,
            skus.Select((_, i) => typed.VariantJson(i)).ToArray(),
            skus.Select((_, i) => typed.VariantNextJson(i)).ToArray(),
            variants.Select(variant => Axes.Json(variant.Options)).ToArray()
        );
        AddPrices(batch, product, variants);
        await batch.ExecuteNonQueryAsync(stop);
        if (batch.BatchCommands[1].RecordsAffected != skus.Length)
            return Rejections.SkuTaken;
        await Count(work, variants, clock, stop);
        return null;
    }

    static async Task Count(Work work, IReadOnlyList<Variant> variants, TimeProvider clock, CancellationToken stop)
    {
        var counted = variants.Where(variant => variant.Stock is not null).ToArray();
        await CountStock.Set(
            work,
            [.. counted.Select(variant => variant.Sku)],
            [.. counted.Select(variant => variant.Stock!.Value)],
            clock,
            stop
        );
    }

    static void AddPrices(NpgsqlBatch batch, Guid product, IReadOnlyList<Variant> variants)
    {
        var prices = variants
            .SelectMany(v => v.Prices.Select(price => (v.Sku, price.Currency, price.Amount)))
            .ToArray();
        batch.Add(
            """
            delete from prices p using variants v where v.id = p.variant and v.product = $1
            and not exists (select from unnest($2::text[], $3::text[]) w(sku, currency) where w.sku = v.sku and w.currency = p.currency)
            """,
            product,
            prices.Select(price => price.Sku).ToArray(),
            prices.Select(price => price.Currency).ToArray()
        );
        batch.Add(
            """
            insert into prices (variant, currency, amount)
            select v.id, w.currency, w.amount
            from unnest($2::text[], $3::text[], $4::bigint[]) w(sku, currency, amount)
            join variants v on v.sku = w.sku and v.product = $1
            on conflict (variant, currency) do update set amount = excluded.amount where prices.amount <> excluded.amount
            """,
            product,
            prices.Select(price => price.Sku).ToArray(),
            prices.Select(price => price.Currency).ToArray(),
            prices.Select(price => price.Amount).ToArray()
        );
    }

    /// <summary>Writes a product's attributes and those of its variants in all forms that its type asks for, and the
    /// values that are to be unique.</summary>
    /// <remarks>All of them, or the product would stand in two generations at once; a product without attributes is left
    /// alone.</remarks>
    public static async Task<Rejection?> SetAttributes(
        Work work,
        Guid id,
        Product product,
        TypedProduct typed,
        CancellationToken stop
    )
    {
        if (typed.Type.Key == TypeDefinition.Default.Key)
            return null;
        await using var batch = work.Batch();
        batch.Add(
            "update products set attributes = $2::jsonb, attributes_next = $3::jsonb, generation = $4 where id = $1",
            id,
            typed.Json,
            typed.NextJson,
            typed.Type.Generation
        );
        batch.Add(
            """
            update variants v set attributes = n.attributes::jsonb, attributes_next = n.next::jsonb
            from unnest($2::text[], $3::text[], $4::text[]) n(sku, attributes, next)
            where v.product = $1 and v.sku = n.sku
            and (v.attributes, v.attributes_next) is distinct from (n.attributes::jsonb, n.next::jsonb)
            """,
            id,
            product.Variants.Select(variant => variant.Sku).ToArray(),
            product.Variants.Select((_, i) => typed.VariantJson(i)).ToArray(),
            product.Variants.Select((_, i) => typed.VariantNextJson(i)).ToArray()
        );
        await batch.ExecuteNonQueryAsync(stop);
        return await SetUnique(work, id, product, typed, stop);
    }

    /// <summary>Writes the values that are to be unique, after the variants.</summary>
    public static async Task<Rejection?> SetUnique(
        Work work,
        Guid id,
        Product product,
        TypedProduct typed,
        CancellationToken stop
    ) =>
        AttributeWriter.HasUnique(typed)
            ? await AttributeWriter.SetUnique(
                work,
                id,
                typed,
                [.. product.Variants.Select(variant => variant.Sku)],
                stop
            )
            : null;

    /// <summary>The refusal that a violated constraint stands for; null where it is a bug.</summary>
    public static Rejection? RefusalOf(PostgresException violated) =>
        violated.ConstraintName switch
        {
            "product_key_once" => Rejections.KeyTaken,
            "product_slug_once" => Rejections.SlugTaken,
            "sku_once" => Rejections.SkuTaken,
            "no_oversell" => Rejections.StockBelowReserved,
            "bundle_has_no_stock" => Rejections.SkuIsBundle,
            "bundle_component_stands" => Rejections.VariantInBundle,
            "product_channel_exists" => Rejections.UnknownChannel,
            "products_type_fkey" => Rejections.UnknownProductType,
            "product_categories_category_fkey" => Rejections.UnknownCategory,
            _ => null,
        };

    public static ProductCreated Created(ProductView view) =>
        new(
            view.Id,
            view.Key,
            view.Version,
            view.Slug,
            view.Title,
            Published(view),
            view.Publication,
            view.Texts.Titles
        );

    public static ProductUpdated Updated(ProductView view) =>
        new(
            view.Id,
            view.Key,
            view.Version,
            view.Slug,
            view.Title,
            Published(view),
            view.Publication,
            view.Texts.Titles
        );

    static IReadOnlyList<ProductVariant> Published(ProductView product) =>
        [.. product.Variants.Select(variant => new ProductVariant(variant.Sku, variant.Prices))];
}
