using System.ComponentModel.DataAnnotations;
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

/// <summary>Brings a product with its variants, prices and first count into the catalogue.</summary>
static class CreateProduct
{
    /// <param name="Key">The owner's own name for it: 1 to 100 letters, digits, '.', '_', ':' or '-'. Never changes.</param>
    /// <param name="Title">What it is called, 1 to 300 characters.</param>
    /// <param name="Variants">What can be bought, 1 to 5,000.</param>
    /// <param name="Type">The key of a product type; <c>default</c> where left out.</param>
    /// <param name="Slug">Its place in addresses; made from the title where left out.</param>
    /// <param name="Description">Plain text, at most 20,000 characters.</param>
    /// <param name="Categories">Keys of categories that exist.</param>
    /// <param name="Attributes">Values by attribute of the product's type; null is as left out.</param>
    /// <param name="Publication">When and where it is shown; left out: published everywhere, at once.</param>
    /// <param name="Body">Rich text, at most 50,000 characters of safe HTML; what is not safe is taken out, and the answer
    /// says so in <c>removed</c>.</param>
    /// <param name="Seo">What search engines are told.</param>
    /// <param name="Translations">Its texts in other languages than the shop's own, by BCP 47 tag, at most 50; null is as left
    /// out.</param>
    /// <param name="Options">The axes along which its variants differ, in order, at most 5; left out: none.</param>
    public sealed record Request(
        [property: Required] string Key,
        [property: Required] string Title,
        [property: Required] IReadOnlyList<VariantRequest> Variants,
        string? Type = null,
        string? Slug = null,
        string? Description = null,
        IReadOnlyList<string>? Categories = null,
        IReadOnlyDictionary<string, JsonElement>? Attributes = null,
        PublicationRequest? Publication = null,
        string? Body = null,
        SeoRequest? Seo = null,
        IReadOnlyDictionary<string, TranslationRequest?>? Translations = null,
        IReadOnlyList<OptionRequest>? Options = null
    )
    {
        internal TextsWanted Texts => new(new(Body), new(Seo), new(Translations));
    }

    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapPost("", Handle)
            .WithName("createProduct")
            .WithSummary("Creates a product")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status201Created)
            .Refuses(
                Rejections.ProductInvalid,
                Rejections.TranslationOfDefault,
                Rejections.KeyTaken,
                Rejections.SlugTaken,
                Rejections.SkuTaken,
                Rejections.UnknownCategory,
                Rejections.UnknownChannel,
                Rejections.UnknownProductType,
                Rejections.UnknownReference,
                Rejections.AttributeUndecided,
                Rejections.AttributeValueTaken,
                Rejections.AttributesNotMigratable
            );

    static async Task<Reply<ProductView>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        TypeBook types,
        Languages languages,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (languages.Refusal(wanted.Translations) is { } translated)
            return translated;
        if (!Decide(wanted).Is(out var product, out var rejection))
            return rejection;
        for (var attempt = 1; ; attempt++)
            try
            {
                return await http.Write(database, work => Store(work, product, types, clock, stop), stop);
            }
            catch (PostgresException violated) when (ProductWriter.RefusalOf(violated) is { } refusal)
            {
                // Another one took the slug that was made for this one between the look and the insert: it gets the next.
                if (
                    attempt == ProductWriter.SlugAttempts
                    || product.Slug is not null
                    || refusal != Rejections.SlugTaken
                )
                    return refusal;
            }
    }

    /// <summary>The rule: what is asked for, made whole, or what is wrong with it.</summary>
    /// <param name="withOptions">Not where the product may stand already, with options that are meant.</param>
    internal static Result<Product> Decide(Request wanted, bool withOptions = true)
    {
        if ((VariantRequest.Missing(wanted.Variants) ?? OptionRequest.Missing(wanted.Options)) is { } missing)
            return missing;
        var product = new Product(
            wanted.Key,
            wanted.Type ?? Product.DefaultType,
            wanted.Title,
            wanted.Slug,
            wanted.Description,
            wanted.Categories ?? [],
            [.. wanted.Variants.Select(variant => variant.ToVariant())],
            wanted.Attributes,
            wanted.Publication?.On(Publishing.AtOnce)
        )
        {
            Texts = wanted.Texts.On(ProductTexts.None),
            Options = OptionRequest.Whole(wanted.Options),
        };
        return product.Refusal(withOptions) is { } refusal ? refusal : product;
    }

    internal static async Task<Reply<ProductView>> Store(
        Work work,
        Product product,
        TypeBook types,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var id = Id<Product>.New(clock).Value;
        if (await types.Hold(work, product.Type, stop) is not { } type)
            return Rejections.UnknownProductType;
        if (!type.Read(product.Given).Is(out var typed, out var wrong))
            return wrong;
        if (await AttributeWriter.Missing(work, typed, stop) is { } missing)
            return missing;
        await using var insert = work.Command(
            """
            insert into products
                (id, key, type, title, slug, description, version, created_at, updated_at, attributes, attributes_next, generation, texts, options)
            values ($1, $2, $3, $4, $5, $6, 1, $7, $7, $8::jsonb, $9::jsonb, $10, $11::jsonb, $12::jsonb)
            """,
            id,
            product.Key,
            product.Type,
            product.Title,
            await ProductWriter.ChooseSlug(work, id, product, stop),
            product.Description,
            clock.GetUtcNow(),
            typed.Json,
            typed.NextJson,
            typed.Type.Generation,
            product.Texts.Json(),
            Axes.Json(product.Options)
        );
        await insert.ExecuteNonQueryAsync(stop);
        if (
            product.Categories.Count > 0
            && await ProductWriter.SetCategories(work, id, product.Categories, stop) is { } unknown
        )
            return unknown;
        if (product.Publication is { } publication)
            await Publishing.Set(work, [(id, publication)], stop);
        if (await ProductWriter.SetVariants(work, id, product.Variants, typed, clock, stop) is { } refused)
            return refused;
        if (await ProductWriter.SetUnique(work, id, product, typed, stop) is { } taken)
            return taken;

        var view = (await ProductReader.Of(work.Connection, [id], stop))[0] with { Removed = product.Texts.Removed };
        work.Happened($"product-{id}", ProductWriter.Created(view), expected: 0);
        return GetProduct.Answer(view, StatusCodes.Status201Created, $"/api/v1/products/{id}");
    }
}

/// <param name="Sku">Unique among all variants; 1 to 100 letters, digits, '.', '_', ':' or '-'.</param>
/// <param name="Prices">One for each currency; may be empty.</param>
/// <param name="Stock">Pieces on hand at the main location, 0 to 1,000,000,000; left out: unchanged, or none.</param>
/// <param name="Attributes">Values by attribute that the product's type has for variants; left out: unchanged, or none.</param>
/// <param name="Options">The key of a value by the key of its option, one for each option of the product; left out: unchanged.</param>
public sealed record VariantRequest(
    [property: Required] string Sku,
    IReadOnlyList<Money>? Prices = null,
    long? Stock = null,
    IReadOnlyDictionary<string, JsonElement>? Attributes = null,
    IReadOnlyDictionary<string, string>? Options = null
)
{
    /// <summary>JSON lets a list hold null where C# says it cannot.</summary>
    internal static Rejection? Missing(IReadOnlyList<VariantRequest?> variants)
    {
        for (var i = 0; i < variants.Count; i++)
            if (variants[i] is null)
                return Rejections.ProductInvalid.At($"variants[{i}]", "A variant is an object with a sku.");
        return null;
    }

    internal Variant ToVariant() => new(Sku, Prices ?? [], Stock, Attributes) { Options = Options };
}
