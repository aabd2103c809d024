using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Brings a product type into the catalogue.</summary>
static class CreateProductType
{
    /// <param name="Key">1 to 100 letters, digits, '.', '_', ':' or '-'. Never changes.</param>
    /// <param name="Title">What it is called, 1 to 200 characters.</param>
    /// <param name="Attributes">What its products, and their variants, have; at most 1,000.</param>
    public sealed record Request(
        [property: Required] string Key,
        [property: Required] string Title,
        IReadOnlyList<AttributeDefinition>? Attributes = null
    );

    public static void Map(IEndpointRouteBuilder types) =>
        types
            .MapPost("", Handle)
            .WithName("createProductType")
            .WithSummary("Creates a product type")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status201Created)
            .Refuses(Rejections.ProductTypeInvalid, Rejections.ProductTypeKeyTaken, Rejections.AttributeUndecided);

    static async Task<Reply<ProductTypeView>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        TimeProvider clock,
        CancellationToken stop
    ) =>
        Decide(wanted).Is(out var type, out var rejection)
            ? await http.Write(database, work => Store(work, type, clock, stop), stop)
            : rejection;

    /// <summary>The rule: the type as it is to stand, or what is wrong with it.</summary>
    internal static Result<TypeDefinition> Decide(Request wanted)
    {
        if (Malformed(wanted.Attributes) is { } malformed)
            return malformed;
        var type = new TypeDefinition(wanted.Key, wanted.Title, 1, 0, wanted.Attributes ?? []);
        var faults = type.Faults();
        return faults.Count == 0 ? type : faults.As(Rejections.ProductTypeInvalid);
    }

    internal const string NotStorable = "It holds U+0000 or half of a surrogate pair, which cannot be stored.";

    /// <summary>JSON lets a list hold null where C# says it cannot, and a value hold what PostgreSQL cannot.</summary>
    internal static Rejection? Malformed(IReadOnlyList<AttributeDefinition?>? attributes)
    {
        for (var i = 0; i < (attributes?.Count ?? 0); i++)
            if (attributes![i] is not { Key: not null } attribute)
                return Rejections.ProductTypeInvalid.At(
                    $"attributes[{i}]",
                    "An attribute is an object with key and kind."
                );
            else if (attribute.Default is { } value && !ValueForms.IsStorable(value))
                return Rejections.ProductTypeInvalid.At($"attributes[{i}].default", NotStorable);
        return null;
    }

    static async Task<Reply<ProductTypeView>> Store(
        Work work,
        TypeDefinition type,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        await using var insert = work.Command(
            """
            with added as (
                insert into product_types (key, title, definition, attributes) values ($1, $2, $3, $4::jsonb)
                on conflict (key) do nothing returning key, version, title, attributes
            )
            insert into product_type_versions select key, version, title, attributes, '[]', $5 from added returning version
            """,
            type.Key,
            type.Title,
            Id<TypeDefinition>.New(clock).Value,
            JsonSerializer.Serialize(type.Attributes, KontorJson.Options),
            clock.GetUtcNow()
        );
        if (await insert.ExecuteScalarAsync(stop) is null)
            return Rejections.ProductTypeKeyTaken;
        work.Happened($"product-type-{type.Key}", new ProductTypeCreated(type.Key, type.Title, type.Version));
        return Reply<ProductTypeView>.Of(
            new(type.Key, type.Title, type.Version, type.Attributes),
            StatusCodes.Status201Created,
            type.Version,
            $"/api/v1/product-types/{type.Key}"
        );
    }
}
