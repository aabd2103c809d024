using Kontor.Catalog.Options;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Stock;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Bulk;

/// <summary>A line whose product stands and is to be another, or to have another count.</summary>
/// <param name="Standing">As it is, locked.</param>
/// <param name="Product">As it is to be.</param>
sealed record ChangedLine(WantedLine Line, ProductView Standing, Product Product, TypedProduct Typed)
{
    public Guid Id => Standing.Id;
}

/// <summary>Writes many changed products with as many statements as one.</summary>
/// <remarks>What it knows how to write is named in <see cref="Knows"/>; a product that differs in anything else, what joins
/// products later too, is changed alone. So is every line of a batch in which one breaks a rule of the database.</remarks>
static class ChangedProducts
{
    /// <summary>The line as a change that is written here; null where it has to be tried alone.</summary>
    public static ChangedLine? Knows(WantedLine line, ProductView standing, BulkStanding rows)
    {
        if (standing.Publication?.DeletedAt is not null || (line.Wanted.Type ?? standing.Type) != standing.Type)
            return null;
        if (
            !ChangeProduct.Decide(standing, new()).Is(out var now, out _)
            || !ChangeProduct.Decide(standing, BulkProducts.PatchOf(line.Wanted)).Is(out var product, out _)
            || !rows.Read(product).Is(out var typed, out _)
        )
            return null;
        var written = now with
        {
            Title = product.Title,
            Slug = product.Slug,
            Description = product.Description,
            Categories = product.Categories,
            Attributes = product.Attributes,
            Publication = product.Publication,
            Variants = product.Variants,
            Options = Axes.IsSame(now.Options, product.Options) ? product.Options : now.Options,
        };
        return written == product && HasTheSameVariants(now, product) ? new(line, standing, product, typed) : null;
    }

    /// <summary>In whatever order: none comes and none goes, which asks for more.</summary>
    static bool HasTheSameVariants(Product now, Product wanted)
    {
        var known = now.Variants.ToDictionary(variant => variant.Sku, StringComparer.Ordinal);
        return known.Count == wanted.Variants.Count
            && wanted.Variants.All(variant =>
                known.TryGetValue(variant.Sku, out var old)
                && old with
                {
                    Prices = variant.Prices,
                    Attributes = variant.Attributes,
                    Stock = variant.Stock,
                    Options = Axes.IsSame(old.Options, variant.Options) ? variant.Options : old.Options,
                } == variant
            );
    }

    /// <summary>Whether one names a category, product or category by reference, that does not exist.</summary>
    public static async Task<bool> LacksSomething(
        Work work,
        IReadOnlyList<ChangedLine> lines,
        CancellationToken stop
    ) =>
        await AttributeWriter.Missing(work, [.. lines.Select(line => line.Typed)], stop)
        || await BulkStanding.LacksCategory(work, lines.SelectMany(line => line.Product.Categories), stop);

