using System.Text.Json;
using Kontor.Catalog.ProductTypes;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Products;

/// <summary>Changes a product by a merge patch (RFC 7396): members left out stay, null clears, lists are replaced.</summary>
static class ChangeProduct
{
    public sealed record Request
    {
        /// <summary>What it is called.</summary>
        public Optional<string> Title { get; init; }

        /// <summary>Its place in addresses.</summary>
        public Optional<string> Slug { get; init; }

        /// <summary>Null clears it.</summary>
        public Optional<string?> Description { get; init; }

        /// <summary>The whole new list of category keys.</summary>
        public Optional<IReadOnlyList<string>> Categories { get; init; }

        /// <summary>Values by attribute: those left out stay, null takes one away; null for all of them clears.</summary>
        public Optional<IReadOnlyDictionary<string, JsonElement>?> Attributes { get; init; }

        /// <summary>The whole new list: unknown SKUs come, known ones take these prices (and count and attributes, where
        /// given), SKUs left out go.</summary>
        public Optional<IReadOnlyList<VariantRequest>> Variants { get; init; }
    }

    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapPatch("/{product}", Handle)
            .WithName("changeProduct")
            .WithSummary("Changes a product by merge patch; {product} is the id or the slug")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.ProductNotFound,
                Rejections.ProductInvalid,
                Rejections.SlugTaken,
                Rejections.SkuTaken,
                Rejections.UnknownCategory,
                Rejections.StockBelowReserved,
                Rejections.VariantHeld,
                Rejections.VariantExpected,
                Rejections.UnknownReference,
                Rejections.AttributeUndecided,
                Rejections.AttributeValueTaken,
                Rejections.AttributesNotMigratable,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<ProductView>> Handle(
        string product,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        TypeBook types,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        try
        {
            return await http.Write(
                database,
                work => Store(work, product, wanted, expected, (types, clock), stop),
                stop
            );
        }
        catch (PostgresException violated) when (ProductWriter.RefusalOf(violated) is { } refusal)
        {
            return refusal;
        }
    }

    /// <summary>The rule: the product as it is to stand, or what is wrong with that.</summary>
    internal static Result<Product> Decide(ProductView standing, Request wanted)
    {
        if (
            wanted
            is { Title: { IsSet: true, Value: null } }
                or { Slug: { IsSet: true, Value: null } }
                or { Categories: { IsSet: true, Value: null } }
                or { Variants: { IsSet: true, Value: null } }
        )
            return Rejections.ProductInvalid.Because("Only description and attributes can be set to null.");
        if (wanted.Variants.Value is { } listed && VariantRequest.Missing(listed) is { } missing)
            return missing;

        var product = new Product(
            standing.Key,
            standing.Type,
            wanted.Title.Or(standing.Title),
            wanted.Slug.Or(standing.Slug),
            wanted.Description.Or(standing.Description),
            [.. wanted.Categories.Or(standing.Categories).Order(StringComparer.Ordinal)],
            VariantsOf(standing, wanted),
            !wanted.Attributes.IsSet ? standing.Attributes
                : wanted.Attributes.Value is { } patch ? MergePatch.Of(standing.Attributes, patch)
                : null
        );
        var faults = product.Faults();
        return faults.Count == 0 ? product : Rejections.ProductInvalid with { Errors = faults };
    }

    static IReadOnlyList<Variant> VariantsOf(ProductView standing, Request wanted)
    {
        var known = standing.Variants.ToDictionary(variant => variant.Sku, v => v.Attributes, StringComparer.Ordinal);
        return wanted.Variants is { IsSet: true, Value: { } variants }
            ?
            [
                .. variants
                    .Select(variant => variant.ToVariant())
                    .Select(variant =>
                        variant with
                        {
                            Attributes = variant.Attributes ?? known.GetValueOrDefault(variant.Sku ?? ""),
                        }
                    ),
            ]
            :
            [
                .. standing.Variants.Select(variant => new Variant(
                    variant.Sku,
                    variant.Prices,
                    Attributes: variant.Attributes
                )),
            ];
    }

    static async Task<Reply<ProductView>> Store(
        Work work,
        string name,
        Request wanted,
        long? expected,
        (TypeBook Types, TimeProvider Clock) with,
        CancellationToken stop
    )
    {
        if (await Lock(work, name, stop) is not var (id, typeKey))
            return Rejections.ProductNotFound;
        // Held before what stands is read, so that both are of one version.
        var type = wanted.Attributes.IsSet || wanted.Variants.IsSet ? await with.Types.Hold(work, typeKey, stop) : null;
        var standing = (await ProductReader.Of(work.Connection, [id], stop))[0];
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"The product is at version {standing.Version}.");
        if (!Decide(standing, wanted).Is(out var product, out var rejection))
            return rejection;

