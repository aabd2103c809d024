using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Bundles;

/// <summary>Shows staff what a bundle is made of; everybody else sees it in the variant.</summary>
static class GetComponents
{
    public static void Map(IEndpointRouteBuilder variants) =>
        variants
            .MapGet("/{sku}/components", Handle)
            .WithName("getComponents")
            .WithSummary("What a bundle is made of, whether its components are shown or not")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.BundleNotFound);

    static async Task<Reply<BundleView>> Handle(string sku, CatalogDatabase database, CancellationToken stop)
    {
        if (!Keys.Is(sku))
            return Rejections.BundleNotFound;
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        return await BundleTable.Find(connection, sku, stop) is { } found
            ? Reply<BundleView>.Of(found, version: found.Version)
            : Rejections.BundleNotFound;
    }
}
