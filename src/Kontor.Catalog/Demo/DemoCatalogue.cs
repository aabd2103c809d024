using Kontor.Catalog.Products;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Demo;

/// <summary>A shop full of goods to look at, the same at every first start.</summary>
public sealed class DemoCatalogue(CatalogDatabase database, TimeProvider clock)
{
    // Any number that no other advisory lock of the catalogue takes.
    const long OneAtATime = 0x4b6f_6e74_6f72;

    /// <summary>Fills an empty catalogue and returns how many products it made; 0 where there is a product already.</summary>
    /// <remarks>One transaction: of two processes that start at once the second waits and then finds the catalogue
    /// filled; one that dies in the middle has made nothing.</remarks>
    public async Task<int> Load(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction) { Actor = "demo" };
        if (!await IsOurs(work, stop))
            return 0;
        var goods = DemoGoods.All();
        await AddCategories(work, stop);
        var slugs = new HashSet<string>(StringComparer.Ordinal);
        var products = goods
            .Select(product =>
            {
                var id = Id<Product>.New(clock).Value;
                var slug = ProductWriter.Candidates(id, product).First(slugs.Add);
                return new NewProduct(id, product with { Slug = slug });
            })
            .ToArray();
        foreach (var part in products.Chunk(200))
            await NewProducts.Insert(work, part, clock, stop);
        await work.Append(stop);
        await work.Commit();
        return products.Length;
    }

    static async Task<bool> IsOurs(Work work, CancellationToken stop)
    {
        // The other process may take longer than the usual wait for a lock; it is the same work, so it is worth it.
        await using var wait = work.Command("set local lock_timeout = '60s'");
        await wait.ExecuteNonQueryAsync(stop);
        await using var one = work.Command("select pg_advisory_xact_lock($1)", OneAtATime);
        await one.ExecuteNonQueryAsync(stop);
        await using var any = work.Command("select exists (select from products)");
        return await any.ExecuteScalarAsync(stop) is false;
    }

    /// <summary>Categories that somebody made under the same keys stay as they are.</summary>
    async Task AddCategories(Work work, CancellationToken stop)
    {
        var tree = DemoGoods.Categories;
        foreach (var level in new[] { tree.Where(c => c.Parent is null), tree.Where(c => c.Parent is not null) })
        {
            var made = level.ToArray();
            await using var insert = work.Command(
                """
                insert into categories (id, key, title, parent)
                select w.id, w.key, w.title, parent.id
                from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) w(id, key, title, parent)
                left join categories parent on parent.key = w.parent
                on conflict (key) do nothing returning key
                """,
                made.Select(_ => Id<CategoryCreated>.New(clock).Value).ToArray(),
                made.Select(category => category.Key).ToArray(),
                made.Select(category => category.Title).ToArray(),
                made.Select(category => category.Parent).ToArray()
            );
            await Journal(work, insert, made, stop);
        }
    }

    static async Task Journal(Work work, NpgsqlCommand insert, CategoryCreated[] made, CancellationToken stop)
    {
        await using var reader = await insert.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            work.Happened(
                $"category-{reader.GetString(0)}",
                made.Single(category => category.Key == reader.GetString(0))
            );
    }
}
