using System.Runtime.CompilerServices;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Bulk;

/// <summary>What stands where a batch is to be written, locked until the end of its transaction.</summary>
sealed class BulkStanding
{
    /// <summary>So many variants are read at once: a line of one variant may be for a product that has 5,000.</summary>
    const int VariantsRead = 5_000;

    readonly Dictionary<string, (Guid Id, string Type, long Variants)> products = new(StringComparer.Ordinal);
    readonly Dictionary<string, TypeNow> types = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> onHand = new(StringComparer.Ordinal);

    public bool Has(string key) => products.ContainsKey(key);

    public (Guid Id, string Type) Of(string key) => (products[key].Id, products[key].Type);

    public static async Task<BulkStanding> Lock(
        Work work,
        IReadOnlyList<Product> wanted,
        TypeBook book,
        CancellationToken stop,
        bool isOnlyLooking = false
    )
    {
        var standing = new BulkStanding();
        await standing.LockProducts(work, wanted, isOnlyLooking ? "" : "for update of p", stop);
        var kinds = wanted
            .Select(product => standing.products.GetValueOrDefault(product.Key).Type ?? product.Type)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        foreach (var kind in kinds)
            if (await book.Hold(work, kind, stop) is { } type)
                standing.types.Add(kind, type);
        return standing;
    }

    async Task LockProducts(Work work, IReadOnlyList<Product> wanted, string hold, CancellationToken stop)
    {
        await using var batch = work.Batch();
        // In the order of ids, as imports lock them.
        batch.Add(
            $"""
            select p.id, p.key, p.type, (select count(*) from variants v where v.product = p.id)
            from products p where p.key = any($1) order by p.id {hold}
            """,
            wanted.Select(product => product.Key).ToArray()
        );
        batch.Add(
            """
            select v.sku, coalesce(s.on_hand, 0) from variants v
            left join stock s on s.variant = v.id and s.location = $2 where v.sku = any($1)
            """,
            wanted.SelectMany(p => p.Variants).Where(v => v.Stock is not null).Select(v => v.Sku).ToArray(),
            StockLevel.MainLocation
        );
        await using var reader = await batch.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            products.Add(reader.GetString(1), (reader.GetGuid(0), reader.GetString(2), reader.GetInt64(3)));
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            onHand.Add(reader.GetString(0), reader.GetInt64(1));
    }

    /// <summary>Whether the counts that a line tells, if it tells any, are those that stand.</summary>
    public bool HasCounts(Product product) =>
        product.Variants.All(v => v.Stock is not { } count || onHand.GetValueOrDefault(v.Sku) == count);

    /// <summary>Pieces on hand of a SKU whose count was told; none where it is not there yet.</summary>
    public long OnHand(string sku) => onHand.GetValueOrDefault(sku);

    /// <summary>Lines whose products stand, with these as they do, in the lines' order.</summary>
    public async IAsyncEnumerable<(WantedLine Line, ProductView View)> Views(
        Work work,
        IReadOnlyList<WantedLine> lines,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        var (read, variants) = (new List<WantedLine>(), 0L);
        foreach (var line in lines.Where(line => Has(line.Product.Key)))
        {
            if (read.Count > 0 && variants + products[line.Product.Key].Variants > VariantsRead)
            {
                foreach (var found in await Read(work, read, stop))
                    yield return found;
                read.Clear();
                variants = 0;
            }
            read.Add(line);
            variants += products[line.Product.Key].Variants;
        }
        if (read.Count > 0)
            foreach (var found in await Read(work, read, stop))
                yield return found;
    }

    async Task<List<(WantedLine Line, ProductView View)>> Read(
        Work work,
        List<WantedLine> lines,
        CancellationToken stop
    )
    {
        var ids = lines.Select(line => products[line.Product.Key].Id).ToArray();
        return [.. lines.Zip(await ProductReader.Of(work.Connection, ids, stop))];
    }

    /// <summary>Whether the product is what the line says, counts and all. A line that is to be refused is not.</summary>
    public bool IsAlready(WantedLine line, ProductView view) =>
        (line.Wanted.Type ?? view.Type) == view.Type
        && ChangeProduct.Decide(view, BulkProducts.PatchOf(line.Wanted)).Is(out var product, out _)
        && Read(product).Is(out var typed, out _)
        && Unchanged.IsAlready(view, product, typed)
        && HasCounts(product);

    public Result<TypedProduct> Read(Product product) =>
        types.TryGetValue(product.Type, out var type) ? type.Read(product.Given) : Rejections.UnknownProductType;

    public static async Task<bool> LacksCategory(Work work, IEnumerable<string> named, CancellationToken stop)
    {
        var keys = named.Distinct(StringComparer.Ordinal).ToArray();
        if (keys.Length == 0)
            return false;
        await using var count = work.Command("select count(*) from categories where key = any($1)", keys);
        return (long)(await count.ExecuteScalarAsync(stop))! < keys.Length;
    }

    /// <summary>Which of the categories that lines name there are.</summary>
    public static async Task<HashSet<string>> Categories(
        Work work,
        IEnumerable<WantedLine> lines,
        CancellationToken stop
    )
    {
        var keys = lines.SelectMany(line => line.Product.Categories).Distinct(StringComparer.Ordinal).ToArray();
        return keys.Length == 0
            ? []
            :
            [
                .. await work.Command("select key from categories where key = any($1)", keys)
                    .Rows(row => row.GetString(0), stop),
            ];
    }

    /// <summary>The same with slugs for those that ask for none, as one created alone would have it.</summary>
    public static async Task<List<NewProduct>> WithSlugs(Work work, List<NewProduct> fresh, CancellationToken stop)
    {
        var wanted = fresh
            .Where(one => one.Product.Slug is null)
            .SelectMany(one => ProductWriter.Candidates(one.Id, one.Product).SkipLast(1)) // The last is certainly free.
            .ToArray();
        var taken = fresh.Select(one => one.Product.Slug).OfType<string>().ToHashSet(StringComparer.Ordinal);
        await using (var find = work.Command(ProductWriter.SlugsTaken, wanted))
        {
            await using var reader = await find.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                taken.Add(reader.GetString(0));
        }
        return
        [
            .. fresh.Select(one =>
                one.Product.Slug is not null
                    ? one
                    : one with
                    {
                        Product = one.Product with
                        {
                            Slug = ProductWriter.Candidates(one.Id, one.Product).First(taken.Add),
                        },
                    }
            ),
        ];
    }
}
