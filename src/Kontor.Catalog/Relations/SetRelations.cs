using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Relations;

/// <summary>Says which products a product leads to, of one kind and in order.</summary>
static class SetRelations
{
    /// <param name="Products">Ids or keys, in order, 0 to 100; none of them the product itself.</param>
    public sealed record Request([property: Required, MaxLength(Relation.MaxProducts)] IReadOnlyList<string> Products);

    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapPut("/{product}/relations/{kind}", Handle)
            .WithName("setProductRelations")
            .WithSummary(
                "Sets the products that a product leads to, of one kind and in order; the product's version counts on"
            )
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed,
                Rejections.ProductNotFound,
                Rejections.ProductDeleted,
                Rejections.UnknownProduct
            );

    static async Task<Reply<IReadOnlyList<RelatedProduct>>> Handle(
        string product,
        string kind,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Relation.IsKind(kind))
            return Refusals.ValidationFailed.At("kind", Relation.KindRule);
        var now = http.Clock.GetUtcNow();
        return await http.Write(database, work => Store(work, (product, kind), wanted, (expected, now), stop), stop);
    }

    /// <remarks>The product and those that it will lead to are locked together, in the order of their ids as bulk writes lock
    /// products, and no harder than a foreign key bears: two products that lead to each other wait in no ring, and none that
    /// is led to is deleted meanwhile.</remarks>
    static async Task<Reply<IReadOnlyList<RelatedProduct>>> Store(
        Work work,
        (string Product, string Kind) at,
        Request wanted,
        (long? Version, DateTimeOffset Now) expected,
        CancellationToken stop
    )
    {
        if (await NamedProducts.Find(work, at.Product, stop) is not { } id)
            return Rejections.ProductNotFound;
        var targets = await NamedProducts.Find(work, wanted.Products, stop);
        var (locked, standing) = await Lock(work, id, at.Kind, targets, stop);
        var own = locked[id];
        if (expected.Version is { } version && version != own.Version)
            return Refusals.PreconditionFailed.Because($"The product is at version {own.Version}.");
        if (own.IsDeleted)
            return Rejections.ProductDeleted;
        if (Decide(id, targets, target => locked[target].IsDeleted) is { } refusal)
            return refusal;

        Guid[] next = [.. targets.Select(target => target!.Value)];
        var counted = own.Version;
        if (!next.SequenceEqual(standing))
        {
            await Write(work, (id, at.Kind), next, (++counted, expected.Now), stop);
            work.Happened($"product-{id}", new ProductRelationsSet(id, counted, at.Kind, next));
        }
        var found = await Relation.Read(work.Connection, id.ToString(), at.Kind, (null, true), stop);
        return Reply<IReadOnlyList<RelatedProduct>>.Of(found!, version: counted);
    }

    /// <summary>The rule: each product exists, is not deleted, is another one, and stands there once.</summary>
    /// <param name="targets">Null where no product has the name.</param>
    internal static Kernel.Rejection? Decide(Guid own, IReadOnlyList<Guid?> targets, Func<Guid, bool> isDeleted)
    {
        var met = new HashSet<Guid>();
        for (var i = 0; i < targets.Count; i++)
        {
            var path = $"products[{i}]";
            if (targets[i] is not { } target)
                return Rejections.UnknownProduct.At(path, "There is no such product.");
            if (isDeleted(target))
                return Rejections.UnknownProduct.At(path, "This product is deleted.");
            if (target == own)
                return Refusals.ValidationFailed.At(path, "A product does not lead to itself.");
            if (!met.Add(target))
                return Refusals.ValidationFailed.At(path, "This product stands there already.");
        }
        return null;
    }

    static async Task<(Dictionary<Guid, (long Version, bool IsDeleted)> Locked, List<Guid> Standing)> Lock(
        Work work,
        Guid id,
        string kind,
        IReadOnlyList<Guid?> targets,
        CancellationToken stop
    )
    {
        await using var batch = work.Batch();
        batch.Add(
            """
            select id, version, deleted_at is not null from products where id = any($1) order by id for no key update
            """,
            targets.OfType<Guid>().Append(id).Distinct().ToArray()
        );
        batch.Add("select target from product_relations where product = $1 and kind = $2 order by position", id, kind);
        var (locked, standing) = (new Dictionary<Guid, (long, bool)>(), new List<Guid>());
        await using var reader = await batch.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            locked.Add(reader.GetGuid(0), (reader.GetInt64(1), reader.GetBoolean(2)));
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            standing.Add(reader.GetGuid(0));
        return (locked, standing);
    }

    static async Task Write(
        Work work,
        (Guid Product, string Kind) at,
        Guid[] targets,
        (long Version, DateTimeOffset Now) next,
        CancellationToken stop
    )
    {
        await using var write = work.Batch();
        write.Add("delete from product_relations where product = $1 and kind = $2", at.Product, at.Kind);
        write.Add(
            """
            insert into product_relations (product, kind, target, position)
            select $1, $2, target, place from unnest($3::uuid[]) with ordinality w(target, place)
            """,
            at.Product,
            at.Kind,
            targets
        );
        write.Add(
            "update products set version = $2, updated_at = $3 where id = $1",
            at.Product,
            next.Version,
            next.Now
        );
        await write.ExecuteNonQueryAsync(stop);
    }
}
