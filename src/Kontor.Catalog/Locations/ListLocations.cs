using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Products;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Locations;

/// <summary>Lists the locations by key, and shows one.</summary>
static class ListLocations
{
    public static void Map(IEndpointRouteBuilder locations)
    {
        locations
            .MapGet("", Handle)
            .WithName("listLocations")
            .WithSummary("Lists locations by key")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        locations
            .MapGet("/{location}", HandleOne)
            .WithName("getLocation")
            .WithSummary("Shows a location")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.LocationNotFound);
    }

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<LocationPageGraph>>("locations")
            .Description("Locations, by key.")
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
            .Field<LocationGraph>("location")
            .Description("A location by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .ResolveAsync(async at =>
                await Find(
                    at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                    at.GetArgument<string>("key"),
                    at.CancellationToken
                )
            )
            .RequireScope(Scopes.CatalogRead);
    }

    static async Task<Reply<IReadOnlyList<LocationView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<LocationView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var found = await Location.Read(database, "key > $1 order by key limit $2", stop, last, limit + 1);
        return found.ToPage(limit, one => one.Key);
    }

    static async Task<LocationView?> Find(CatalogDatabase database, string key, CancellationToken stop) =>
        Product.IsKey(key) && await Location.Read(database, "key = $1", stop, key) is [var found] ? found : null;

    static async Task<Reply<LocationView>> HandleOne(
        string location,
        CatalogDatabase database,
        CancellationToken stop
    ) => await Find(database, location, stop) is { } found ? Location.Answer(found) : Rejections.LocationNotFound;
}
