using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Prices;

/// <summary>Lists prices by key, of a variant, of a price list or all, and shows one.</summary>
static class ListPrices
{
    public static void Map(IEndpointRouteBuilder prices)
    {
        prices
            .MapGet("", Handle)
            .WithName("listPrices")
            .WithSummary("Lists prices by key; base prices stand with their products")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        prices
            .MapGet("/{price}", HandleOne)
            .WithName("getPrice")
            .WithSummary("Shows a price")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.PriceNotFound);
    }

    static async Task<Reply<IReadOnlyList<PriceView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        string? sku = null,
        string? priceList = null,
        [Range(1, 500)] int limit = 100,
        string? after = null
    )
    {
        var last = "";
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            last = values[0];
        }
        if ((sku is not null && !Keys.Is(sku)) || (priceList is not null && !Keys.Is(priceList)))
            return Reply<IReadOnlyList<PriceView>>.Of([]);
        await using var find = database
            .Source.CreateCommand(
                $"""
                select {PriceTable.Columns} from price_rows r join variants v on v.id = r.variant
                where r.key > $1 {(sku is null ? "and $2::text is null" : "and v.sku = $2")}
                    {(priceList is null ? "and $3::text is null" : "and r.price_list = $3")}
                order by r.key limit $4
                """
            )
            .With(last, sku, priceList, limit + 1);
        var found = new List<PriceView>(limit + 1);
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(PriceTable.Of(reader).View);
        var page = found.Take(limit).ToList();
        return Reply<IReadOnlyList<PriceView>>.Of(page, next: found.Count > limit ? Cursor.Write(page[^1].Key) : null);
    }

    static async Task<Reply<PriceView>> HandleOne(string price, CatalogDatabase database, CancellationToken stop)
    {
        if (!Keys.Is(price))
            return Rejections.PriceNotFound;
        await using var find = database
            .Source.CreateCommand(
                $"select {PriceTable.Columns} from price_rows r join variants v on v.id = r.variant where r.key = $1"
            )
            .With(price);
        await using var reader = await find.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return Rejections.PriceNotFound;
        var found = PriceTable.Of(reader);
        return Reply<PriceView>.Of(found.View, version: found.Version);
    }
}
