using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Judges a change of a type without making it.</summary>
static class CheckProductType
{
    public static void Map(IEndpointRouteBuilder types) =>
        types
            .MapPost("/{type}/check", Handle)
            .WithName("checkProductType")
            .WithSummary("Judges a change of a product type by what stands; changes nothing and keeps nobody waiting")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.ProductTypeNotFound,
                Rejections.ProductTypeInvalid,
                Rejections.AttributeUndecided,
                Rejections.ProductTypeBuiltIn,
                Rejections.ProductTypeMigrating,
                Rejections.ProductTypeChangeTooLarge
            );

    static async Task<Reply<VerdictView>> Handle(
        string type,
        ChangeProductType.Request wanted,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (ChangeProductType.Malformed(wanted) is { } malformed)
            return malformed;
        if (!Keys.Is(type))
            return Rejections.ProductTypeNotFound;
        if (type == TypeDefinition.Default.Key)
            return Rejections.ProductTypeBuiltIn;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        if (await ProductTypeReader.Find(connection, type, stop) is not { } standing)
            return Rejections.ProductTypeNotFound;
        if (standing.Migration is not null)
            return Rejections.ProductTypeMigrating;
        var from = new TypeDefinition(standing.Key, standing.Title, standing.Version, 0, standing.Attributes);
        if (!ChangeProductType.Decide(from, wanted).Is(out var plan, out var wrong))
            return wrong;
        return await LiveProducts.Judge(connection, plan, stop);
    }
}
