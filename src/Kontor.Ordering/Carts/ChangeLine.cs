using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Carts;

/// <summary>Sets how many pieces a line holds; 0 takes it out.</summary>
static class ChangeLine
{
    public sealed record Request([property: Range(0, CartLine.MaxQuantity)] int Quantity);

    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapPatch("/{cart}/lines/{sku}", Handle)
            .WithName("changeCartLine")
            .WithSummary("Sets the quantity of a line; 0 takes it out")
            .HeldBy("the cart's token, or scope ordering:write")
            .Refuses(
                Rejections.CartNotFound,
                Rejections.LineNotFound,
                Rejections.VariantNotSold,
                Rejections.CartAlreadyOrdered,
                Refusals.PreconditionFailed
            );

    static Task<Reply<CartView>> Handle(
        CartId cart,
        string sku,
        Request wanted,
        HttpContext http,
        CartDesk desk,
        CancellationToken stop
    ) =>
        desk.Change(
            http,
            cart,
            now => now.Line(sku) is null ? now.Question : now.QuestionWith(sku, wanted.Quantity),
            (now, shelf) => Decide(now, sku, wanted, shelf),
            (work, now, change) =>
                change.Next.Line(sku) is { } line
                    ? AddLine.Write(work, now, line, http.Clock, stop)
                    : RemoveLine.Write(work, now, sku, http.Clock, stop),
            stop
        );

    /// <summary>The rule. The price shown becomes that of now, where Catalog can be asked and still sells it.</summary>
    internal static Result<CartChange> Decide(Cart cart, string sku, Request wanted, Shelf shelf)
    {
        if (cart.Line(sku) is not { } line)
            return Rejections.LineNotFound;
        if (wanted.Quantity == 0)
            return RemoveLine.Decide(cart, sku);

        if (shelf.IsKnown && shelf.PriceOf(sku) is null && wanted.Quantity > line.Quantity)
            return Rejections.VariantNotSold;
        var next = line with { Quantity = wanted.Quantity, UnitPrice = shelf.PriceOf(sku) ?? line.UnitPrice };
        return next == line
            ? new CartChange(cart, null)
            : new CartChange(cart.With(next), new CartLineChanged(cart.Id.Value, sku, next.Quantity));
    }
}
