using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Carts;

/// <summary>Takes a line out of a cart.</summary>
static class RemoveLine
{
    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapDelete("/{cart}/lines/{sku}", Handle)
            .WithName("removeCartLine")
            .WithSummary("Takes a line out of a cart")
            .HeldBy("the cart's token, or scope ordering:write")
            .Refuses(
                Rejections.CartNotFound,
                Rejections.LineNotFound,
                Rejections.CartAlreadyOrdered,
                Refusals.PreconditionFailed
            );

    static Task<Reply<CartView>> Handle(
        CartId cart,
        string sku,
        HttpContext http,
        CartDesk desk,
        CancellationToken stop
    ) =>
        desk.Change(
            http,
            cart,
            now => now.Question,
            (now, _) => Decide(now, sku),
            (work, now, _) => Write(work, now, sku, http.Clock, stop),
            stop
        );

    internal static Result<CartChange> Decide(Cart cart, string sku) =>
        cart.Line(sku) is null
            ? Rejections.LineNotFound
            : new CartChange(cart.Without(sku), new CartLineChanged(cart.Id.Value, sku, 0));

    internal static async Task<bool> Write(
        Work work,
        Cart cart,
        string sku,
        TimeProvider clock,
        CancellationToken stop
    ) =>
        await work.Command(
                """
                with moved as (
                    update carts set version = version + 1, changed_at = $3
                    where id = $1 and version = $2 and attempt is null returning id
                )
                delete from cart_lines where cart = (select id from moved) and sku = $4
                """,
                cart.Id.Value,
                cart.Version,
                clock.GetUtcNow(),
                sku
            )
            .Run(stop) == 1;
}
