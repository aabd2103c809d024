using System.Diagnostics;
using Kontor.Catalog.Bundles;

namespace Kontor.Catalog.Stock;

/// <summary>A line of a reservation: pieces of a variant at one location.</summary>
sealed record HeldLine(Guid Variant, string Location, string Sku, long Quantity);

/// <summary>A reservation, as it stands and as the batch leaves it.</summary>
/// <param name="id">Its id.</param>
/// <param name="owner">Who made it.</param>
/// <param name="stood">The state found; null where it is new.</param>
sealed class StandingReservation(
    Guid id,
    string owner,
    string? stood,
    DateTimeOffset? expiresAt,
    IReadOnlyList<HeldLine> lines
)
{
    public Guid Id => id;

    public string Owner => owner;

    public string State { get; set; } = stood ?? ReservationState.Held;

    public DateTimeOffset? ExpiresAt => expiresAt;

    public IReadOnlyList<HeldLine> Lines => lines;

    /// <summary>What of its lines it took for bundles.</summary>
    public IReadOnlyList<HeldBundle> Bundles { get; init; } = [];

    /// <summary>What was asked for, by SKU.</summary>
    public Dictionary<string, long> Asked => Expansion.Asked(lines.Select(line => (line.Sku, line.Quantity)), Bundles);

    public bool IsNew => stood is null;

    public bool HasChanged => State != stood;
}

/// <summary>A location as stock is taken from it: lower priorities first, and none from one that is not active.</summary>
readonly record struct Place(string Location, int Priority = 0, bool IsActive = true);

/// <summary>A locked stock row, as it stands and as who locked it leaves it.</summary>
sealed class StockRow(Guid variant, string sku, Place place, StockLevel before)
{
    public Guid Variant => variant;

    public string Sku => sku;

    public Place Place => place;

    public string Location => place.Location;

    /// <summary>There is no such row yet.</summary>
    public bool IsNew { get; init; }

    public StockLevel Before { get; } = before;

    public StockLevel Level { get; private set; } = before;

    public bool HasChanged => Level != Before;

    public void Reserve(long quantity) => Leave(Level with { Reserved = checked(Level.Reserved + quantity) });

    /// <summary>Whether somebody left it, even as it was: a count of nothing is a count.</summary>
    public bool IsLeft { get; private set; }

    public void Leave(StockLevel level) => (Level, IsLeft) = (level, true);
}

/// <summary>The rule: what each wish of a batch gets, one after the other, from rows that are locked. No I/O.</summary>
/// <param name="reservations">Those of the batch's ids that stand.</param>
/// <param name="rows">The stock that the batch is about, in (variant, location) order.</param>
/// <param name="now">What is due and what is offered depends on it.</param>
/// <param name="recipes">Of those SKUs that are bundles.</param>
sealed class Settlement(
    IEnumerable<StandingReservation> reservations,
    IReadOnlyList<StockRow> rows,
    DateTimeOffset now,
    IReadOnlyDictionary<string, Recipe>? recipes = null
)
{
    static readonly Dictionary<string, Recipe> NoBundles = [];
    static readonly IReadOnlyList<string> None = [];

    readonly Dictionary<Guid, StandingReservation> standing = reservations.ToDictionary(r => r.Id);
    readonly ILookup<string, StockRow> bySku = rows.Where(row => row.Place.IsActive)
        .OrderBy(row => row.Place.Priority)
        .ThenBy(row => row.Location, StringComparer.Ordinal)
        .ToLookup(row => row.Sku, StringComparer.Ordinal);
    readonly Dictionary<(Guid, string), StockRow> byPlace = rows.ToDictionary(row => (row.Variant, row.Location));

    public IEnumerable<StandingReservation> Made => standing.Values.Where(r => r.IsNew).OrderBy(r => r.Id);

    public IEnumerable<StandingReservation> Moved =>
        standing.Values.Where(r => r is { IsNew: false, HasChanged: true });

    public IEnumerable<StockRow> Changed => rows.Where(row => row.HasChanged);

    public bool HasChanged => standing.Values.Any(r => r.HasChanged);

    public Settled Settle(Wish wish) =>
        (wish, standing.GetValueOrDefault(wish.Id)) switch
        {
            (Wish.IOwned { Owner: var asker }, { } stands) when asker != stands.Owner => new(
                null,
                None,
                NotYours: true
            ),
            (Wish.Reserve wanted, null) => Hold(wanted),
            (Wish.Reserve wanted, { } stands) => Repeat(wanted, stands),
            (Wish.Release { Owner: var asker }, null) => Record(
                new(wish.Id, asker, null, null, []) { State = ReservationState.Released }
            ),
            (Wish.Release, { } stands) => End(stands, ReservationState.Released),
            (Wish.Commit or Wish.Expire, null) => new(null, None),
            (Wish.Commit, { } stands) => Commit(stands),
            (Wish.Expire, { } stands) => Expire(stands),
            _ => throw new UnreachableException($"Stock does not know {wish}."),
        };

    /// <summary>All lines or none, from where <see cref="Allocation"/> says; of bundles, what they are made of.</summary>
    Settled Hold(Wish.Reserve wanted)
    {
        var expansion = new Expansion(wanted.Demand, recipes ?? NoBundles);
        if (expansion.Unsold.ToList() is { Count: > 0 } unsold)
            return new(null, unsold);
        var missing = new List<string>();
        var taken = new Allocation(bySku, wanted.Split, now).Of(expansion.Needed(), missing);
        if (missing.Count > 0)
            return new(null, expansion.Asking(missing));

        foreach (var line in taken)
            byPlace[(line.Variant, line.Location)].Reserve(line.Quantity);
        return Record(new(wanted.Id, wanted.Owner, null, wanted.ExpiresAt, taken) { Bundles = expansion.Kept });
    }

    static Settled Repeat(Wish.Reserve wanted, StandingReservation stands) =>
        new(stands.State, None, Differs: ReservationState.Holds(stands.State) && !IsSame(wanted, stands));

    static bool IsSame(Wish.Reserve wanted, StandingReservation stands) =>
        stands.Asked is var held
        && wanted.Demand.Count == held.Count
        && held.All(line => wanted.Demand.GetValueOrDefault(line.Key) == line.Value);

    static Settled Commit(StandingReservation stands)
    {
        if (stands.State == ReservationState.Held)
            stands.State = ReservationState.Committed;
        return new(stands.State, None);
    }

    Settled Expire(StandingReservation stands) =>
        stands is { State: ReservationState.Held, ExpiresAt: { } due } && due <= now
            ? End(stands, ReservationState.Expired)
            : new(stands.State, None);

    Settled End(StandingReservation stands, string state)
    {
        if (!ReservationState.Holds(stands.State))
            return new(stands.State, None);
        foreach (var line in stands.Lines)
            if (byPlace.TryGetValue((line.Variant, line.Location), out var row)) // A variant may have gone, its history stays.
                row.Reserve(-line.Quantity);
        stands.State = state;
        return new(state, None);
    }

    Settled Record(StandingReservation made)
    {
        standing.Add(made.Id, made);
        return new(made.State, None);
    }
}
