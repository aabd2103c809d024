using Kontor.Kernel;

namespace Kontor.Contracts.Ordering;

/// <summary>A cart was opened. No event of a cart carries its token or anything about a person.</summary>
[EventName("cart.created.v1")]
public sealed record CartCreated(Guid Cart, string Currency, string? Country, string? Channel = null);

/// <summary>Pieces of a variant were put in a cart.</summary>
/// <param name="Quantity">How many the line holds now.</param>
[EventName("cart.line-added.v1")]
public sealed record CartLineAdded(Guid Cart, string Sku, int Quantity, Money UnitPrice);

/// <summary>A line's quantity was set, or to 0: the line was taken out.</summary>
[EventName("cart.line-changed.v1")]
public sealed record CartLineChanged(Guid Cart, string Sku, int Quantity);

/// <summary>The cart knows where to send the goods; to whom stands in Ordering's tables only.</summary>
[EventName("cart.addressed.v1")]
public sealed record CartAddressed(Guid Cart, string Country);

/// <summary>Whoever the cart was of is to be forgotten: every reader that holds something about them destroys it, or the
/// key that it is sealed under.</summary>
[EventName("cart.erased.v1")]
public sealed record CartErased(Guid Cart);

/// <summary>The cart became an order and takes no more changes.</summary>
[EventName("cart.ordered.v1")]
public sealed record CartOrdered(Guid Cart, Guid Order);
