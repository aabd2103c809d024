using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Media;
using Kontor.Catalog.Products;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.ProductMedia;

/// <summary>The pictures that a product shows, in order.</summary>
static class ShowProductMedia
{
    const int MaxPictures = 100;

    /// <param name="Media">Keys of pictures, the first one stands for the product; 0 to 100.</param>
    public sealed record Request([property: Required, MaxLength(MaxPictures)] IReadOnlyList<string> Media);

    public static void Map(IEndpointRouteBuilder products)
    {
        products
            .MapGet("/{product}/media", HandleGet)
            .WithName("listProductMedia")
            .WithSummary(
                "Lists the pictures of a product that is shown, in order; {product} is the id or the slug, and one that it had leads to the one that it has"
            )
            .OpenToAll("The catalogue is public.")
            .Answers(StatusCodes.Status200OK, StatusCodes.Status308PermanentRedirect)
            .Refuses(Rejections.ProductNotFound);
        products
            .MapPut("/{product}/media", HandlePut)
            .WithName("setProductMedia")
            .WithSummary("Sets the pictures of a product, in order; the product's version counts on")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed,
                Rejections.ProductNotFound,
                Rejections.ProductDeleted,
                Rejections.UnknownMedia
            );
    }

    static async Task<Reply<IReadOnlyList<MediaView>>> HandleGet(
        string product,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [StringLength(100)] string? channel = null
    )
    {
        var byId = Guid.TryParseExact(product, "D", out var id);
        if (await Shown(database, byId ? id : product, channel, stop) is not var (shown, slug))
            return Rejections.ProductNotFound;
        var media = await MediaTable.Of(database, shown, stop);
        return byId || slug == product
            ? Reply<IReadOnlyList<MediaView>>.Of(media)
            : Reply<IReadOnlyList<MediaView>>.Of(
                media,
                StatusCodes.Status308PermanentRedirect,
                location: $"/api/v1/products/{slug}/media{http.Request.QueryString}"
            );
    }

    /// <summary>By its id, or by a slug that it has or had.</summary>
    static async Task<(Guid Id, string Slug)?> Shown(
        CatalogDatabase database,
        object name,
        string? channel,
        CancellationToken stop
    )
    {
        const string BySlug =
            "coalesce((select id from products where slug = $1), (select product from slugs where slug = $1))";
        await using var find = database
            .Source.CreateCommand(
                $"select p.id, p.slug from products p where p.id = {(name is Guid ? "$1" : BySlug)} and {Visible.Shown("$2")}"
            )
            .With(name, channel);
        await using var row = await find.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop) ? (row.GetGuid(0), row.GetString(1)) : null;
    }

    static Task<Reply<IReadOnlyList<MediaView>>> HandlePut(
        string product,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return Task.FromResult<Reply<IReadOnlyList<MediaView>>>(rejection);
        if (Decide(wanted) is { } refusal)
            return Task.FromResult<Reply<IReadOnlyList<MediaView>>>(refusal);
        var now = http.Clock.GetUtcNow();
        return http.Write(database, work => Store(work, product, wanted, (expected, now), stop), stop);
    }

    /// <summary>The rule: keys, each once.</summary>
    internal static Rejection? Decide(Request wanted)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < wanted.Media.Count; i++)
            if (!Keys.Is(wanted.Media[i]))
                return Refusals.ValidationFailed.At($"media[{i}]", Keys.Rule);
            else if (!keys.Add(wanted.Media[i]))
                return Refusals.ValidationFailed.At($"media[{i}]", "This picture stands there already.");
        return null;
    }

    static async Task<Reply<IReadOnlyList<MediaView>>> Store(
        Work work,
        string name,
        Request wanted,
        (long? Version, DateTimeOffset Now) expected,
        CancellationToken stop
    )
    {
        if (await ProductWriter.Lock(work, name, stop) is not var (id, _))
            return Rejections.ProductNotFound;
        string[] keys = [.. wanted.Media];
        await using var batch = work.Batch();
        batch.Add("select version, deleted_at is not null from products where id = $1", id);
        batch.Add("select key from media where key = any($1) order by key for key share", (object)keys);
        batch.Add("select media from product_media where product = $1 order by position", id);
        long standing;
        bool isDeleted;
        var (known, shown) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        await using (var reader = await batch.ExecuteReaderAsync(stop))
        {
            await reader.ReadAsync(stop);
            (standing, isDeleted) = (reader.GetInt64(0), reader.GetBoolean(1));
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
                known.Add(reader.GetString(0));
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
                shown.Add(reader.GetString(0));
        }
        if (expected.Version is { } version && version != standing)
            return Refusals.PreconditionFailed.Because($"The product is at version {standing}.");
        if (isDeleted)
            return Rejections.ProductDeleted;
        if (keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
            return Rejections.UnknownMedia.Because($"'{unknown}' does not exist.");
        if (!shown.SequenceEqual(keys, StringComparer.Ordinal))
        {
            await Write(work, id, keys, (++standing, expected.Now), stop);
            work.Happened($"product-{id}", new ProductMediaSet(id, standing, keys));
        }
        return Reply<IReadOnlyList<MediaView>>.Of(await MediaTable.Of(work, id, stop), version: standing);
    }

    static async Task Write(
        Work work,
        Guid product,
        string[] keys,
        (long Version, DateTimeOffset Now) next,
        CancellationToken stop
    )
    {
        await using var write = work.Batch();
        write.Add("delete from product_media where product = $1", product);
        write.Add(
            """
            insert into product_media (product, media, position)
            select $1, key, place from unnest($2::text[]) with ordinality w(key, place)
            """,
            product,
            keys
        );
        write.Add("update products set version = $2, updated_at = $3 where id = $1", product, next.Version, next.Now);
        await write.ExecuteNonQueryAsync(stop);
    }
}
