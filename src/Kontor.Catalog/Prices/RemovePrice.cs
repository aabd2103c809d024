using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Prices;

/// <summary>Removes one price; what is below it wins from then on.</summary>
static class RemovePrice
{
    public static void Map(IEndpointRouteBuilder prices) =>
        prices
            .MapDelete("/{price}", Handle)
            .WithName("removePrice")
            .WithSummary("Removes a price")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.PriceNotFound, Refusals.PreconditionRequired, Refusals.PreconditionFailed);

    static async Task<Reply<PriceView>> Handle(
        string price,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(price))
            return Rejections.PriceNotFound;
        return await http.Write<PriceView>(
            database,
            async work =>
            {
                if ((await PriceTable.Lock(work, [price], stop)).GetValueOrDefault(price) is not { } standing)
                    return Rejections.PriceNotFound;
                if (expected is { } version && version != standing.Version)
                    return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
                await Pricing.Remove(work, [standing], stop);
                return standing.View;
            },
            stop
        );
    }
}
