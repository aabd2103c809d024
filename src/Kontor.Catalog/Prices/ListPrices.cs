using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<PricePageGraph>>("prices")
            .Description("Prices, by key; base prices stand with their products.")
            .Argument<StringGraphType>("sku", "Only of this variant.")
            .Argument<StringGraphType>("priceList", "Only in this list.")
            .InPages()
            .ResolveAsync(async at =>
                (
                    await Page(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        (at.GetArgument<string?>("sku"), at.GetArgument<string?>("priceList")),
                        at.First(),
                        at.After(),
                        at.CancellationToken
                    )
                ).OrError()
            )
            .RequireScope(Scopes.CatalogRead);
    }

    static async Task<Reply<IReadOnlyList<PriceView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        string? sku = null,
        string? priceList = null,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await Page(database, (sku, priceList), limit, after, stop)).ToReply();

    static async Task<Result<Page<PriceView>>> Page(
        CatalogDatabase database,
        (string? Sku, string? PriceList) of,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var (sku, priceList) = of;
        if ((sku is not null && !Keys.Is(sku)) || (priceList is not null && !Keys.Is(priceList)))
            return new Page<PriceView>([], null);
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
        return found.ToPage(limit, one => one.Key);
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
