using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Bundles;

/// <summary>Makes a bundle a variant with stock of its own again; there is none of it until somebody counts.</summary>
static class RemoveComponents
{
    public static void Map(IEndpointRouteBuilder variants) =>
        variants
            .MapDelete("/{sku}/components", Handle)
            .WithName("removeComponents")
            .WithSummary("Makes a bundle a variant with stock of its own again; what is reserved of it stays reserved")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.BundleNotFound, Refusals.PreconditionRequired, Refusals.PreconditionFailed);

    static async Task<Reply<BundleView>> Handle(
        string sku,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        return Keys.Is(sku)
            ? await http.Write(database, work => Store(work, sku, expected, stop), stop)
            : Rejections.BundleNotFound;
    }

    static async Task<Reply<BundleView>> Store(Work work, string sku, long? expected, CancellationToken stop)
    {
        var found = await BundleTable.Lock(work, [sku], stop);
        if (!found.TryGetValue(sku, out var bundle) || !bundle.IsBundle)
            return Rejections.BundleNotFound;
        if (expected is { } version && version != bundle.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {bundle.Version}.");
        var after = await BundleTable.Write(work, bundle, [], stop);
        work.Happened($"bundle-{sku}", new BundleRemoved(sku, after, bundle.Product));
        return new BundleView(sku, after, []);
    }
}