        TypedProduct? typed = null;
        if (type is not null && !type.Read(product.Given).Is(out typed, out var wrong))
            return wrong;
        if (typed is not null && await AttributeWriter.Missing(work, typed, stop) is { } missing)
            return missing;

        if (
            wanted.Categories.IsSet
            && await ProductWriter.SetCategories(work, id, product.Categories, stop) is { } unknown
        )
            return unknown;
        if (wanted.Variants.IsSet)
        {
            if (await HeldBesides(work, id, product, stop) is { } held)
                return held;
            if (await ProductWriter.SetVariants(work, id, product.Variants, typed!, with.Clock, stop) is { } refused)
                return refused;
        }
        if (typed is not null && await ProductWriter.SetAttributes(work, id, product, typed, stop) is { } taken)
            return taken;
        return await Finish(work, id, standing, product, with.Clock, stop);
    }

    /// <summary>Counts the change, where the product itself is another now, and says what happened.</summary>
    static async Task<Reply<ProductView>> Finish(
        Work work,
        Guid id,
        ProductView standing,
        Product product,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        await using var update = work.Command(
            "update products set title = $2, slug = $3, description = $4 where id = $1",
            id,
            product.Title,
            product.Slug!,
            product.Description
        );
        if ((product.Title, product.Slug, product.Description) != (standing.Title, standing.Slug, standing.Description))
            await update.ExecuteNonQueryAsync(stop);
        var view = (await ProductReader.Of(work.Connection, [id], stop))[0];
        if (IsSame(standing, view))
            return GetProduct.Answer(view, position: (await work.Standing($"product-{id}", stop)).ToString());

        view = view with { Version = standing.Version + 1, UpdatedAt = clock.GetUtcNow() };
        await using var count = work.Command(
            "update products set version = $2, updated_at = $3 where id = $1",
            id,
            view.Version,
            view.UpdatedAt
        );
        await count.ExecuteNonQueryAsync(stop);
        work.Happened(
            $"product-{id}",
            new ProductUpdated(id, view.Key, view.Version, view.Slug, view.Title, ProductWriter.Published(view))
        );
        return GetProduct.Answer(view);
    }

    static async Task<(Guid Id, string Type)?> Lock(Work work, string name, CancellationToken stop)
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

    /// <summary>The refusal for a variant that would go although pieces of it are held or under way; the rows stay locked
    /// until the end, the variants too, or a delivery could bring a row that is not there yet.</summary>
    /// <remarks>All rows that would go are locked, and the count is read from the locked row. One picked by its count
    /// would be seen as it was before the desk's batch that is just taking from it, would not be waited for here, and
    /// the delete would wait instead and take the row with the pieces in it.</remarks>
    static async Task<Rejection?> HeldBesides(Work work, Guid id, Product product, CancellationToken stop)
    {
        var kept = product.Variants.Select(variant => variant.Sku).ToArray();
        await using var find = work.Batch();
        find.Add("select id from variants where product = $1 and sku <> all($2) order by id for update", id, kept);
        find.Add(
            """
            select v.sku, s.reserved, s.incoming from variants v join stock s on s.variant = v.id
            where v.product = $1 and v.sku <> all($2) order by s.variant, s.location for update of s
            """,
            id,
            kept
        );
        Rejection? held = null;
        await using var reader = await find.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            if (reader.GetInt64(1) > 0)
                held ??= Rejections.VariantHeld.Because($"'{reader.GetString(0)}' is held.");
            else if (reader.GetInt64(2) > 0)
                held ??= Rejections.VariantExpected.Because($"'{reader.GetString(0)}' is under way.");
        return held;
    }

    /// <summary>Equal but for availability, which stock moves without a new version.</summary>
    static bool IsSame(ProductView before, ProductView after) =>
        (before.Title, before.Slug, before.Description) == (after.Title, after.Slug, after.Description)
        && before.Categories.SequenceEqual(after.Categories, StringComparer.Ordinal)
        && MergePatch.IsSame(before.Attributes, after.Attributes)
        && before.Variants.Count == after.Variants.Count
        && before
            .Variants.Zip(after.Variants)
            .All(pair =>
                pair.First.Sku == pair.Second.Sku
                && pair.First.Prices.SequenceEqual(pair.Second.Prices)
                && MergePatch.IsSame(pair.First.Attributes, pair.Second.Attributes)
            );
}
