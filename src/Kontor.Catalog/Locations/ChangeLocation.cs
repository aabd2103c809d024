using Kontor.Catalog.Products;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Locations;

/// <summary>Changes a location by merge patch.</summary>
/// <remarks>A reservation that is being settled at this moment may still take from a location that goes out of use: as if
/// it had come a moment before.</remarks>
static class ChangeLocation
{
    public sealed record Request
    {
        /// <summary>What it is called, 1 to 200 characters.</summary>
        public Optional<string> Title { get; init; }

        /// <summary>0 to 1,000,000; lower is asked first.</summary>
        public Optional<int> Priority { get; init; }

        /// <summary>Whether its stock is offered. What is reserved there stays reserved.</summary>
        public Optional<bool> Active { get; init; }
    }

    public static void Map(IEndpointRouteBuilder locations) =>
        locations
            .MapPatch("/{location}", Handle)
            .WithName("changeLocation")
            .WithSummary("Changes a location by merge patch")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.LocationNotFound,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<LocationView>> Handle(
        string location,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        !http.ExpectedVersion(required: true).Is(out var expected, out var rejection) ? rejection
        : !Product.IsKey(location) ? Rejections.LocationNotFound
        : await http.Write(database, work => Store(work, location, wanted, expected, stop), stop);

    /// <summary>The rule: the location as it is to stand, or what is wrong with that.</summary>
    internal static Result<LocationView> Decide(LocationView standing, Request wanted)
    {
        var changed = standing with
        {
            Title = wanted.Title.Or(standing.Title),
            Priority = wanted.Priority.Or(standing.Priority),
            Active = wanted.Active.Or(standing.Active),
        };
        if (changed.Title is not { Length: > 0 and <= 200 })
            return Refusals.ValidationFailed.At("title", "1 to 200 characters.");
        if (changed.Priority is < 0 or > Location.MaxPriority)
            return Refusals.ValidationFailed.At("priority", $"0 to {Location.MaxPriority}.");
        return changed == standing ? standing : changed with { Version = standing.Version + 1 };
    }

    static async Task<Reply<LocationView>> Store(
        Work work,
        string key,
        Request wanted,
        long? expected,
        CancellationToken stop
    )
    {
        if (await Location.Lock(work, key, stop) is not { } standing)
            return Rejections.LocationNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"The location is at version {standing.Version}.");
        if (!Decide(standing, wanted).Is(out var location, out var rejection))
            return rejection;
        if (location == standing)
            return Location.Answer(standing);
        await using var update = work.Command(
            "update locations set title = $2, priority = $3, active = $4, version = $5 where key = $1",
            key,
            location.Title,
            location.Priority,
            location.Active,
            location.Version
        );
        await update.ExecuteNonQueryAsync(stop);
        work.Happened($"location-{key}", new LocationChanged(key, location.Title, location.Priority, location.Active));
        return Location.Answer(location);
    }
}
