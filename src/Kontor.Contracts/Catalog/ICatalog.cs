using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>What Ordering asks of Catalog.</summary>
public interface ICatalog
{
    /// <summary>What the variants are called and cost now, by SKU; a SKU that does not exist is missing.</summary>
    Task<IReadOnlyDictionary<string, Offer>> Offers(OfferQuestion question, CancellationToken stop);

    /// <summary>The same for one piece of each, to whoever passes by.</summary>
    Task<IReadOnlyDictionary<string, Offer>> Offers(
        IReadOnlyCollection<string> skus,
        string currency,
        CancellationToken stop
    ) => Offers(new OfferQuestion([.. skus.Select(sku => new OfferWish(sku))], currency), stop);

    /// <summary>Holds stock for an attempt, all lines or none. Repeating a reservation that stands changes nothing; one
    /// that was released before it came is refused.</summary>
    /// <exception cref="TimeoutException">Too many wait, nothing was done; or the answer did not come in time. Repeat.</exception>
    /// <exception cref="InvalidOperationException">The id stands with other lines: a bug of the asker.</exception>
    Task<ReservationOutcome> Reserve(Reservation wanted, CancellationToken stop);

    /// <summary>Gives a reservation's stock back, sold or not. An unknown one is recorded as released, so that a
    /// reservation still on its way is refused when it arrives.</summary>
    Task Release(Guid reservation, CancellationToken stop);
}

/// <summary>What is asked for, by whom and where: all that decides upon a price.</summary>
/// <param name="Wishes">No SKU twice.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Country">Where the goods go, ISO 3166-1; null: not known yet.</param>
/// <param name="Channel">The key of a channel.</param>
/// <param name="CustomerGroup">The key of a customer group.</param>
public sealed record OfferQuestion(
    IReadOnlyList<OfferWish> Wishes,
    string Currency,
    string? Country = null,
    string? Channel = null,
    string? CustomerGroup = null
);

/// <summary>Pieces of one variant, which decide upon tier prices.</summary>
/// <param name="Quantity">1 or more.</param>
public sealed record OfferWish(string Sku, int Quantity = 1);

/// <summary>A variant as it is offered.</summary>
/// <param name="Price">For each of the pieces asked for; null where it is not sold in the currency asked for.</param>
/// <param name="Availability"><c>inStock</c>, <c>preorder</c>, <c>backorder</c> or <c>outOfStock</c>.</param>
/// <param name="CompareAt">The higher price that it is shown against.</param>
public sealed record Offer(
    string Sku,
    Guid Product,
    string Title,
    string Slug,
    Money? Price,
    string Availability,
    Money? CompareAt = null
);

/// <summary>Pieces to hold for one attempt to buy.</summary>
/// <param name="Id">Chosen by the asker before the first try and kept for every repeat.</param>
/// <param name="ExpiresAt">When it ends by itself unless sold before; left out, only the asker ends it, as a checkout
/// with a payment in flight must.</param>
/// <param name="Split">How far it may be taken apart: <c>none</c> (all from one location), <c>lines</c> (each line from one)
/// or <c>pieces</c> (a line from several).</param>
public sealed record Reservation(
    Guid Id,
    IReadOnlyList<ReservationLine> Lines,
    DateTimeOffset? ExpiresAt = null,
    string Split = "lines"
);

/// <summary>Pieces of one variant.</summary>
/// <param name="Quantity">1 or more; lines of one SKU are summed.</param>
public sealed record ReservationLine(string Sku, int Quantity);

/// <summary>How a reservation ended: held, or which SKUs were short, or already released.</summary>
public sealed record ReservationOutcome(bool Held, IReadOnlyList<string> Missing, bool Released = false);
