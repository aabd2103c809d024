using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Stock;

/// <summary>Marks a reservation as sold: its pieces stay with it, and no timer ends it any more.</summary>
static class CommitReservation
{
    public static void Map(IEndpointRouteBuilder reservations) =>
        reservations
            .MapPost("/{reservation}/commit", Handle)
            .WithName("commitReservation")
            .WithSummary("Marks a held reservation as sold; it no longer expires; a repeat changes nothing")
            .WithMetadata(new RouteClass(RouteClass.Service))
            .RequireScope(Scopes.CatalogReserve)
            .Refuses(
                Refusals.Busy,
                Rejections.ReservationNotFound,
                Rejections.ReservationEnded,
                Rejections.ReservationNotYours
            );

    static async Task<Reply<ReservationStanding>> Handle(
        Guid reservation,
        HttpContext http,
        StockDesk desk,
        CancellationToken stop
    )
    {
        try
        {
            var settled = await desk.Ask(new Wish.Commit(reservation, ReservationOwner.Of(http.User)), stop);
            return Refusal(settled) is { } refusal ? refusal : ReserveStock.Answer(reservation, settled);
        }
        catch (DeskIsFullException)
        {
            return Refusals.Busy;
        }
    }

    /// <summary>The rule: what an outcome is to who sold the pieces; null where they are sold.</summary>
    internal static Rejection? Refusal(Settled settled) =>
        settled switch
        {
            { NotYours: true } => Rejections.ReservationNotYours,
            { State: ReservationState.Committed } => null,
            { State: null } => Rejections.ReservationNotFound,
            { State: var state } => Rejections.ReservationEnded.Because($"It is {state}."),
        };
}
