using System.Security.Claims;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Stock;

/// <summary>Whose a reservation is: only who made it commits, releases or repeats it.</summary>
/// <remarks>Whoever has the scope could otherwise give back the pieces of a checkout whose payment is under way, and they
/// would be sold twice.</remarks>
static class ReservationOwner
{
    /// <summary>Ordering in the same process.</summary>
    public const string Checkout = "checkout";

    /// <summary>A caller over REST. The word before the subject keeps a client from being taken for the checkout, whatever
    /// it is called.</summary>
    public static string Of(ClaimsPrincipal caller) =>
        caller.Subject is { Length: > 0 } subject
            ? $"client:{subject}"
            : throw new InvalidOperationException("A token with a scope says whose it is.");
}
