using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Products;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

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

    static async Task<Reply<IReadOnlyList<LocationView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
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
        var all = await Location.Read(database, "key > $1 order by key limit $2", stop, last, limit + 1);
        var page = all.Take(limit).ToList();
        return Reply<IReadOnlyList<LocationView>>.Of(page, next: all.Count > limit ? Cursor.Write(page[^1].Key) : null);
    }

    static async Task<Reply<LocationView>> HandleOne(
        string location,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        Product.IsKey(location) && await Location.Read(database, "key = $1", stop, location) is [var found]
            ? Location.Answer(found)
            : Rejections.LocationNotFound;
}