    /// <summary>Writes them. A slug, a value that is to be unique, a channel or a count that cannot be violates its constraint.</summary>
    public static async Task Write(
        Work work,
        IReadOnlyList<ChangedLine> lines,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        await WriteProducts(work, lines, stop);
        await WriteVariants(work, lines, stop);
        await Publishing.Set(
            work,
            [
                .. lines
                    .Where(line => !Publishing.IsSame(line.Standing.Publication, line.Product.Publication))
                    .Select(line => (line.Id, line.Product.Publication ?? Publishing.AtOnce)),
            ],
            stop
        );
        await WriteUnique(work, lines, stop);
        var counted = lines
            .SelectMany(line => line.Product.Variants)
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

    static async Task WriteProducts(Work work, IReadOnlyList<ChangedLine> lines, CancellationToken stop)
    {
        var ids = lines.Select(line => line.Id).ToArray();
        var typed = lines.Where(line => line.Typed.Type.Key != TypeDefinition.Default.Key).ToArray();
        await using var batch = work.Batch();
        batch.Add(
            """
            update products p set title = w.title, slug = w.slug, description = w.description
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) w(id, title, slug, description)
            where p.id = w.id
            and (p.title, p.slug, p.description) is distinct from (w.title, w.slug, w.description)
            """,
            ids,
            lines.Select(line => line.Product.Title).ToArray(),
            lines.Select(line => line.Product.Slug).ToArray(),
            lines.Select(line => line.Product.Description).ToArray()
        );
        batch.Add(
            """
            update products p set attributes = w.attributes::jsonb, attributes_next = w.next::jsonb, generation = w.generation
            from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) w(id, attributes, next, generation)
            where p.id = w.id
            """,
            typed.Select(line => line.Id).ToArray(),
            typed.Select(line => line.Typed.Json).ToArray(),
            typed.Select(line => line.Typed.NextJson).ToArray(),
            typed.Select(line => line.Typed.Type.Generation).ToArray()
        );
        AddCategories(batch, ids, lines);
        await batch.ExecuteNonQueryAsync(stop);
    }

    static void AddCategories(NpgsqlBatch batch, Guid[] ids, IReadOnlyList<ChangedLine> lines)
    {
        var shelved = lines
            .SelectMany(line => line.Product.Categories.Distinct(StringComparer.Ordinal).Select(key => (line.Id, key)))
            .ToArray();
        batch.Add(
            """
            delete from product_categories c where c.product = any($1) and not exists (
                select from unnest($2::uuid[], $3::text[]) w(product, key) join categories k on k.key = w.key
                where w.product = c.product and k.id = c.category
            )
            """,
            ids,
            shelved.Select(one => one.Id).ToArray(),
            shelved.Select(one => one.key).ToArray()
        );
        batch.Add(
            """
            insert into product_categories (product, category)
            select w.product, k.id from unnest($1::uuid[], $2::text[]) w(product, key) join categories k on k.key = w.key
            on conflict do nothing
            """,
            shelved.Select(one => one.Id).ToArray(),
            shelved.Select(one => one.key).ToArray()
        );
    }

    static async Task WriteVariants(Work work, IReadOnlyList<ChangedLine> lines, CancellationToken stop)
    {
        var ids = lines.Select(line => line.Id).ToArray();
        var variants = lines
            .SelectMany(line => line.Product.Variants.Select((variant, i) => (Line: line, variant.Sku, Place: i)))
            .ToArray();
        await using var batch = work.Batch();
        // In the order of ids, as whoever counts stock locks them.
        batch.Add("select id from variants where product = any($1) order by id for update", [ids]);
        batch.Add(
            """
            update variants v set position = w.place, attributes = w.attributes::jsonb, attributes_next = w.next::jsonb
            from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[]) w(product, sku, place, attributes, next)
            where v.sku = w.sku and v.product = w.product
            and (v.position, v.attributes, v.attributes_next) is distinct from (w.place, w.attributes::jsonb, w.next::jsonb)
            """,
            variants.Select(one => one.Line.Id).ToArray(),
            variants.Select(one => one.Sku).ToArray(),
            variants.Select(one => one.Place + 1).ToArray(),
            variants.Select(one => one.Line.Typed.VariantJson(one.Place)).ToArray(),
            variants.Select(one => one.Line.Typed.VariantNextJson(one.Place)).ToArray()
        );
        AddPrices(batch, ids, lines);
        await batch.ExecuteNonQueryAsync(stop);
    }

    static void AddPrices(NpgsqlBatch batch, Guid[] ids, IReadOnlyList<ChangedLine> lines)
    {
        var prices = lines
            .SelectMany(line => line.Product.Variants)
            .SelectMany(variant => variant.Prices.Select(price => (variant.Sku, price.Currency, price.Amount)))
            .ToArray();
        string[] skus = [.. prices.Select(price => price.Sku)];
        string[] currencies = [.. prices.Select(price => price.Currency)];
        batch.Add(
            """
            delete from prices p using variants v where v.id = p.variant and v.product = any($1)
            and not exists (select from unnest($2::text[], $3::text[]) w(sku, currency) where w.sku = v.sku and w.currency = p.currency)
            """,
            ids,
            skus,
            currencies
        );
        batch.Add(
            """
            insert into prices (variant, currency, amount)
            select v.id, w.currency, w.amount from unnest($1::text[], $2::text[], $3::bigint[]) w(sku, currency, amount)
            join variants v on v.sku = w.sku
            on conflict (variant, currency) do update set amount = excluded.amount where prices.amount <> excluded.amount
            """,
            skus,
            currencies,
            prices.Select(price => price.Amount).ToArray()
        );
    }

    static async Task WriteUnique(Work work, IReadOnlyList<ChangedLine> lines, CancellationToken stop)
    {
        var unique = lines.Where(line => AttributeWriter.HasUnique(line.Typed)).ToArray();
        if (unique.Length == 0)
            return;
        await using var delete = work.Command(
            "delete from unique_values where product = any($1)",
            [(object)unique.Select(line => line.Id).ToArray()]
        );
        await delete.ExecuteNonQueryAsync(stop);
        await NewProducts.InsertUnique(
            work,
            [.. unique.Select(line => new NewProduct(line.Id, line.Product, line.Typed))],
            stop
        );
    }

    /// <summary>Counts the changes of those products that are others now, and says what happened.</summary>
    public static async Task<IReadOnlyList<ProductView>> Finish(
        Work work,
        IReadOnlyList<ChangedLine> lines,
        IReadOnlyList<ProductView> after,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var now = clock.GetUtcNow();
        ProductView[] views =
        [
            .. lines.Zip(
                after,
                (line, view) =>
                    Unchanged.IsSame(line.Standing, view)
                        ? view
                        : view with
                        {
                            Version = line.Standing.Version + 1,
                            UpdatedAt = now,
                        }
            ),
        ];
        var counted = views.Zip(after).Where(pair => pair.First.Version != pair.Second.Version).ToArray();
        await using var count = work.Command(
            """
            update products p set version = w.version, updated_at = $3
            from unnest($1::uuid[], $2::bigint[]) w(id, version) where p.id = w.id
            """,
            counted.Select(pair => pair.First.Id).ToArray(),
            counted.Select(pair => pair.First.Version).ToArray(),
            now
        );
        await count.ExecuteNonQueryAsync(stop);
        foreach (var (view, _) in counted)
            work.Happened($"product-{view.Id}", ProductWriter.Updated(view));
        return views;
    }
}
