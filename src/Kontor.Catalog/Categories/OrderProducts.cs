using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Places;
using Kontor.Catalog.Relations;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Categories;

/// <summary>A product that has a place in a category.</summary>
public sealed record PlacedProduct(Guid Id, string Key, string Title, string Slug);

/// <summary>Says which products stand first in a category, and in which order.</summary>
static class OrderProducts
{
    /// <param name="Products">Ids or keys of products that stand in the category, the first one first, 0 to 1,000. Those left out
    /// follow, oldest first.</param>
    public sealed record Request(
        [property: Required, MaxLength(CategoryOrder.MaxPlaced)] IReadOnlyList<string> Products
    );

    public static void Map(IEndpointRouteBuilder categories)
    {
        categories
            .MapGet("/{category}/products/order", HandleGet)
            .WithName("getCategoryOrder")
            .WithSummary("Lists the products that have a place in a category, shown or not, the first one first")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.CategoryNotFound);
        categories
            .MapPut("/{category}/products/order", HandlePut)
            .WithName("setCategoryOrder")
            .WithSummary("Sets which products stand first in a category; the category's version counts on")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed,
                Rejections.CategoryNotFound,
                Rejections.UnknownProduct,
                Rejections.ProductElsewhere
            );
    }

    static async Task<Reply<IReadOnlyList<PlacedProduct>>> HandleGet(
        string category,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Keys.Is(category))
            return Rejections.CategoryNotFound;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        return await Read(connection, category, stop) is var (version, placed)
            ? Reply<IReadOnlyList<PlacedProduct>>.Of(placed, version: version)
            : Rejections.CategoryNotFound;
    }

    static async Task<Reply<IReadOnlyList<PlacedProduct>>> HandlePut(
        string category,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(category))
            return Rejections.CategoryNotFound;
        return await http.Write(database, work => Store(work, category, wanted, expected, stop), stop);
    }

    /// <remarks>The category is locked no harder than a foreign key bears: who puts products into it meanwhile does not wait, and
    /// what they bring comes behind. Who takes one out that gets a place is waited for, and then it is not there.</remarks>
    static async Task<Reply<IReadOnlyList<PlacedProduct>>> Store(
        Work work,
        string key,
        Request wanted,
        long? expected,
        CancellationToken stop
    )
    {
        await using var hold = work.Command("select id from categories where key = $1 for no key update", key);
        if (
            await hold.ExecuteScalarAsync(stop) is not Guid id
            || await Read(work.Connection, key, stop) is not var (version, standing)
        )
            return Rejections.CategoryNotFound;
        if (expected is { } seen && seen != version)
            return Refusals.PreconditionFailed.Because($"It is at version {version}.");
        var named = await NamedProducts.Find(work, wanted.Products, stop);
        if (Decide(named) is { } refusal)
            return refusal;
        Guid[] next = [.. named.Select(product => product!.Value)];
        if (next.SequenceEqual(standing.Select(product => product.Id)))
            return Reply<IReadOnlyList<PlacedProduct>>.Of(standing, version: version);

        var placed = await Place(work, id, next, stop);
        for (var i = 0; i < next.Length; i++)
            if (!placed.Contains(next[i]))
                return Rejections.ProductElsewhere.At($"products[{i}]", "This product does not stand in the category.");
        await using var count = work.Command("update categories set version = version + 1 where id = $1", id);
        await count.ExecuteNonQueryAsync(stop);
        work.Happened($"category-{key}", new CategoryProductsOrdered(key, version + 1, next));
        (version, standing) = (await Read(work.Connection, key, stop))!.Value;
        return Reply<IReadOnlyList<PlacedProduct>>.Of(standing, version: version);
    }

    /// <summary>The rule: each product exists and stands there once.</summary>
    /// <param name="named">Null where no product has the name.</param>
    internal static Rejection? Decide(IReadOnlyList<Guid?> named)
    {
        var met = new HashSet<Guid>();
        for (var i = 0; i < named.Count; i++)
            if (named[i] is not { } product)
                return Rejections.UnknownProduct.At($"products[{i}]", "There is no such product.");
            else if (!met.Add(product))
                return Refusals.ValidationFailed.At($"products[{i}]", "This product stands there already.");
        return null;
    }

    /// <summary>Those of the products that stand in the category, which have their places now, and no others.</summary>
    static async Task<HashSet<Guid>> Place(Work work, Guid category, Guid[] products, CancellationToken stop)
    {
        await using var batch = work.Batch();
        batch.Add(
            "update product_categories set position = $3 where category = $1 and position < $3 and product <> all($2)",
            category,
            products,
            CategoryOrder.Unplaced
        );
        batch.Add(
            """
            update product_categories pc set position = w.place
            from unnest($2::uuid[]) with ordinality w(product, place)
            where pc.category = $1 and pc.product = w.product returning pc.product
            """,
            category,
            products
        );
        var placed = new HashSet<Guid>();
        await using var reader = await batch.ExecuteReaderAsync(stop);
        do while (await reader.ReadAsync(stop))
            placed.Add(reader.GetGuid(0));
        while (await reader.NextResultAsync(stop));
        return placed;
    }

    /// <summary>The category's version and what has a place in it, in one statement; null where there is no such category.</summary>
    static async Task<(long Version, IReadOnlyList<PlacedProduct> Placed)?> Read(
        NpgsqlConnection connection,
        string category,
        CancellationToken stop
    )
    {
        await using var find = new NpgsqlCommand(
            """
            select c.version, p.id, p.key, p.title, p.slug
            from categories c
            left join product_categories pc on pc.category = c.id and pc.position < $2
            left join products p on p.id = pc.product
            where c.key = $1 order by pc.position
            """,
            connection
        ).With(category, CategoryOrder.Unplaced);
        long? version = null;
        var placed = new List<PlacedProduct>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            version = reader.GetInt64(0);
            if (!reader.IsDBNull(1))
                placed.Add(new(reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }
        return version is { } known ? (known, placed) : null;
    }
}
