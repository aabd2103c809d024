using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Carts;

/// <summary>Forgets the guest of a cart, for good: what was bought stays, and who bought it is nowhere any more.</summary>
/// <remarks>
/// 1. In one transaction the event is journalled, the cart marked, and what the tables hold sealed is taken out.
/// 2. The cart's key is destroyed: now kept answers, older row versions, the write-ahead log and backups open no more.
/// A process that dies between the two leaves 2 to <see cref="Erasures"/>, here after its restart or in another process.
/// </remarks>
static class EraseGuest
{
    const int Attempts = 8;

    /// <summary>Never answered: says that the cart was changed while we decided.</summary>
    static readonly Rejection Lost = Refusals.Busy.Because("The cart was changed at the same moment.");

    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapDelete("/{cart}/person", Handle)
            .WithName("eraseGuest")
            .WithSummary("Erases who buys, for good; the cart's order stays without them")
            .HeldBy("the cart's token, or scope ordering:write")
            .Refuses(Rejections.CartNotFound, Rejections.CartInCheckout);

    static async Task<Reply<CartView>> Handle(
        CartId cart,
        HttpContext http,
        CartDesk desk,
        OrderingDatabase database,
        KeyRing keys,
        CancellationToken stop
    )
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (!(await desk.Find(http, cart, Scopes.OrderingWrite, stop)).Is(out var found, out var missing))
                return missing;
            var shelf = await desk.Shelf(found, stop);
            var reply = await http.Write<CartView>(
                database,
                async work =>
                {
                    if (!Decide(found).Is(out var change, out var refused))
                        return refused;
                    if (!await Write(work, found, change, http.Clock, stop))
                        return Lost;
                    var answer = Reply<CartView>.Of(desk.View(change.Next, shelf), version: change.Next.Version);
                    if (change.Happened is null)
                        answer.Position = (await work.Standing(found.Stream, stop)).ToString();
                    FaultPoint.Pass("erase.before-commit");
                    return answer;
                },
                stop
            );
            if (ReferenceEquals(reply.Rejection, Lost))
                continue;
            if (reply.Rejection is not null)
                return reply;
            FaultPoint.Pass("erase.after-commit");
            keys.Persons.Destroy(cart.Value);
            return reply;
        }
        return Refusals.Busy;
    }

    /// <summary>The rule: not while an order is being made, which is paid and told about by what is to be forgotten.</summary>
    internal static Result<CartChange> Decide(Cart cart)
    {
        if (cart.IsErased)
            return new CartChange(cart, null);
        if (cart.Attempt is not null && !cart.IsOrdered)
            return Rejections.CartInCheckout;

        return new CartChange(
            cart with
            {
                Version = cart.Version + 1,
                Contact = null,
                IsErased = true,
            },
            new CartErased(cart.Id.Value)
        );
    }

    /// <summary>False where the cart has moved on, or an order of it was begun or ended, since it was read.</summary>
    internal static async Task<bool> Write(
        Work work,
        Cart cart,
        CartChange change,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (change.Happened is null)
            return true;
        var marked = await work.Command(
                """
                update carts set version = version + 1, changed_at = $4, erased_at = $4, contact = null
                where id = $1 and version = $2 and attempt is not distinct from $3
                """,
                cart.Id.Value,
                cart.Version,
                cart.Attempt?.Value,
                clock.GetUtcNow()
            )
            .Run(stop);
        if (marked == 0)
            return false;
        await work.Command(
                """
                update checkouts set contact = null, payment_token = null
                where order_id in (select id from orders where cart = $1)
                """,
                cart.Id.Value
            )
            .Run(stop);
        work.Happened(cart.Stream, change.Happened);
        return true;
    }
}
