using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Deliveries;

/// <summary>Calls off what has not come of a delivery; pieces of a transfer are back where they came from.</summary>
static class CancelDelivery
{
    public static void Map(IEndpointRouteBuilder deliveries) =>
        deliveries
            .MapPost("/{delivery}/cancel", Handle)
            .WithName("cancelDelivery")
            .WithSummary("Calls off what has not come; pieces of a transfer go back to where they came from")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.IdempotencyKeyRequired,
                Refusals.PreconditionFailed,
                Rejections.DeliveryNotFound,
                Rejections.DeliveryNotReady
            );

    static Task<Reply<DeliveryView>> Handle(string delivery, HttpContext http, CancellationToken stop) =>
        http.Step(delivery, MovementKind.CalledOff, _ => [], Decide, stop);

    /// <summary>The rule; a planned one has moved nothing.</summary>
    internal static Result<DeliveryView> Decide(DeliveryView delivery, LockedStock stock)
    {
        if (delivery.State == Delivery.UnderWay)
            foreach (var line in delivery.Lines.Where(line => line.Received < line.Quantity))
            {
                if (stock.Find(line.Sku, delivery.To) is null)
                    continue; // The variant is no more, and what was under way of it went with it.
                var rest = line.Quantity - line.Received;
                Delivery.Expect(stock, delivery, line.Sku, -rest);
                if (delivery.From is { } from)
                    Delivery.Move(stock, line.Sku, from, level => level.WithOnHand(level.OnHand + rest));
            }
        return delivery with { State = Delivery.Cancelled };
    }
}
