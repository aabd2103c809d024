using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Inventory;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Deliveries;

/// <summary>Announces goods that come from outside, or plans their transfer from one location to another.</summary>
static class CreateDelivery
{
    /// <param name="Key">1 to 100 letters, digits, '.', '_', ':' or '-'. Never changes.</param>
    /// <param name="To">The location that it goes to.</param>
    /// <param name="Lines">1 to 1,000, one for each SKU.</param>
    /// <param name="From">The location that it comes from; left out: it comes from outside and is under way at once.</param>
    /// <param name="Reference">What it is called elsewhere.</param>
    /// <param name="Note">For whoever reads the movements.</param>
    /// <param name="ExpectedAt">For people; nothing happens by itself then.</param>
    public sealed record Request(
        [property: Required] string Key,
        [property: Required] string To,
        [property: Required, MinLength(1), MaxLength(Paper.MaxLines)] IReadOnlyList<Line> Lines,
        string? From = null,
        [property: StringLength(100)] string? Reference = null,
        [property: StringLength(Paper.MaxWords)] string? Note = null,
        DateTimeOffset? ExpectedAt = null
    );

    public sealed record Line([property: Required] string Sku, [property: Range(1, Paper.MaxPieces)] long Quantity);

    public static void Map(IEndpointRouteBuilder deliveries) =>
        deliveries
            .MapPost("", Handle)
            .WithName("createDelivery")
            .WithSummary("Announces goods from outside, or plans a transfer between locations")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.IdempotencyKeyRequired,
                Rejections.UnknownLocation,
                Rejections.UnknownSku,
                Rejections.SkuIsBundle,
                Rejections.LocationInactive,
                Rejections.DeliveryKeyTaken
            );

    static async Task<Reply<DeliveryView>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.HasIdempotencyKey)
            return Refusals.IdempotencyKeyRequired;
        if (!Decide(wanted).Is(out var delivery, out var rejection))
            return rejection;
        return await http.Write(database, work => Store(work, delivery, http.Clock, stop), stop);
    }

    /// <summary>The rule: what is asked for, made whole, or what is wrong with it.</summary>
    internal static Result<DeliveryView> Decide(Request wanted)
    {
        if (!Product.IsKey(wanted.Key))
            return Refusals.ValidationFailed.At("key", Product.KeyRule);
        if (!Product.IsKey(wanted.To))
            return Refusals.ValidationFailed.At("to", Product.KeyRule);
        if (wanted.From is not null && !Product.IsKey(wanted.From))
            return Refusals.ValidationFailed.At("from", Product.KeyRule);
        if (wanted.From == wanted.To)
            return Refusals.ValidationFailed.At("from", "It cannot come from where it goes to.");
        var paper = new Paper(wanted.To, [.. wanted.Lines.Select(line => line?.Sku)], null, null);
        if (paper.Fault() is { } fault)
            return fault;
        return new DeliveryView(
            default,
            wanted.Key,
            Delivery.Planned,
            wanted.To,
            wanted.From,
            [
                .. wanted
                    .Lines.OrderBy(line => line.Sku, StringComparer.Ordinal)
                    .Select(line => new DeliveredLine(line.Sku, line.Quantity, 0)),
            ],
            wanted.Reference,
            wanted.Note,
            wanted.ExpectedAt?.ToUniversalTime(),
            default,
            default,
            1
        );
    }

    static async Task<Reply<DeliveryView>> Store(
        Work work,
        DeliveryView wanted,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var now = clock.GetUtcNow();
        if (!(await Delivery.LockStock(work, wanted, d => [d.To], stop)).Is(out var stock, out var rejection))
            return rejection;
        var made = wanted with { Id = Id<DeliveryView>.New(clock).Value, CreatedAt = now, UpdatedAt = now };
        // From outside nothing has to leave here first.
        if (made.From is null && !Delivery.Leave(made, stock).Is(out made, out rejection))
            return rejection;
        if (!await DeliveryRows.Insert(work, made, stop))
            return Rejections.DeliveryKeyTaken;
        await StockLedger.Write(work, stock, Delivery.Said(work, made, MovementKind.Announced), now, stop);
        Delivery.Happened(work, made);
        return Delivery.Answer(made, StatusCodes.Status201Created);
    }
}
