using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>The stock of one variant at one location changed, by one reservation or by many settled together, or by who
/// works in the warehouse.</summary>
/// <param name="Before">The availability class of this location before: <c>inStock</c>, <c>preorder</c>, <c>backorder</c>,
/// <c>outOfStock</c>.</param>
/// <param name="After">The class now; caches need to look only where the two differ.</param>
/// <param name="Reason">Why: <c>reserved</c>, <c>released</c>, <c>termsSet</c>, or the kind of movement: <c>counted</c>,
/// <c>adjusted</c>, <c>announced</c>, <c>shipped</c>, <c>received</c>, <c>calledOff</c>.</param>
/// <param name="Incoming">Pieces announced or under way to the location.</param>
[EventName("stock.changed.v1")]
public sealed record StockChanged(
    string Sku,
    string Location,
    long OnHand,
    long Reserved,
    string Before,
    string After,
    string Reason,
    long Incoming = 0
);

/// <summary>A location came.</summary>
/// <param name="Key">Its name, never changed.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Priority">Lower is asked first.</param>
/// <param name="Active">Whether its stock is offered.</param>
[EventName("location.created.v1")]
public sealed record LocationCreated(string Key, string Title, int Priority, bool Active);

/// <summary>A location changed. Where it became active or no longer is, what is available of all that is there changed with
/// it, without an event for each variant.</summary>
/// <param name="Key">Its name, never changed.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Priority">Lower is asked first.</param>
/// <param name="Active">Whether its stock is offered.</param>
[EventName("location.changed.v1")]
public sealed record LocationChanged(string Key, string Title, int Priority, bool Active);

/// <summary>A delivery was made, or came a step further.</summary>
/// <param name="Key">Its name, never changed.</param>
/// <param name="Version">Its version (ETag).</param>
/// <param name="State"><c>planned</c>, <c>underWay</c>, <c>received</c> or <c>cancelled</c>.</param>
/// <param name="To">The location that it goes to.</param>
/// <param name="From">The location that it comes from; absent where it comes from outside.</param>
/// <param name="Lines">All of it.</param>
[EventName("delivery.changed.v1")]
public sealed record DeliveryChanged(
    string Key,
    long Version,
    string State,
    string To,
    string? From,
    IReadOnlyList<DeliveredLine> Lines
);

/// <summary>A line of a delivery.</summary>
/// <param name="Quantity">Pieces that were to come.</param>
/// <param name="Received">Pieces that have come.</param>
public sealed record DeliveredLine(string Sku, long Quantity, long Received);
