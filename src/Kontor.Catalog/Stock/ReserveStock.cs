using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Stock;

/// <summary>How a reservation stands after a request.</summary>
/// <param name="State">held, committed, released or expired.</param>
public sealed record ReservationStanding(Guid Id, string State);

/// <summary>Holds stock under an id that the asker chose.</summary>
/// <remarks>The id makes repeats safe, so no Idempotency-Key is needed, and nothing is kept under one. A reservation has
/// no version: no If-Match.</remarks>
static class ReserveStock
{
    public const int MaxLines = 200;
    static readonly string[] TooFew = ["There are not enough pieces."];

    /// <param name="Lines">1 to 200; lines of one SKU are summed.</param>
    /// <param name="ExpiresAt">When it ends by itself unless it is committed before; left out, it stands until it is
    /// released.</param>
    /// <param name="Split">How far it may be taken apart: <c>none</c> (all from one location), <c>lines</c> (each line from
    /// one, the default) or <c>pieces</c> (a line from several).</param>
    public sealed record Request(
        [property: Required, MinLength(1), MaxLength(MaxLines)] IReadOnlyList<Line> Lines,
        DateTimeOffset? ExpiresAt = null,
        string? Split = null
    );

    public sealed record Line(
        [property: Required, StringLength(100, MinimumLength = 1)] string Sku,
        [property: Range(1, 1_000_000)] int Quantity
    );

    public static void Map(IEndpointRouteBuilder reservations) =>
        reservations
            .MapPut("/{reservation}", Handle)
            .WithName("reserveStock")
            .WithSummary("Holds stock, all lines or none, under an id of your choice; a repeat changes nothing")
            .WithMetadata(new RouteClass(RouteClass.Service))
            .RequireScope(Scopes.CatalogReserve)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.Busy,
                Rejections.StockShort,
                Rejections.ReservationDiffers,
                Rejections.ReservationEnded,
                Rejections.ReservationNotYours
            );

    static async Task<Reply<ReservationStanding>> Handle(
        Guid reservation,
        Request wanted,
        HttpContext http,
        StockDesk desk,
        CancellationToken stop
    )
    {
        // Neither the reader of JSON nor validation sees a null in a list.
        if (wanted.Lines.Contains(null!))
            return Refusals.ValidationFailed.At("lines", "A line cannot be null.");
        var split = wanted.Split ?? Splits.Lines;
        if (!Splits.All.Contains(split, StringComparer.Ordinal))
            return Refusals.ValidationFailed.At("split", $"One of {string.Join(", ", Splits.All)}.");
        var lines = wanted.Lines.Select(line => new ReservationLine(line.Sku, line.Quantity));
        try
        {
            var wish = Wish.Of(new(reservation, [.. lines], wanted.ExpiresAt, split), ReservationOwner.Of(http.User));
            var settled = await desk.Ask(wish, stop);
            return Refusal(settled) is { } refusal ? refusal : Answer(reservation, settled);
        }
        catch (DeskIsFullException)
        {
            return Refusals.Busy;
        }
    }

    /// <summary>The rule: what an outcome is to who wanted the pieces; null where they are held.</summary>
    internal static Rejection? Refusal(Settled settled) =>
        settled switch
        {
            { NotYours: true } => Rejections.ReservationNotYours,
            { Differs: true } => Rejections.ReservationDiffers,
            { Holds: true } => null,
            { State: null } => Rejections.StockShort with
            {
                Errors = settled.Missing.ToDictionary(sku => $"lines.{sku}", _ => TooFew, StringComparer.Ordinal),
            },
            { State: var state } => Rejections.ReservationEnded.Because($"It is {state}."),
        };

    /// <summary>The answer for a reservation that stands, with the place that its stock's events reached.</summary>
    internal static Reply<ReservationStanding> Answer(Guid reservation, Settled settled)
    {
        Reply<ReservationStanding> reply = new ReservationStanding(
            reservation,
            settled.State ?? throw new InvalidOperationException("Nothing stands under the id.")
        );
        reply.Position = settled.Position;
        return reply;
    }
}
