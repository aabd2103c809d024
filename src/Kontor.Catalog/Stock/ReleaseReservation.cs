using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Stock;

/// <summary>Gives a reservation's pieces back, sold or not.</summary>
/// <remarks>An unknown id is recorded as released, so that a reservation still on its way is refused when it arrives.</remarks>
static class ReleaseReservation
{
    public static void Map(IEndpointRouteBuilder reservations) =>
        reservations
            .MapDelete("/{reservation}", Handle)
            .WithName("releaseReservation")
            .WithSummary("Gives the pieces back; an unknown id is recorded as released; a repeat changes nothing")
            .WithMetadata(new RouteClass(RouteClass.Service))
            .RequireScope(Scopes.CatalogReserve)
            .Refuses(Refusals.Busy, Rejections.ReservationNotYours);

    static async Task<Reply<ReservationStanding>> Handle(
        Guid reservation,
        HttpContext http,
        StockDesk desk,
        CancellationToken stop
    )
    {
        try
        {
            var settled = await desk.Ask(new Wish.Release(reservation, ReservationOwner.Of(http.User)), stop);
            return settled.NotYours ? Rejections.ReservationNotYours : ReserveStock.Answer(reservation, settled);
        }
        catch (DeskIsFullException)
        {
            return Refusals.Busy;
        }
    }
}
