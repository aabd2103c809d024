using Kontor.Ordering.Carts;
using Kontor.Platform.Access;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Orders;

/// <summary>Shows an order.</summary>
static class GetOrder
{
    public static void Map(IEndpointRouteBuilder orders) =>
        orders
            .MapGet("/{order}", Handle)
            .WithName("getOrder")
            .WithSummary("Shows an order")
            .HeldBy("the token of its cart, or scope ordering:read")
            .Refuses(Rejections.OrderNotFound);

    static async Task<Reply<OrderView>> Handle(
        OrderId order,
        HttpContext http,
        OrderingDatabase database,
        KeyRing keys,
        CancellationToken stop
    )
    {
        if (
            await OrderTable.Find(database.Source, order, stop) is not { } found
            || !http.MayReach(found.TokenHash, Scopes.OrderingRead)
        )
            return Rejections.OrderNotFound;

        http.Response.Headers.CacheControl = "no-store";
        var contact = Contact.Open(found.Contact, found.View.Cart, found.View.Country, keys);
        return Reply<OrderView>.Of(found.View.With(contact), version: found.View.Version);
    }
}
