using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Carts;

/// <summary>Puts a variant in a cart, or raises the quantity of the line that it already has.</summary>
static class AddLine
{
    public sealed record Request(
        [property: Required, MaxLength(200)] string Sku,
        [property: Range(1, CartLine.MaxQuantity)] int Quantity
    );

    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapPost("/{cart}/lines", Handle)
            .WithName("addCartLine")
            .WithSummary("Adds pieces of a variant to a cart")
            .HeldBy("the cart's token, or scope ordering:write")
            .Refuses(
                Rejections.CartNotFound,
                Rejections.VariantNotFound,
                Rejections.VariantNotSold,
                Rejections.CartFull,
                Rejections.LineFull,
                Rejections.CartAlreadyOrdered,
                Rejections.CatalogUnavailable,
                Refusals.PreconditionFailed
            );

    static Task<Reply<CartView>> Handle(
        CartId cart,
        Request wanted,
        HttpContext http,
        CartDesk desk,
        CancellationToken stop
    ) =>
        desk.Change(
            http,
            cart,
            now => now.QuestionWith(wanted.Sku, (now.Line(wanted.Sku)?.Quantity ?? 0) + wanted.Quantity),
            (now, shelf) => Decide(now, wanted, shelf),
            (work, now, change) => Write(work, now, change.Next.Line(wanted.Sku)!, http.Clock, stop),
            stop
        );

    /// <summary>The rule: no I/O, no clock. Runs again if another writer wins the race.</summary>
    internal static Result<CartChange> Decide(Cart cart, Request wanted, Shelf shelf)
    {
        var held = cart.Line(wanted.Sku)?.Quantity ?? 0;

        if (!shelf.IsKnown)
            return Rejections.CatalogUnavailable;
        if (shelf.Find(wanted.Sku) is not { } offer)
            return Rejections.VariantNotFound;
        if (shelf.PriceOf(wanted.Sku) is not { } price)
            return Rejections.VariantNotSold;
        if (held == 0 && cart.Lines.Count == Cart.MaxLines)
            return Rejections.CartFull;
        if (held + wanted.Quantity > CartLine.MaxQuantity)
            return Rejections.LineFull;

        var line = new CartLine(wanted.Sku, offer.Title, held + wanted.Quantity, price);
        return new CartChange(cart.With(line), new CartLineAdded(cart.Id.Value, line.Sku, line.Quantity, price));
    }

    /// <summary>Moves the cart on and writes the line in one statement; nothing where the cart has moved.</summary>
    internal static async Task<bool> Write(
        Work work,
        Cart cart,
        CartLine line,
        TimeProvider clock,
        CancellationToken stop
    ) =>
        await work.Command(
                """
                with moved as (
                    update carts set version = version + 1, changed_at = $3
                    where id = $1 and version = $2 and attempt is null returning id
                )
                insert into cart_lines (cart, sku, place, title, quantity, unit_amount)
                select id, $4, (select coalesce(max(place), 0) + 1 from cart_lines where cart = $1), $5, $6, $7 from moved
                on conflict (cart, sku) do update
                set title = excluded.title, quantity = excluded.quantity, unit_amount = excluded.unit_amount
                """,
                cart.Id.Value,
                cart.Version,
                clock.GetUtcNow(),
                line.Sku,
                line.Title,
                line.Quantity,
                line.UnitPrice.Amount
            )
            .Run(stop) == 1;
}
