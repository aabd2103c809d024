using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Inventory;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Deliveries;

/// <summary>Enters what has come of a delivery that is under way; the rest stays under way.</summary>
static class ReceiveDelivery
{
    /// <param name="Lines">What has come, one for each SKU; left out: all that had not.</param>
    public sealed record Request([property: MinLength(1), MaxLength(Paper.MaxLines)] IReadOnlyList<Line>? Lines = null);

    public sealed record Line([property: Required] string Sku, [property: Range(1, Paper.MaxPieces)] long Quantity);

    public static void Map(IEndpointRouteBuilder deliveries) =>
        deliveries
            .MapPost("/{delivery}/receive", Handle)
            .WithName("receiveDelivery")
            .WithSummary("Enters what has come; the rest stays under way")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.IdempotencyKeyRequired,
                Refusals.PreconditionFailed,
                Rejections.DeliveryNotFound,
                Rejections.DeliveryNotReady,
                Rejections.DeliveryExceeded,
                Rejections.UnknownSku,
                Rejections.LocationInactive
            );

    static async Task<Reply<DeliveryView>> Handle(
        string delivery,
        Request wanted,
        HttpContext http,
        CancellationToken stop
    )
    {
        var lines = wanted.Lines ?? [];
        if (new Paper("any", [.. lines.Select(line => line?.Sku)], null, null).Fault() is { } fault)
            return fault;
        return await http.Step(
            delivery,
            MovementKind.Received,
            standing => [standing.To],
            (standing, stock) => Decide(standing, wanted, stock),
            stop
        );
    }

    /// <summary>The rule: no more than is to come, of what is to come.</summary>
    internal static Result<DeliveryView> Decide(DeliveryView delivery, Request wanted, LockedStock stock)
    {
        if (delivery.State != Delivery.UnderWay)
            return Rejections.DeliveryNotReady.Because($"It is {delivery.State}.");
        var rest = delivery.Lines.ToDictionary(l => l.Sku, l => l.Quantity - l.Received, StringComparer.Ordinal);
        var came =
            wanted.Lines?.ToDictionary(l => l.Sku, l => l.Quantity, StringComparer.Ordinal)
            ?? rest.Where(line => line.Value > 0).ToDictionary(StringComparer.Ordinal);
        if (came.Keys.Where(sku => !rest.ContainsKey(sku)).ToArray() is { Length: > 0 } strange)
            return Rejections.UnknownSku.At(strange, _ => "It is not in this delivery.");
        if (came.Where(line => line.Value > rest[line.Key]).ToArray() is { Length: > 0 } beyond)
            return Rejections.DeliveryExceeded.At(beyond.Select(line => line.Key), sku => $"{rest[sku]} are to come.");
        foreach (var (sku, quantity) in came)
        {
            Delivery.Expect(stock, delivery, sku, -quantity);
            Delivery.Move(stock, sku, delivery.To, level => level.WithOnHand(level.OnHand + quantity));
        }
        var lines = delivery
            .Lines.Select(line => line with { Received = line.Received + came.GetValueOrDefault(line.Sku) })
            .ToList();
        return delivery with
        {
            Lines = lines,
            State = lines.TrueForAll(line => line.Received == line.Quantity) ? Delivery.Received : delivery.State,
        };
    }
}
