using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Stock;

/// <summary>What is wished of one reservation.</summary>
abstract record Wish(Guid Id)
{
    /// <summary>Hold pieces, all or none; <paramref name="Demand"/> is summed by SKU, <paramref name="Split"/> is one of
    /// <see cref="Splits"/>.</summary>
    public sealed record Reserve(
        Guid Id,
        string Owner,
        IReadOnlyDictionary<string, long> Demand,
        DateTimeOffset? ExpiresAt,
        string Split = Splits.Lines
    ) : Wish(Id), IOwned;

    /// <summary>Give back what it holds, sold or not; an unknown one is recorded as released.</summary>
    public sealed record Release(Guid Id, string Owner) : Wish(Id), IOwned;

    /// <summary>It is sold: the pieces stay with it, and no timer ends it.</summary>
    public sealed record Commit(Guid Id, string Owner) : Wish(Id), IOwned;

    /// <summary>End it if it is held and its time has come, whoever made it.</summary>
    public sealed record Expire(Guid Id) : Wish(Id);

    /// <summary>A wish of somebody, who gets it only of an own reservation.</summary>
    public interface IOwned
    {
        /// <summary>Who wishes: a <see cref="ReservationOwner"/>.</summary>
        string Owner { get; }
    }

    public static Reserve Of(Reservation wanted, string owner)
    {
        var demand = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (sku, quantity) in wanted.Lines)
        {
            if (quantity < 1)
                throw new ArgumentException($"{quantity} pieces of '{sku}' cannot be held.", nameof(wanted));
            demand[sku] = demand.GetValueOrDefault(sku) + quantity;
        }
        if (demand.Count == 0)
            throw new ArgumentException("A reservation has at least one line.", nameof(wanted));
        if (!Splits.All.Contains(wanted.Split, StringComparer.Ordinal))
            throw new ArgumentException($"A reservation cannot be split as '{wanted.Split}'.", nameof(wanted));
        return new(wanted.Id, owner, demand, wanted.ExpiresAt?.ToUniversalTime(), wanted.Split);
    }

    /// <summary>How much of a batch it fills.</summary>
    public int Size => this is Reserve { Demand.Count: var lines } ? lines : 1;
}

/// <summary>How a reservation stands after a wish.</summary>
/// <param name="State">One of <see cref="ReservationState"/>; null where nothing stands under the id, or nothing of who wished.</param>
/// <param name="Missing">The SKUs that were short, where nothing stands because of them.</param>
/// <param name="Differs">It stands with other lines than those wished, and was left as it is.</param>
/// <param name="NotYours">What stands is another owner's, and was left as it is.</param>
sealed record Settled(string? State, IReadOnlyList<string> Missing, bool Differs = false, bool NotYours = false)
{
    /// <summary>The place in the journal of the batch's events; null where its stock did not change.</summary>
    public string? Position { get; init; }

    public bool Holds => ReservationState.Holds(State);
}

/// <summary>The states of a reservation: held → committed → released, held → released, held → expired.</summary>
static class ReservationState
{
    public const string Held = "held";
    public const string Committed = "committed";
    public const string Released = "released";
    public const string Expired = "expired";

    /// <summary>Whether pieces are kept for it.</summary>
    public static bool Holds(string? state) => state is Held or Committed;
}
