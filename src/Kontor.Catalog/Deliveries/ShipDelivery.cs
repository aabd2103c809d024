using Kontor.Catalog.Stock;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Deliveries;

/// <summary>Sends a planned transfer on its way: its pieces leave the one location and are incoming at the other.</summary>
static class ShipDelivery
{
    public static void Map(IEndpointRouteBuilder deliveries) =>
        deliveries
            .MapPost("/{delivery}/ship", Handle)
            .WithName("shipDelivery")
            .WithSummary("Sends a planned transfer on its way")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.IdempotencyKeyRequired,
                Refusals.PreconditionFailed,
                Rejections.DeliveryNotFound,
                Rejections.DeliveryNotReady,
                Rejections.UnknownSku,
                Rejections.LocationInactive,
                Rejections.StockNotFree
            );

    static Task<Reply<DeliveryView>> Handle(string delivery, HttpContext http, CancellationToken stop) =>
        http.Step(
            delivery,
            MovementKind.Shipped,
            standing => [standing.To],
            (standing, stock) =>
                standing.State == Delivery.Planned
                    ? Delivery.Leave(standing, stock)
                    : Rejections.DeliveryNotReady.Because($"It is {standing.State}."),
            stop
        );
}
