using System.Text.Json;
using Kontor.Catalog.Options;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Access;
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

        /// <summary>When and where it is shown; members left out stay.</summary>
        public Optional<PublicationRequest> Publication { get; init; }

        /// <summary>Rich text, at most 50,000 characters of safe HTML; what is not safe is taken out, and the answer says so
        /// in <c>removed</c>. Null clears it.</summary>
        public Optional<string?> Body { get; init; }

        /// <summary>What search engines are told; members left out stay, null clears.</summary>
        public Optional<SeoRequest?> Seo { get; init; }

        /// <summary>Texts by language (BCP 47): languages left out stay, null takes one away; null for all of them clears.</summary>
        public Optional<IReadOnlyDictionary<string, TranslationRequest?>?> Translations { get; init; }

        internal TextsWanted Texts => new(Body, Seo, Translations);

        /// <summary>The whole new list of axes along which its variants differ; one that goes is taken from the variants.</summary>
        public Optional<IReadOnlyList<OptionRequest>> Options { get; init; }

        /// <summary>The whole new list: unknown SKUs come, known ones take these prices (and count, attributes
        /// and options, where given), SKUs left out go.</summary>
        public Optional<IReadOnlyList<VariantRequest>> Variants { get; init; }

        /// <summary>True, where the list means to leave out variants that the product's own answers do not show, those
        /// after the first 100; else such a list is refused.</summary>
        public bool RemovesVariants { get; init; }
    }

    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapPatch("/{product}", Handle)
            .WithName("changeProduct")
            .WithSummary("Changes a product by merge patch; {product} is the id or the slug")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.ProductNotFound,
                Rejections.ProductDeleted,
                Rejections.ProductInvalid,
                Rejections.TranslationOfDefault,
                Rejections.SlugTaken,
                Rejections.SkuTaken,
                Rejections.UnknownCategory,
                Rejections.UnknownChannel,
                Rejections.StockBelowReserved,
                Rejections.VariantHeld,
                Rejections.VariantExpected,
                Rejections.VariantInBundle,
                Rejections.SkuIsBundle,
                Rejections.VariantsLeftOut,
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
        Languages languages,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (languages.Refusal(wanted.Translations.Value) is { } translated)
            return translated;
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
                or { Publication: { IsSet: true, Value: null } }
                or { Options: { IsSet: true, Value: null } }
        )
            return Rejections.ProductInvalid.Because(
                "Only description, body, seo, translations and attributes can be set to null."
            );
        if (wanted.Variants.Value is { } listed && VariantRequest.Missing(listed) is { } missing)
            return missing;
        if (OptionRequest.Missing(wanted.Options.Value) is { } hollow)
            return hollow;
        var options = wanted.Options.IsSet ? OptionRequest.Whole(wanted.Options.Value) : standing.Options;
        if (!wanted.RemovesVariants && LeavingVariants.Unseen(standing, wanted.Variants.Value) is { } unseen)
            return unseen;

        var product = new Product(
            standing.Key,
            standing.Type,
            wanted.Title.Or(standing.Title),
            wanted.Slug.Or(standing.Slug),
            wanted.Description.Or(standing.Description),
            [.. wanted.Categories.Or(standing.Categories).Order(StringComparer.Ordinal)],
            VariantsOf(standing, wanted, options),
            !wanted.Attributes.IsSet ? standing.Attributes
                : wanted.Attributes.Value is { } patch ? MergePatch.Of(standing.Attributes, patch)
                : null,
            wanted.Publication.Value?.On(standing.Publication ?? Publishing.AtOnce) ?? standing.Publication
        )
        {
            Texts = wanted.Texts.On(standing.Texts),
            Options = options,
        };
        return product.Refusal() is { } refusal ? refusal : product;
    }

    static IReadOnlyList<Variant> VariantsOf(ProductView standing, Request wanted, IReadOnlyList<ProductOption> options)
    {
        var known = standing.Variants.ToDictionary(variant => variant.Sku, StringComparer.Ordinal);
        return wanted.Variants is { IsSet: true, Value: { } variants }
            ?
            [
                .. variants
                    .Select(variant => variant.ToVariant())
                    .Select(variant =>
                        variant with
                        {
                            Attributes = variant.Attributes ?? known.GetValueOrDefault(variant.Sku ?? "")?.Attributes,
                            Options =
                                variant.Options
                                ?? Axes.Kept(known.GetValueOrDefault(variant.Sku ?? "")?.Options, options),
                        }
                    ),
            ]
            :
            [
                .. standing.Variants.Select(variant => new Variant(
                    variant.Sku,
                    variant.Prices,
                    Attributes: variant.Attributes
                )
                {
                    Options = Axes.Kept(variant.Options, options),
                }),
            ];
    }

    internal static async Task<Reply<ProductView>> Store(
        Work work,
        string name,
        Request wanted,
        long? expected,
        (TypeBook Types, TimeProvider Clock) with,
        CancellationToken stop
    )
    {
        if (await ProductWriter.Lock(work, name, stop) is not var (id, typeKey))
            return Rejections.ProductNotFound;
        // Held before what stands is read, so that both are of one version.
        var type = wanted.Attributes.IsSet || wanted.Variants.IsSet ? await with.Types.Hold(work, typeKey, stop) : null;
        var standing = (await ProductReader.Of(work.Connection, [id], stop))[0];
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"The product is at version {standing.Version}.");
        if (standing.Publication?.DeletedAt is not null)
            return Rejections.ProductDeleted;
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
        if (wanted.Publication.IsSet)
            await Publishing.Set(work, [(id, product.Publication ?? Publishing.AtOnce)], stop);
        if (wanted.Variants.IsSet)
        {
            string[] kept = [.. product.Variants.Select(variant => variant.Sku)];
            if (await LeavingVariants.Part(work, id, kept, stop) is { } held)
                return held;
            if (await ProductWriter.SetVariants(work, id, product.Variants, typed!, with.Clock, stop) is { } refused)
                return refused;
        }
        if (wanted.Options.IsSet && !Axes.IsSame(standing.Options, product.Options))
            await OptionRows.Set(
                work,
                id,
                product.Options,
                [.. product.Variants.Select(v => (v.Sku, v.Options))],
                stop
            );
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
            "update products set title = $2, slug = $3, description = $4, texts = $5::jsonb where id = $1",
            id,
            product.Title,
            product.Slug!,
            product.Description,
            product.Texts.Json()
        );
        if (
            (product.Title, product.Slug, product.Description, product.Texts)
            != (standing.Title, standing.Slug, standing.Description, standing.Texts)
        )
            await update.ExecuteNonQueryAsync(stop);
        var view = (await ProductReader.Of(work.Connection, [id], stop))[0] with { Removed = product.Texts.Removed };
        if (Unchanged.IsSame(standing, view))
            return GetProduct.Answer(view, position: (await work.Standing($"product-{id}", stop)).ToString());

        view = view with { Version = standing.Version + 1, UpdatedAt = clock.GetUtcNow() };
        await using var count = work.Command(
            "update products set version = $2, updated_at = $3 where id = $1",
            id,
            view.Version,
            view.UpdatedAt
        );
        await count.ExecuteNonQueryAsync(stop);
        work.Happened($"product-{id}", ProductWriter.Updated(view));
        return GetProduct.Answer(view);
    }
}
