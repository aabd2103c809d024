using System.Collections.Concurrent;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;

namespace Kontor.Ordering.Tests;

/// <summary>Another service's part, in memory: offers and stock that keep the promises of ICatalog.</summary>
sealed class FakeCatalog : ICatalog
{
    readonly Lock gate = new();
    readonly Dictionary<string, int> stock = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> fewest = new(StringComparer.Ordinal);
    readonly List<(string Sku, long Amount, int Quantity, string? Country)> special = [];
    readonly Dictionary<string, Offer> offers = new(StringComparer.Ordinal);
    readonly Dictionary<Guid, IReadOnlyList<ReservationLine>?> reservations = [];

    public bool IsAway { get; set; }

    /// <summary>The next reservation is made, and its answer is lost on the way.</summary>
    public bool LosesNextAnswer { get; set; }

    public OfferQuestion? LastAsked { get; private set; }

    public ConcurrentQueue<Guid> Asked { get; } = [];

    public string Sells(long amount, int onHand = 100, string currency = "EUR")
    {
        var sku = $"SKU-{Fresh.Id():N}";
        lock (gate)
            stock[sku] = onHand;
        Prices(sku, amount, currency);
        return sku;
    }

    public void Prices(string sku, long amount, string currency = "EUR")
    {
        lock (gate)
            offers[sku] = new(
                sku,
                Fresh.Id(),
                $"Title of {sku}",
                sku.ToLowerInvariant(),
                new(amount, currency),
                "inStock"
            );
    }

    public void Forgets(string sku)
    {
        lock (gate)
            offers.Remove(sku);
    }

    public void Gets(string sku, int pieces)
    {
        lock (gate)
            stock[sku] += pieces;
    }

    /// <summary>The reservations that hold stock now.</summary>
    public IReadOnlySet<Guid> Held()
    {
        lock (gate)
            return reservations.Where(held => held.Value is not null).Select(held => held.Key).ToHashSet();
    }

    /// <summary>The fewest pieces that there ever were.</summary>
    public int Fewest(string sku)
    {
        lock (gate)
            return fewest.GetValueOrDefault(sku, stock[sku]);
    }

    public int Left(string sku)
    {
        lock (gate)
            return stock[sku];
    }

    public Task<IReadOnlyDictionary<string, Offer>> Offers(OfferQuestion question, CancellationToken stop)
    {
        ThrowIfAway();
        LastAsked = question;
        lock (gate)
            return Task.FromResult<IReadOnlyDictionary<string, Offer>>(
                question
                    .Wishes.Where(wish => offers.ContainsKey(wish.Sku))
                    .Select(wish => Seen(offers[wish.Sku], wish, question))
                    .ToDictionary(offer => offer.Sku)
            );
    }

    public Task<ReservationOutcome> Reserve(Reservation wanted, CancellationToken stop)
    {
        ThrowIfAway();
        Asked.Enqueue(wanted.Id);
        lock (gate)
        {
            if (!reservations.TryGetValue(wanted.Id, out var standing))
            {
                var sums = wanted.Lines.GroupBy(line => line.Sku).ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity));
                var missing = sums.Where(sum => stock.GetValueOrDefault(sum.Key) < sum.Value)
                    .Select(sum => sum.Key)
                    .ToList();
                if (missing.Count > 0)
                    return Task.FromResult(new ReservationOutcome(false, missing));
                foreach (var (sku, quantity) in sums)
                {
                    stock[sku] -= quantity;
                    fewest[sku] = Math.Min(stock[sku], fewest.GetValueOrDefault(sku, int.MaxValue));
                }
                reservations[wanted.Id] = wanted.Lines;
            }
            else if (standing is null)
                return Task.FromResult(new ReservationOutcome(false, [], Released: true));
        }
        if (!LosesNextAnswer)
            return Task.FromResult(new ReservationOutcome(true, []));
        LosesNextAnswer = false;
        throw new HttpRequestException("The answer was lost.");
    }

    public Task Release(Guid reservation, CancellationToken stop)
    {
        ThrowIfAway();
        lock (gate)
        {
            foreach (var line in reservations.GetValueOrDefault(reservation) ?? [])
                stock[line.Sku] += line.Quantity;
            reservations[reservation] = null;
        }
        return Task.CompletedTask;
    }

    /// <summary>Whoever buys this many pieces, or has them sent there, pays this for each; the last that was said wins.</summary>
    public void Prices(string sku, long amount, int quantity, string? country = null)
    {
        lock (gate)
            special.Add((sku, amount, quantity, country));
    }

    Offer Seen(Offer offer, OfferWish wish, OfferQuestion question) =>
        offer with
        {
            Price = offer.Price?.Currency == question.Currency ? PriceOf(offer.Price.Value, wish, question) : null,
            Availability = stock[offer.Sku] > 0 ? "inStock" : "outOfStock",
        };

    Money PriceOf(Money usual, OfferWish wish, OfferQuestion question) =>
        special
            .Where(s => s.Sku == wish.Sku && s.Quantity <= wish.Quantity)
            .Where(s => s.Country is null || s.Country == question.Country)
            .Select(s => usual with { Amount = s.Amount })
            .LastOrDefault(usual);

    void ThrowIfAway()
    {
        if (IsAway)
            throw new HttpRequestException("Catalog is away.");
    }
}
