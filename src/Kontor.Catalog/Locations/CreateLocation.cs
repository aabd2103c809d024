using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Products;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Locations;

/// <summary>Adds a place where goods are.</summary>
static class CreateLocation
{
    /// <param name="Key">1 to 100 letters, digits, '.', '_', ':' or '-'. Never changes.</param>
    /// <param name="Title">What it is called.</param>
    /// <param name="Priority">0 to 1,000,000; lower is asked first. 100 where left out.</param>
    /// <param name="Active">Whether its stock is offered; true where left out.</param>
    public sealed record Request(
        [property: Required] string Key,
        [property: Required, StringLength(200, MinimumLength = 1)] string Title,
        [property: Range(0, Location.MaxPriority)] int Priority = 100,
        bool Active = true
    );

    public static void Map(IEndpointRouteBuilder locations) =>
        locations
            .MapPost("", Handle)
            .WithName("createLocation")
            .WithSummary("Creates a location")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status201Created)
            .Refuses(Refusals.ValidationFailed, Rejections.LocationKeyTaken);

    static Task<Reply<LocationView>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        Product.IsKey(wanted.Key)
            ? http.Write(database, work => Store(work, wanted, stop), stop)
            : Task.FromResult<Reply<LocationView>>(Refusals.ValidationFailed.At("key", Product.KeyRule));

    static async Task<Reply<LocationView>> Store(Work work, Request wanted, CancellationToken stop)
    {
        await using var insert = work.Command(
            """
            insert into locations (key, title, priority, active) values ($1, $2, $3, $4)
            on conflict (key) do nothing returning version
            """,
            wanted.Key,
            wanted.Title,
            wanted.Priority,
            wanted.Active
        );
        if (await insert.ExecuteScalarAsync(stop) is not long version)
            return Rejections.LocationKeyTaken;
        work.Happened(
            $"location-{wanted.Key}",
            new LocationCreated(wanted.Key, wanted.Title, wanted.Priority, wanted.Active)
        );
        return Location.Answer(
            new(wanted.Key, wanted.Title, wanted.Priority, wanted.Active, version),
            StatusCodes.Status201Created
        );
    }
}
