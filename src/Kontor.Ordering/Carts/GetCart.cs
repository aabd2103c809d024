using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Carts;

/// <summary>Shows a cart at the prices of now.</summary>
static class GetCart
{
    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapGet("/{cart}", Handle)
            .WithName("getCart")
            .WithSummary("Shows a cart at the prices of now")
            .HeldBy("the cart's token, or scope ordering:read")
            .Refuses(Rejections.CartNotFound);

    static async Task<Reply<CartView>> Handle(CartId cart, HttpContext http, CartDesk desk, CancellationToken stop)
    {
        if (!(await desk.Find(http, cart, Scopes.OrderingRead, stop)).Is(out var found, out var missing))
            return missing;
        var view = desk.View(found, await desk.Shelf(found, stop));

        // The version is said for If-Match; a 304 upon it would hide that a price has changed.
        http.Response.Headers.ETag = $"\"{found.Version}\"";
        http.Response.Headers.CacheControl = "no-store";
        return view;
    }
}
