using System.ComponentModel.DataAnnotations;
using System.Globalization;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Prices;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kontor.Catalog.PriceLists;

/// <summary>Lists price lists, the first of them first, and shows one.</summary>
static class ListPriceLists
{
    const string Select =
        "select key, title, priority, channel, customer_group, valid_from, valid_until, version from price_lists";

    public const string One = $"{Select} where key = $1";

    public static void Map(IEndpointRouteBuilder lists)
    {
        lists
            .MapGet("", Handle)
            .WithName("listPriceLists")
            .WithSummary("Lists price lists, the first of them first")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        lists
            .MapGet("/{priceList}", HandleOne)
            .WithName("getPriceList")
            .WithSummary("Shows a price list")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.PriceListNotFound);
    }

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<PriceListPageGraph>>("priceLists")
            .Description("Price lists, the first of them first.")
            .InPages()
            .ResolveAsync(async at =>
                (
                    await Page(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        at.First(),
                        at.After(),
                        at.CancellationToken
                    )
                ).OrError()
            )
            .RequireScope(Scopes.CatalogRead);
        query
            .Field<PriceListGraph>("priceList")
            .Description("A price list by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .ResolveAsync(async at =>
            {
                var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                var key = at.GetArgument<string>("key");
                return Keys.Is(key)
                    ? await Find(database.Source.CreateCommand(One).With(key), at.CancellationToken)
                    : null;
            })
            .RequireScope(Scopes.CatalogRead);
    }

    static async Task<Reply<IReadOnlyList<PriceListView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<PriceListView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var text, out var rejection))
            return rejection;
        var last = 0;
        if (after is not null && !int.TryParse(text, CultureInfo.InvariantCulture, out last))
            return Refusals.InvalidCursor;
        var found = await database
            .Source.CreateCommand($"{Select} where priority > $1 order by priority limit $2")
            .With(last, limit + 1)
            .Rows(Of, stop);
        return found.ToPage(limit, one => one.Priority.ToString(CultureInfo.InvariantCulture));
    }

    static async Task<Reply<PriceListView>> HandleOne(
        string priceList,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Keys.Is(priceList))
            return Rejections.PriceListNotFound;
        var found = await Find(database.Source.CreateCommand(One).With(priceList), stop);
        return found is null ? Rejections.PriceListNotFound : Reply<PriceListView>.Of(found, version: found.Version);
    }

    public static Task<PriceListView?> Find(NpgsqlCommand find, CancellationToken stop) => find.Row(Of, stop);

    static PriceListView Of(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetInt32(2),
            row.TextOrNull(3),
            row.TextOrNull(4),
            row.MomentOrNull(5),
            row.MomentOrNull(6),
            row.GetInt64(7)
        );
}
