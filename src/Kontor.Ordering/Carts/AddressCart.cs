using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Carts;

/// <summary>Says who buys and where the goods go.</summary>
static class AddressCart
{
    public sealed record Request([property: Email] string Email, Address Shipping, Address? Billing = null);

    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapPut("/{cart}/addresses", Handle)
            .WithName("addressCart")
            .WithSummary("Says who buys and where the goods go")
            .HeldBy("the cart's token, or scope ordering:write")
            .Refuses(
                Rejections.CartNotFound,
                Rejections.CartAlreadyOrdered,
                Rejections.CartErased,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<CartView>> Handle(
        CartId cart,
        Request wanted,
        HttpContext http,
        CartDesk desk,
        KeyRing keys,
        CancellationToken stop
    )
    {
        if (!(await desk.Find(http, cart, Scopes.OrderingWrite, stop)).Is(out var found, out var missing))
            return missing;
        if (found is { Person: null, IsErased: false, Attempt: null })
        {
            // The first that is known of a person makes their key. It is on the disk before the transaction that writes
            // under it begins; one that fails leaves a key to nothing, which harms nobody.
            await keys.Persons.Make(cart.Value, stop);
            FaultPoint.Pass("keys.made.before-use");
        }
        var contact = new Contact(wanted.Email, wanted.Shipping, wanted.Billing);
        return await desk.Change(
            http,
            cart,
            now => now.Question with { Country = wanted.Shipping.Country },
            (now, _) => Decide(now, now.IsErased ? [] : contact.Seal(now.Id, keys), wanted.Shipping.Country),
            (work, now, change) => Write(work, now, change.Next, http.Clock, stop),
            stop
        );
    }

    /// <param name="contact">Sealed; nothing where there is no key for it any more.</param>
    internal static Result<CartChange> Decide(Cart cart, byte[] contact, string country)
    {
        if (cart.IsErased || contact.Length == 0)
            return Rejections.CartErased;

        return new CartChange(
            cart with
            {
                Version = cart.Version + 1,
                Contact = contact,
                Country = country,
            },
            new CartAddressed(cart.Id.Value, country)
        );
    }

    static async Task<bool> Write(Work work, Cart cart, Cart next, TimeProvider clock, CancellationToken stop) =>
        await work.Command(
                """
                update carts set version = version + 1, changed_at = $3, contact = $4, country = $5
                where id = $1 and version = $2 and attempt is null
                """,
                cart.Id.Value,
                cart.Version,
                clock.GetUtcNow(),
                next.Contact,
                next.Country
            )
            .Run(stop) == 1;
}
