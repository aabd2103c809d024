using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.PriceLists;

/// <summary>Removes a price list that holds no price.</summary>
static class RemovePriceList
{
    public static void Map(IEndpointRouteBuilder lists) =>
        lists
            .MapDelete("/{priceList}", Handle)
            .WithName("removePriceList")
            .WithSummary("Removes a price list that holds no price")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.PriceListNotFound,
                Rejections.PriceListInUse,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<PriceListView>> Handle(
        string priceList,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(priceList))
            return Rejections.PriceListNotFound;
        try
        {
            return await http.Write(database, work => Store(work, priceList, expected, stop), stop);
        }
        catch (PostgresException named) when (named.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Rejections.PriceListInUse;
        }
    }

    static async Task<Reply<PriceListView>> Store(Work work, string key, long? expected, CancellationToken stop)
    {
        if (await ListPriceLists.Find(work.Command($"{ListPriceLists.One} for update", key), stop) is not { } standing)
            return Rejections.PriceListNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        await using var delete = work.Command("delete from price_lists where key = $1", key);
        await delete.ExecuteNonQueryAsync(stop);
        work.Happened($"price-list-{key}", new PriceListRemoved(key));
        return standing;
    }
}
